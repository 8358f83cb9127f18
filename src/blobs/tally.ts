import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'

/** Counts and hashes bytes as they pass. */
export function tally() {
  const sha256 = createHash('sha256')
  const sha512 = createHash('sha512')
  const md5 = createHash('md5')
  let sizeBytes = 0
  return {
    sizeBytes: () => sizeBytes,
    add(bytes: Uint8Array) {
      sizeBytes += bytes.length
      for (const hash of [sha256, sha512, md5]) hash.update(bytes)
    },
    /** Once, at the end. */
    result: () => ({
      sizeBytes,
      sha256: sha256.digest('hex'),
      sha512: sha512.digest('hex'),
      md5: md5.digest('hex'),
    }),
  }
}

/** The pieces of a stream as bytes. @throws TypeError when it is a stream of objects. */
export async function* bytesOf(stream: Readable): AsyncGenerator<Uint8Array> {
  const pieces: AsyncIterable<unknown> = stream
  for await (const piece of pieces) {
    if (piece instanceof Uint8Array) yield piece
    else if (typeof piece === 'string') yield Buffer.from(piece)
    else throw new TypeError('a blob is made of bytes')
  }
}

/** The tally of a whole stream. */
export async function tallyOf(stream: Readable) {
  const count = tally()
  for await (const bytes of bytesOf(stream)) count.add(bytes)
  return count.result()
}
