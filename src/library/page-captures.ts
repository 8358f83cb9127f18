import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { releaseBlobs } from './garbage.ts'
import { keepBytes, nameBlobs } from './keeping.ts'
import type { Made } from './processing.ts'
import { recordChange } from './store/changes.ts'
import { itemById, itemToChange } from './store/items.ts'
import { addRenditions, renditionsOfItems } from './store/renditions.ts'

/** What a page looks like: all of it (1280 wide, 6,000 high at the most), and its top, small. */
export const pageCapture = 'page-full'
export const pageThumbnail = 'page-thumb'

/** Orders pictures of a page; in the transaction that adds its item. Without a browser nothing ever comes of it. */
export function capturePageLater(
  ctx: Pick<Context, 'queue'>,
  db: Db,
  { itemId, url }: { itemId: number; url: string },
): Promise<void> {
  return ctx.queue.enqueue(db, { kind: 'capture-page', payload: { item: itemId, url } })
}

/** Whether the item is there and has no pictures of its page yet. */
export async function wantsCapture(db: Db, itemId: number): Promise<boolean> {
  const item = await itemById(db, itemId)
  if (item?.state !== 'ready') return false
  const renditions = (await renditionsOfItems(db, [itemId])).get(itemId) ?? []
  return !renditions.some(({ name }) => name === pageCapture)
}

/**
 * Adds the pictures of its page to an item. Those of an item that is gone, or has them, are dropped.
 *
 * @throws LibraryError `storage_full`, `unavailable`.
 */
export async function keepCapture(
  ctx: Pick<Context, 'db' | 'clock' | 'blobs' | 'queue'>,
  itemId: number,
  made: readonly Made[],
): Promise<void> {
  const kept = await keepBytes(
    ctx,
    made.map(({ incoming }) => incoming),
  )
  await ctx.db.transaction().execute(async (db) => {
    const now = ctx.clock()
    const item = await itemToChange(db, itemId)
    const hashes = made.map(({ incoming }) => incoming.sha256)
    if (item?.state !== 'ready' || !(await wantsCapture(db, itemId)))
      return releaseBlobs(ctx, db, now, hashes)

    await nameBlobs(db, now, kept)
    const rows = made.map(({ name, width, height, format, mimeType, incoming }) => ({
      item_id: itemId,
      name,
      blob_sha256: incoming.sha256,
      width,
      height,
      format,
      mime_type: mimeType,
      animated: 0 as const,
    }))
    await addRenditions(db, rows)
    await recordChange(db, now, { noun: 'item', id: itemId, op: 'change' })
  })
}
