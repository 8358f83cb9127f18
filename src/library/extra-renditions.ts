import type { Context } from '../context.ts'
import { releaseBlobs } from './garbage.ts'
import { keepBytes, nameBlobs } from './keeping.ts'
import type { Made } from './processing.ts'
import type { RenditionRow } from './rows.ts'
import { itemToChange } from './store/items.ts'
import { addRenditions, renditionsOfItems } from './store/renditions.ts'

/**
 * Adds derived pictures to those an item has; one that somebody else has made meanwhile stays as it is. Nothing that
 * a client sees changes, so nothing is written to the change log.
 *
 * @param of The item and the original that they were made of; when it has another by now, they are dropped.
 * @returns All renditions of the item now.
 * @throws LibraryError `storage_full`, `unavailable`.
 */
export async function keepRenditions(
  ctx: Pick<Context, 'db' | 'clock' | 'blobs' | 'queue'>,
  of: { id: number; sha256: string },
  made: readonly Made[],
): Promise<RenditionRow[]> {
  const kept = await keepBytes(
    ctx,
    made.map(({ incoming }) => incoming),
  )
  return ctx.db.transaction().execute(async (db) => {
    const now = ctx.clock()
    await nameBlobs(db, now, kept)
    const item = await itemToChange(db, of.id)
    const current = item?.state === 'ready' && item.blob_sha256 === of.sha256
    if (current) await addRenditions(db, made.map(rowOf(of.id)))
    const rows = (await renditionsOfItems(db, [of.id])).get(of.id) ?? []
    const used = new Set(rows.map(({ blob_sha256 }) => blob_sha256))
    const hashes = made.map(({ incoming }) => incoming.sha256)
    await releaseBlobs(
      ctx,
      db,
      now,
      hashes.filter((sha256) => !used.has(sha256)),
    )
    return rows
  })
}

const rowOf =
  (itemId: number) =>
  ({ name, width, height, format, mimeType, animated, incoming }: Made): RenditionRow => ({
    item_id: itemId,
    name,
    blob_sha256: incoming.sha256,
    width,
    height,
    format,
    mime_type: mimeType,
    animated: animated ? 1 : 0,
  })
