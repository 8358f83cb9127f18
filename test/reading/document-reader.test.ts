import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { deflateRawSync, deflateSync } from 'node:zlib'
import { openDocumentReader, type DocumentReaderOptions } from '../../src/reading/document-reader.ts'
import type { DocumentFacts } from '../../src/reading/facts.ts'
import { docxOf, pdfOf, pdfOfWords, pdfStream } from '../helpers/documents.ts'
import { temporaryFolder, type TemporaryFolder } from '../helpers/folders.ts'
import { pageWorker } from '../helpers/page-worker.ts'
import { zipOf } from '../helpers/zips.ts'

let folder: TemporaryFolder
before(async () => (folder = await temporaryFolder()))
after(() => folder.remove())

/** Processes that this one has started for reading. */
function readers(): number[] {
  const isReader = (pid: string) => {
    try {
      const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('page-worker')
    } catch {
      return false
    }
  } // prettier-ignore
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isReader(name))
    .map(Number)
}

const good = docxOf('<w:p><w:t>still standing</w:t></w:p>')
let files = 0
async function kept(bytes: Buffer): Promise<string> {
  const path = join(folder.path, `${(files += 1)}`)
  await writeFile(path, bytes)
  return path
}

/** Reads documents that are out to do harm, and a good one after them; nothing of them is left. */
async function survive(documents: readonly Buffer[], options: Partial<DocumentReaderOptions> = {}) {
  const reader = openDocumentReader({ ...pageWorker, ...options })
  try {
    const found: (DocumentFacts | null)[] = []
    for (const bytes of documents) found.push(await reader.readDocument(await kept(bytes), null))
    assert.deepEqual(readers(), [])
    assert.equal((await reader.readDocument(await kept(good), null))?.text, 'still standing')
    return found
  } finally {
    await reader.close()
  }
}

const page = (contents: string, more = '') =>
  `<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Resources<</Font<</F1 4 0 R>>${more}>>/Contents ${contents}>>`
const pdfPage = (contents: string, ...objects: (string | Buffer)[]) =>
  pdfOf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    page(contents, '/XObject<</X 5 0 R>>'),
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    ...objects,
  ])

describe('documents that are out to do harm', () => {
  test('an archive that unpacks to more than there is room for', async () => {
    const gigabyte = deflateRawSync(Buffer.alloc(300 * 1024 ** 2, ' '))
    const bomb = zipOf([
      { name: 'word/document.xml', bytes: gigabyte, method: 8, isPacked: true, sizeBytes: 300 * 1024 ** 2 },
    ])
    const liar = zipOf([{ name: 'word/document.xml', bytes: gigabyte, isPacked: true, sizeBytes: 1_000 }])
    assert.deepEqual(await survive([bomb, liar]), [null, null])
  })

  test('entities that name each other, and names that end nowhere', async () => {
    const levels = Array.from({ length: 30 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`)
    const laughs = `<?xml version="1.0"?><!DOCTYPE w:document [<!ENTITY l0 "lol"><!ENTITY f SYSTEM "file:///etc/passwd">${levels.join('')}]>
      <w:document><w:t>before &l30; &f; after</w:t></w:document>`
    const [facts] = await survive([zipOf([{ name: 'word/document.xml', bytes: laughs }])])
    assert.deepEqual(facts, { title: null, author: null, text: 'before &l30; &f; after' })
    const deep = '<w:p>'.repeat(500_000)
    const endless = zipOf([{ name: 'word/document.xml', bytes: `${deep}<w:t>deep</w:t>` }])
    assert.deepEqual(await survive([endless], { documentTimeoutMs: 3_000 }), [null])
  })

  test('a locked PDF', async () => {
    const locked =
      '/Encrypt<</Filter/Standard/V 1/R 2/O<' +
      '28'.repeat(32) +
      '>/U<' +
      '11'.repeat(32) +
      '>/P -4>>/ID[<00><00>]'
    const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', page('5 0 R'), '<<>>', pdfStream('BT (x) Tj ET')] // prettier-ignore
    assert.deepEqual(await survive([pdfOf(objects, locked)]), [null])
  })

  test('a PDF whose pages, forms and streams lead to themselves', async () => {
    const loops = [
      pdfOf(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>']),
      pdfOf(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1000000000>>', page('3 0 R')]),
      pdfPage(
        '6 0 R',
        pdfStream('/X Do /X Do', '/Type/XObject/Subtype/Form/Resources<</XObject<</X 5 0 R>>>>'),
        pdfStream('/X Do'),
      ),
      pdfPage('6 0 R', '5 0 R', '<</Length 6 0 R>>\nstream\nBT\nendstream'),
      pdfPage('7 0 R', '<</Type/ObjStm/N 9/First 0/Length 5 0 R/Extends 5 0 R>>\nstream\n7 0\nendstream'),
      Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(300_000, '['), Buffer.from('\n%%EOF')]),
      Buffer.from(
        `%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer<</Prev 9/Size 1>>\nstartxref\n9\n%%EOF\n`,
      ),
    ]
    for (const facts of await survive(loops, { documentTimeoutMs: 5_000 }))
      assert.equal(facts?.text ?? '', '')
  })

  test('a PDF that goes on for ever is given up when its time is over', async () => {
    const pdf = pdfPage('5 0 R', pdfStream('q Q '.repeat(20_000_000)))
    assert.deepEqual(await survive([pdf], { documentTimeoutMs: 3_000 }), [null])
  })

  test('a PDF that unpacks to more than there is memory', async () => {
    const twice = deflateSync(deflateSync(Buffer.alloc(1024 ** 3)))
    const head = `<</Length ${twice.length}/Filter[/FlateDecode/FlateDecode]>>\nstream\n`
    const bomb = Buffer.concat([Buffer.from(head), twice, Buffer.from('\nendstream')])
    let peakKilobytes = 0
    const watching = setInterval(
      () => (peakKilobytes = Math.max(peakKilobytes, ...readers().map(peakOf))),
      20,
    )
    try {
      const [facts] = await survive([pdfPage('5 0 R', bomb)], { documentMemoryBytes: 900 * 1024 ** 2 })
      assert.equal(facts?.text ?? '', '')
    } finally {
      clearInterval(watching)
    }
    assert.ok(peakKilobytes > 0 && peakKilobytes < 1_200 * 1024, `${peakKilobytes}`)
  })
})

/** The most memory that a process has had, in KiB; 0 when it is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

test('closing ends what is being read', async () => {
  const reader = openDocumentReader(pageWorker)
  const reading = [await kept(pdfOfWords({ pages: [['x']] })), await kept(good)].map((path) =>
    assert.rejects(reader.readDocument(path, null), { name: 'ChildFailure', kind: 'stopped' }),
  )
  while (readers().length === 0) await new Promise((resolve) => setImmediate(resolve))
  await reader.close()
  await Promise.all(reading)
  assert.deepEqual(readers(), [])
})
