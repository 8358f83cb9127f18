import { createHash } from 'node:crypto'
import type { Db } from '../database/open.ts'
import type { ItemRow } from './rows.ts'
import { hashesOfBlobs } from './store/media-hashes.ts'

/** What copies are known by: the MD5 in lower-case hex and the length in bytes, written together. */
export function hashOfText(text: string): string {
  return `${createHash('md5').update(text).digest('hex')}${Buffer.byteLength(text)}`
}

/**
 * The hashes of items by their ids: of the original, or of the address or text where there is none. Items of neither
 * have no key.
 */
export async function mediaHashesOf(db: Db, items: readonly ItemRow[]): Promise<Map<number, string>> {
  const blobs = await hashesOfBlobs(
    db,
    items.flatMap(({ media_hash, blob_sha256 }) =>
      media_hash === null && blob_sha256 !== null ? [blob_sha256] : [],
    ),
  )
  return new Map(
    items.flatMap(({ id, media_hash, blob_sha256 }) => {
      const hash = media_hash ?? blobs.get(blob_sha256 ?? '')
      return hash === undefined ? [] : [[id, hash] as const]
    }),
  )
}
