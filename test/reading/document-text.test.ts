import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { readDocument } from '../../src/reading/document-text.ts'
import type { DocumentFacts } from '../../src/reading/facts.ts'
import { sniffBytes } from '../../src/reading/sniff.ts'
import { coreProperties, docxOf, openDocumentOf, pdfOfWords } from '../helpers/documents.ts'
import { temporaryFolder, type TemporaryFolder } from '../helpers/folders.ts'
import { zipOf, zipOfTexts, type ZipPart } from '../helpers/zips.ts'

let folder: TemporaryFolder
before(async () => (folder = await temporaryFolder()))
after(() => folder.remove())

/** Reads a document as what its bytes say it is. */
async function read(bytes: Buffer, format: string, declared: string | null = null) {
  assert.equal(sniffBytes(bytes.subarray(0, 8_192), declared).format, format)
  const path = join(folder.path, 'document')
  await writeFile(path, bytes)
  return readDocument(path, format)
}

const facts = (text: string, title: string | null = null, author: string | null = null): DocumentFacts => ({
  title,
  author,
  text,
})

describe('PDF', () => {
  test('pages, title and author; words divided at the end of a line', async () => {
    const pages = [['Tide tables of the harb-', 'our, by hand'], ['High \\water (spring)'], []]
    const pdf = pdfOfWords({ pages, title: 'Tide  tables', author: 'Ada Quay' })
    assert.deepEqual(
      await read(pdf, 'pdf'),
      facts('Tide tables of the harbour, by hand\nHigh \\water (spring)', 'Tide tables', 'Ada Quay'),
    )
  })

  test('without the table of what is where, as programs that mend files read it', async () => {
    const pdf = pdfOfWords({ pages: [['Salt and bread']] }).toString('latin1').replace(/startxref\n\d+/, 'startxref\n7') // prettier-ignore
    assert.equal((await read(Buffer.from(pdf, 'latin1'), 'pdf'))?.text, 'Salt and bread')
  })

  test('a page that is damaged does not hide the others', async () => {
    const pdf = pdfOfWords({ pages: [['One'], ['Two']] }).toString('latin1')
    const empty = pdf.replace('/Kids[5 0 R', '/Kids[3 0 R')
    assert.equal((await read(Buffer.from(empty, 'latin1'), 'pdf'))?.text, 'Two')
    const missing = pdf.replace('/Kids[5 0 R 7 0 R]/Count 2', '/Kids[5 0 R 99 0 R 7 0 R]/Count 3')
    assert.equal((await read(Buffer.from(missing, 'latin1'), 'pdf'))?.text, 'One')
  })

  test('no more text than is searched', async () => {
    const line = 'herring '.repeat(5)
    const pages = Array.from({ length: 110 }, () => Array.from({ length: 25 }, () => line))
    assert.equal((await read(pdfOfWords({ pages }), 'pdf'))?.text.length, 100_000)
  })
})

describe('Office Open XML', () => {
  test('a text: paragraphs, tabs, cells, notes and headers, without what was deleted or is shown twice', async () => {
    const body = `<w:p><w:r><w:t>The quay </w:t></w:r><w:r><w:t xml:space="preserve">&amp; the b</w:t></w:r><w:r><w:t>oat</w:t></w:r></w:p>
      <w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>
      <w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>
      <mc:AlternateContent><mc:Choice><w:p><w:r><w:t>boxed</w:t></w:r></w:p></mc:Choice><mc:Fallback><w:p><w:r><w:t>boxed</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>`
    const part = (name: string, text: string): ZipPart => ({ name, bytes: `<w:x><w:t>${text}</w:t></w:x>` })
    const docx = docxOf(body, [
      part('word/header1.xml', 'on top'),
      part('word/footnotes.xml', 'below'),
      part('word/styles.xml', 'Normal'),
      coreProperties('Boats', 'Ada'),
    ])
    assert.deepEqual(
      await read(docx, 'docx'),
      facts('The quay & the boat\none two\nthree\nboxed\nbelow\non top', 'Boats', 'Ada'),
    )
  })

  test('a sheet: names, shared and own texts, numbers', async () => {
    const xlsx = zipOfTexts({
      'xl/workbook.xml': '<workbook><sheets><sheet name="Catch 2026"/></sheets></workbook>',
      'xl/worksheets/sheet10.xml': '<x><c t="inlineStr"><is><t>last</t></is></c></x>',
      'xl/worksheets/sheet1.xml': `<x><sheetData><row><c t="s"><v>77</v></c><c><f>A1*2</f><v>48213</v></c></row>
        <row><c t="str"><v>sum</v></c><c t="b"><v>1</v></c></row></sheetData></x>`,
      'xl/sharedStrings.xml':
        '<sst><si><r><t>her</t></r><r><t>ring</t></r><rPh><t>heringu</t></rPh></si><si><t>cod</t></si></sst>',
    })
    assert.equal((await read(xlsx, 'xlsx'))?.text, 'Catch 2026\nherring\ncod\n48213\nsum\nlast')
  })

  test('slides in their order, and their notes', async () => {
    const slide = (text: string) => `<p:sld><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:sld>`
    const pptx = zipOfTexts({
      'ppt/slides/slide10.xml': slide('ten'),
      'ppt/slides/slide2.xml': slide('two'),
      'ppt/slides/slide1.xml': slide('one'),
      'ppt/notesSlides/notesSlide1.xml': slide('say this'),
      'ppt/slideLayouts/slideLayout1.xml': slide('Click to edit'),
    })
    assert.equal((await read(pptx, 'pptx'))?.text, 'one\ntwo\nten\nsay this')
  })

  test('in UTF-16', async () => {
    const text = '\uFEFF<?xml version="1.0" encoding="UTF-16"?><w:p><w:t>größer – wal</w:t></w:p>'
    const docx = zipOf([{ name: 'word/document.xml', bytes: Buffer.from(text, 'utf16le') }])
    assert.equal((await read(docx, 'docx'))?.text, 'größer – wal')
  })
})

describe('OpenDocument', () => {
  const meta = {
    name: 'meta.xml',
    bytes:
      '<office:document-meta xmlns:office="o" xmlns:dc="d"><office:meta><dc:title>Nets</dc:title><dc:creator>Bo</dc:creator></office:meta></office:document-meta>',
  }
  test('a text, without what was deleted and who commented', async () => {
    const body = `<office:text><text:tracked-changes><text:deletion><text:p>gone</text:p></text:deletion></text:tracked-changes>
      <text:h>Nets</text:h><text:p>of<text:s text:c="3"/>hemp<text:tab/>or<text:line-break/>cot<text:span>ton</text:span>
      <office:annotation><dc:creator>Cy</dc:creator><dc:date>2026</dc:date><text:p>why?</text:p></office:annotation></text:p></office:text>`
    assert.deepEqual(
      await read(openDocumentOf('text', body, [meta]), 'odt'),
      facts('Nets\nof hemp or\ncotton\nwhy?', 'Nets', 'Bo'),
    )
  })

  test('a sheet and slides', async () => {
    const cell = (text: string) => `<table:table-cell><text:p>${text}</text:p></table:table-cell>`
    const sheet = `<table:table table:name="Catch"><table:table-row>${cell('cod')}${cell('12')}</table:table-row></table:table>`
    assert.equal((await read(openDocumentOf('spreadsheet', sheet), 'ods'))?.text, 'Catch\ncod\n12')
    const slides = '<draw:page><text:p>one</text:p></draw:page><draw:page><text:p>two</text:p></draw:page>'
    assert.equal((await read(openDocumentOf('presentation', slides), 'odp'))?.text, 'one\ntwo')
  })
})

describe('EPUB', () => {
  const container = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
  const book = `<package xmlns:dc="d"><metadata><dc:title>The Quay</dc:title><dc:creator>Ada</dc:creator></metadata>
    <manifest><item id="b" href="text/two%20b.xhtml"/><item id="a" href="one.xhtml"/><item id="c" href="locked.xhtml"/>
    <item id="d" href="../../../etc/passwd"/><item id="e" href="https://example.org/x"/></manifest>
    <spine><itemref idref="a"/><itemref idref="b"/><itemref idref="c"/><itemref idref="d"/><itemref idref="e"/><itemref idref="none"/></spine></package>`
  const chapter = (text: string) =>
    `<html><head><title/><style>p { }</style></head><body><script>x()</script>${text}</body></html>`

  test('chapters in the order of reading, without those that are locked', async () => {
    const epub = zipOf([
      { name: 'mimetype', bytes: 'application/epub+zip', method: 0 },
      { name: 'META-INF/container.xml', bytes: container },
      {
        name: 'META-INF/encryption.xml',
        bytes: '<e><CipherData><CipherReference URI="OEBPS/locked.xhtml"/></CipherData></e>',
      },
      { name: 'OEBPS/book.opf', bytes: book },
      { name: 'OEBPS/text/two b.xhtml', bytes: chapter('<p>Two&nbsp;boats<br/>home</p>') },
      { name: 'OEBPS/one.xhtml', bytes: chapter('<h1>One</h1><p>quay</p>') },
      { name: 'OEBPS/locked.xhtml', bytes: chapter('<p>never</p>') },
      { name: 'etc/passwd', bytes: chapter('<p>an entry like others</p>') },
    ])
    assert.deepEqual(
      await read(epub, 'epub'),
      facts('One\nquay\nTwo boats\nhome\nan entry like others', 'The Quay', 'Ada'),
    )
  })

  test('no book in it', async () => {
    const epub = zipOf([{ name: 'mimetype', bytes: 'application/epub+zip', method: 0 }, { name: 'x', bytes: '' }]) // prettier-ignore
    assert.equal(await read(epub, 'epub'), null)
  })
})

describe('RTF', () => {
  const cases: [name: string, rtf: string, expected: DocumentFacts][] = [
    [
      'words, lines and signs',
      String.raw`{\rtf1\ansi\deff0{\fonttbl{\f0 Times;}}{\colortbl;\red1;}\f0\b Tide\b0  tables\par one\tab two\line \ldblquote three\rdblquote\~\{x\}}`,
      facts('Tide tables\none two\n“three” {x}'),
    ],
    ['signs of Windows', String.raw`{\rtf1\ansi it\'92s \'96 so}`, facts('it’s – so')],
    [
      'title and author',
      String.raw`{\rtf1{\info{\title Nets \'e9}{\author Bo}{\company Quay}}text}`,
      facts('text', 'Nets é', 'Bo'),
    ],
    [
      'other characters',
      String.raw`{\rtf1\ansicpg1251 \'ef\'f0\'e8 \u8211 ?x \u55357\'3f\u56832\'3f {\uc0\u233}t\uc2\u233??!}`,
      facts('при –x 😀 été!'),
    ],
    [
      'two bytes a character',
      String.raw`{\rtf1\ansicpg932 \'8b\'9b}`,
      facts('魚'),
    ],
    [
      'what is not text',
      `{\\rtf1 a{\\*\\generator X;}{\\pict ffd8ffe0}{\\*\\bkmkstart y}\\bin5 }{\\}}b{\\field{\\*\\fldinst HYPERLINK "x"}{\\fldrslt link}}}`,
      facts('ablink'),
    ],
    ['braces without end', String.raw`{\rtf1 {{{ {\b x`, facts('x')],
  ] // prettier-ignore
  for (const [name, rtf, expected] of cases)
    test(name, async () => assert.deepEqual(await read(Buffer.from(rtf, 'latin1'), 'rtf'), expected))
})

describe('plain texts and pages', () => {
  const cases: [name: string, bytes: Buffer, text: string][] = [
    ['UTF-8', Buffer.from('größer\n\n\n  – wal'), 'größer\n– wal'],
    ['UTF-8 with a mark', Buffer.from('\uFEFFgrößer'), 'größer'],
    ['UTF-16', Buffer.from('\uFEFFgrößer', 'utf16le'), 'größer'],
    ['Windows’ Western characters', Buffer.from('gr\xf6\xdfer \x96 wal', 'latin1'), 'größer – wal'],
    ['a character cut in two', Buffer.from('größer ü').subarray(0, -1), 'größer'],
  ]
  for (const [name, bytes, text] of cases)
    test(name, async () => assert.deepEqual(await read(bytes, 'txt'), facts(text)))

  test('HTML of a file', async () => {
    const html = Buffer.from(
      '<!doctype html><title>Nets &amp; more</title><style>p{}</style><p>One<p>t<b>w</b>o<script>no()</script>',
    )
    // Without a body there is nothing that text could be told from titles by.
    assert.deepEqual(await read(html, 'html'), facts('', 'Nets & more'))
    const whole = Buffer.from(`<html><head><title>Nets</title></head><body><p>One<p>t<b>w</b>o<script>no()</script></body>`) // prettier-ignore
    assert.deepEqual(await read(whole, 'html'), facts('One\ntwo', 'Nets'))
  })
})

describe('what has no text', () => {
  const docx = docxOf('<w:p><w:t>word</w:t></w:p>')
  const cases: [name: string, bytes: Buffer, format: string][] = [
    ['a document cut short', docx.subarray(0, docx.length - 40), 'docx'],
    ['a PDF cut short', pdfOfWords({ pages: [['x']] }).subarray(0, 40), 'pdf'],
    ['an empty PDF', Buffer.from('%PDF-1.7\n'), 'pdf'],
    ['an old document', Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'.padEnd(600, '\0'), 'latin1'), 'doc'],
    ['an archive', zipOfTexts({ 'a.txt': 'words' }), 'zip'],
    ['PostScript', Buffer.from('%!PS\n(words) show'), 'ps'],
    ['a locked document', zipOf([{ name: 'word/document.xml', bytes: '<t>x</t>', flags: 0x801 }]), 'docx'],
  ]
  for (const [name, bytes, format] of cases)
    test(name, async () => assert.equal(await read(bytes, format), null))

  test('a file that is not there is no such document', async () => {
    await assert.rejects(readDocument(join(folder.path, 'nothing'), 'txt'), { code: 'ENOENT' })
  })
})
