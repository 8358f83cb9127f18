import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { bytesOf } from './pieces.ts'

/** Counts and hashes bytes as they pass. */
export function tally() {
  const sha256 = createHash('sha256')
  const sha512 = createHash('sha512')
  const md5 = createHash('md5')
  let sizeBytes = 0
  return {
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

/** The tally of a whole stream. */
export async function tallyOf(stream: Readable) {
  const count = tally()
  for await (const bytes of bytesOf(stream)) count.add(bytes)
  return count.result()
}

/** The address of the bytes of a whole stream. */
export async function sha256Of(stream: Readable): Promise<string> {
  const sha256 = createHash('sha256')
  for await (const bytes of bytesOf(stream)) sha256.update(bytes)
  return sha256.digest('hex')
}
