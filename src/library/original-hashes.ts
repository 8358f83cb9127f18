import type { Db } from '../database/open.ts'
import type { LoadedItem } from './loaded-items.ts'
import { publicOriginal } from './renditions.ts'
import { longHashes } from './store/blobs.ts'

/** SHA-512 of what an item shows, in 128 hex digits; null where nobody knows it. */
export interface OriginalHashes {
  /** Of the bytes that anybody may fetch. */
  shown: string | null
  /** Of the file as it was first uploaded. */
  uploaded: string | null
}

/** The hashes of many items, in their order. Of an original that is not at hand, what its archive states. */
export async function originalHashes(db: Db, items: readonly LoadedItem[]): Promise<OriginalHashes[]> {
  const blobs = items.map(({ item, renditions }) => ({
    uploaded: item.blob_sha256 ?? '',
    shown: renditions.get(publicOriginal)?.blob_sha256 ?? item.blob_sha256 ?? '',
  }))
  const known = await longHashes(
    db,
    blobs.flatMap(({ uploaded, shown }) => [uploaded, shown]).filter((sha256) => sha256 !== ''),
  )
  return items.map(({ item }, at) => {
    const blob = blobs[at]
    return {
      shown: known.get(blob?.shown ?? '') ?? item.sha512,
      uploaded: item.orig_sha512 ?? known.get(blob?.uploaded ?? '') ?? null,
    }
  })
}
