import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** A line of the file, or why it could not be read as one. Numbers count from 1, empty lines included. */
export type TextLine = { number: number; text: string } | { number: number; problem: string }

/** An item may hold a large `content`; nothing needs more. Longer lines are skipped without being held. */
export const longestLineBytes = 8 * 1024 ** 2

const newline = 10
const byteOrderMark = '\ufeff'

/** The bytes of a file, unpacked when it is gzip (told by its first two bytes). */
export async function openText(path: string): Promise<Readable> {
  const file = await open(path, 'r')
  let isGzip: boolean
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    isGzip = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
  const bytes = createReadStream(path, { highWaterMark: 256 * 1024 })
  // `pipeline` hands an error of the file on to who reads; its callback is for nothing else here.
  return isGzip ? pipeline(bytes, createGunzip(), () => {}) : bytes
}

/**
 * The lines of a stream of UTF-8, one at a time and without their ends. Empty lines are counted and left out.
 *
 * @throws the stream's own error: a damaged gzip file, a disk that fails.
 */
export async function* textLines(source: Readable): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const finish = (number: number, parts: readonly Buffer[], length: number): TextLine | null => {
    if (length > longestLineBytes) return { number, problem: `is longer than ${longestLineBytes} bytes` }
    const text = decode(decoder, Buffer.concat(parts))
    if (text === null) return { number, problem: 'is not UTF-8' }
    const line = number === 1 && text.startsWith(byteOrderMark) ? text.slice(1) : text
    return line.trim() === '' ? null : { number, text: line }
  }

  let number = 1
  let parts: Buffer[] = []
  let length = 0
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let from = 0
    for (;;) {
      const end = chunk.indexOf(newline, from)
      const part = chunk.subarray(from, end === -1 ? chunk.length : end)
      length += part.length
      if (length <= longestLineBytes) parts.push(part)
      else parts = []
      if (end === -1) break
      const line = finish(number, parts, length)
      if (line) yield line
      number += 1
      parts = []
      length = 0
      from = end + 1
    }
  }
  const last = finish(number, parts, length)
  if (last) yield last
}

function decode(decoder: TextDecoder, bytes: Buffer): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}
