import { readFile } from 'node:fs/promises'
import { lineOf } from './document.ts'
import type { DocumentFacts } from './facts.ts'
import { KeptText } from './kept-text.ts'

/** What is used of pdf.js, whose own types need a package that is not here. */
interface Pdf {
  numPages: number
  getMetadata: () => Promise<{ info: object }>
  getPage: (
    number: number,
  ) => Promise<{ streamTextContent: () => ReadableStream<unknown>; cleanup: () => void }>
}

const mostPages = 5_000

/** The text of a PDF in the order its pages write it. @throws Error for a file that is damaged or needs a password. */
export async function readPdf(path: string): Promise<DocumentFacts> {
  const { getDocumentProxy } = await import('unpdf')
  const bytes = new Uint8Array(await readFile(path))
  // Nothing is drawn, and nothing is told the console.
  const options = { disableFontFace: true, useSystemFonts: false, verbosity: 0 }
  const pdf = (await getDocumentProxy(bytes, options)) as Pdf
  const { info } = await pdf.getMetadata()
  const kept = new KeptText()
  for (let page = 1; page <= Math.min(pdf.numPages, mostPages) && !kept.isFull; page += 1) {
    // One damaged page says nothing of the others.
    await addPage(pdf, page, kept).catch(() => undefined)
    kept.end()
  }
  return { title: said(info, 'Title'), author: said(info, 'Author'), text: joinWords(kept.toString()) }
}

/** As the page says it, piece by piece: it may go on for ever. */
async function addPage(pdf: Pdf, number: number, kept: KeptText): Promise<void> {
  const page = await pdf.getPage(number)
  const pieces = page.streamTextContent().getReader()
  for (;;) {
    const { done, value } = await pieces.read()
    if (done) break
    kept.add(textIn(value))
    if (!kept.isFull) continue
    await pieces.cancel(new Error('enough'))
    break
  }
  page.cleanup()
}

function textIn(content: unknown): string {
  if (typeof content !== 'object' || content === null || !('items' in content)) return ''
  if (!Array.isArray(content.items)) return ''
  return content.items
    .map((item: { str?: string; hasEOL?: boolean }) => (item.str ?? '') + (item.hasEOL ? '\n' : ''))
    .join('')
}

/** Puts words together that were divided at the end of a line. */
const joinWords = (text: string) => text.replaceAll(/(\p{L})[-\u00AD\u2010]\n(?=\p{Ll})/gu, '$1')

function said(info: object, name: 'Title' | 'Author'): string | null {
  const value: unknown = Object.entries(info).find(([key]) => key === name)?.[1]
  return typeof value === 'string' ? lineOf(value, 500) : null
}
