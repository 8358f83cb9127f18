import type { DocumentFacts } from './facts.ts'
import { KeptText } from './kept-text.ts'
import { addMarkup, firstTexts, type Vocabulary } from './markup-text.ts'
import type { Zip } from './zip-entries.ts'

/** Where the text is in the archive of one format, in the order it is wanted, and how it is written. */
interface Format {
  parts: readonly RegExp[]
  language: Vocabulary
  /** Title and author. */
  about: string
}

const names = (list: string) => new Set(list.split(' '))

/** ECMA-376: WordprocessingML, SpreadsheetML and PresentationML call a run of text `t`, each in its own namespace. */
const openXml: Vocabulary = {
  inside: names('t v'),
  // The second of two ways to show a thing; how a word is read aloud; cells that hold numbers of other cells' texts.
  skips: (name, { t: type = '' }) =>
    name === 'Fallback' || name === 'rPh' || (name === 'c' && ['s', 'b', 'e'].includes(type)),
  lines: names('p br cr si row comment'),
  spaces: names('tab tc c'),
  says: (name, { name: said }) => (name === 'sheet' ? said : undefined),
}

const unsaid = names('tracked-changes binary-data script scripts creator date')

/** OpenDocument 1.3, part 3, "Text Content". */
const openDocument: Vocabulary = {
  inside: names('body'),
  // Text that was taken out, pictures as text, and who wrote a comment when.
  skips: (name) => unsaid.has(name),
  lines: names('p h line-break table-row page'),
  spaces: names('s tab table-cell'),
  says: (name, { 'table:name': said }) => (name === 'table' ? said : undefined),
}

const core = 'docProps/core.xml'
const openDocumentFormat: Format = {
  parts: [/^content\.xml$/],
  language: openDocument,
  about: 'meta.xml',
}

const formats: Readonly<Record<string, Format>> = {
  docx: {
    parts: [
      /^word\/document\d*\.xml$/,
      /^word\/(foot|end)notes\d*\.xml$/,
      /^word\/comments\d*\.xml$/,
      /^word\/(header|footer)\d*\.xml$/,
    ],
    language: openXml,
    about: core,
  },
  xlsx: {
    parts: [
      /^xl\/workbook\.xml$/,
      /^xl\/sharedStrings\.xml$/,
      /^xl\/worksheets\/sheet\d+\.xml$/,
      /^xl\/comments\d*\.xml$/,
    ],
    language: openXml,
    about: core,
  },
  pptx: {
    parts: [/^ppt\/slides\/slide\d+\.xml$/, /^ppt\/notesSlides\/notesSlide\d+\.xml$/],
    language: openXml,
    about: core,
  },
  odt: openDocumentFormat,
  ods: openDocumentFormat,
  odp: openDocumentFormat,
  odg: openDocumentFormat,
}

export const officeFormats: readonly string[] = Object.keys(formats)

/** The text of an office document. @throws ZipError, also where an OpenDocument file is locked with a password. */
export async function readOffice(zip: Zip, name: string): Promise<DocumentFacts | null> {
  const format = formats[name]
  if (!format) return null
  const { title, creator } = await readAbout(zip, format.about)
  const kept = new KeptText()
  for (const entry of format.parts.flatMap((pattern) => partsOf(zip, pattern))) {
    if (kept.isFull) break
    await addMarkup(await zip.open(entry), format.language, kept)
    kept.end()
  }
  return { title, author: creator, text: kept.toString() }
}

/** `slide2.xml` is before `slide10.xml`. */
function partsOf(zip: Zip, pattern: RegExp) {
  const number = (name: string) => Number(/(\d+)\.xml$/.exec(name)?.[1] ?? 0)
  return zip.entries
    .filter(({ name }) => pattern.test(name))
    .toSorted((a, b) => number(a.name) - number(b.name))
}

async function readAbout(zip: Zip, name: string) {
  const entry = zip.entries.find((one) => one.name === name)
  return entry ? firstTexts(await zip.open(entry), ['title', 'creator']) : { title: null, creator: null }
}
