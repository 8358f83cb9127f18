import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { decodePlain, readHtmlBytes } from './decode-html.ts'
import { htmlText, readEpub } from './epub-text.ts'
import type { DocumentFacts } from './facts.ts'
import { KeptText } from './kept-text.ts'
import { addMarkup, firstTexts } from './markup-text.ts'
import { officeFormats, readOffice } from './office-text.ts'
import { readPdf } from './pdf-text.ts'
import { readRtf } from './rtf-text.ts'
import { openZip, type Zip, type ZipLimits } from './zip-entries.ts'

const zipLimits: ZipLimits = {
  maxEntries: 20_000,
  maxEntryBytes: 256 * 1024 * 1024,
  maxTotalBytes: 256 * 1024 * 1024,
}
/** Of a file that is read as one text; what comes after is not read. */
const rtfBytes = 16 * 1024 * 1024

/**
 * Reads the text of a document. It can be made to take for ever, so it runs in a process of its own.
 *
 * @param format As `sniffBytes` says it.
 * @returns Null for a file that is damaged, locked with a password, or not of its format.
 * @throws Error of the disk.
 */
export async function readDocument(path: string, format: string): Promise<DocumentFacts | null> {
  try {
    return await read(path, format)
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw error
    return null
  }
}

async function read(path: string, format: string): Promise<DocumentFacts | null> {
  switch (format) {
    case 'pdf':
      return readPdf(path)
    case 'epub':
      return withZip(path, readEpub)
    case 'rtf':
      return readRtf((await startOf(path, rtfBytes)).toString('latin1'))
    case 'html':
      return readHtml(path)
    case 'txt':
      return readPlain(await startOf(path, readHtmlBytes))
  }
  return officeFormats.includes(format) ? withZip(path, (zip) => readOffice(zip, format)) : null
}

async function withZip<T>(path: string, use: (zip: Zip) => Promise<T>): Promise<T> {
  await using zip = await openZip(path, zipLimits)
  return await use(zip)
}

async function readHtml(path: string): Promise<DocumentFacts> {
  const kept = new KeptText()
  const start = () => createReadStream(path, { end: readHtmlBytes - 1 })
  const { title } = await firstTexts(start(), ['title'])
  await addMarkup(start(), htmlText, kept)
  return { title, author: null, text: kept.toString() }
}

function readPlain(bytes: Buffer): DocumentFacts {
  const kept = new KeptText()
  kept.add(decodePlain(bytes))
  return { title: null, author: null, text: kept.toString() }
}

async function startOf(path: string, most: number): Promise<Buffer> {
  await using file = await open(path)
  const bytes = Buffer.alloc(Math.min(most, (await file.stat()).size))
  let length = 0
  while (length < bytes.length) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return bytes.subarray(0, length)
}
