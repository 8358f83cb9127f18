import type { Readable } from 'node:stream'
import { BlobTooLarge } from './blobs.ts'

/** What is read from a file at once: enough that the steps between cost little beside the hashing. */
export const pieceBytes = 256 * 1024
/** What is gathered of a stream before it is written. Every upload holds that much, however slowly it comes. */
const gatheredBytes = 128 * 1024

/** The pieces of a stream as bytes. @throws TypeError when it is a stream of objects. */
export async function* bytesOf(stream: Readable): AsyncGenerator<Uint8Array> {
  const pieces: AsyncIterable<unknown> = stream
  for await (const piece of pieces) {
    if (piece instanceof Uint8Array) yield piece
    else if (typeof piece === 'string') yield Buffer.from(piece)
    else throw new TypeError('a blob is made of bytes')
  }
}

/** The bytes of a stream in pieces of about {@link gatheredBytes}. @throws BlobTooLarge as soon as there are too many. */
export async function* inPieces(source: Readable, maxBytes: number): AsyncGenerator<Uint8Array> {
  let gathered: Uint8Array[] = []
  let waiting = 0
  let total = 0
  for await (const bytes of bytesOf(source)) {
    total += bytes.length
    if (total > maxBytes) throw new BlobTooLarge(maxBytes)
    gathered.push(bytes)
    waiting += bytes.length
    if (waiting < gatheredBytes) continue
    yield joined(gathered)
    gathered = []
    waiting = 0
  }
  if (waiting > 0) yield joined(gathered)
}

const joined = (parts: Uint8Array[]) => (parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts))
