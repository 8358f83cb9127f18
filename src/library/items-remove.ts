import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { isVisible, mayChange } from './access.ts'
import { LibraryError } from './errors.ts'
import { releaseBlobs } from './garbage.ts'
import type { ItemRow } from './rows.ts'
import { blobsOfItem } from './store/blobs.ts'
import { recordChanges } from './store/changes.ts'
import { deleteItem, itemToChange, recountRebounds, releaseFromCollections } from './store/items.ts'
import { releaseTags } from './store/tags.ts'
import type { Viewer } from './viewer.ts'

/**
 * Deletes an item for good, with its comments, reactions and attachments; rebounds of it stay. Owners may also
 * delete what is still being processed or has failed. The bytes go later, when nothing else uses them.
 *
 * @throws LibraryError `not_found` if there is no such item for the viewer, `not_allowed` if it is not theirs.
 */
export async function removeItem(
  ctx: Pick<Context, 'db' | 'clock' | 'queue'>,
  viewer: Viewer,
  id: number,
): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    const item = await itemToChange(db, id)
    const mine = item !== null && mayChange(viewer, item)
    if (!item || (!mine && !isVisible(viewer, item)))
      throw new LibraryError({ kind: 'not_found', what: 'item' })
    if (!mine) throw new LibraryError({ kind: 'not_allowed', what: 'item', action: 'delete' })
    await eraseItem(ctx, db, item)
  })
}

/** The delete itself, with every counter that the item was part of. */
export async function eraseItem(ctx: Pick<Context, 'clock' | 'queue'>, db: Db, item: ItemRow): Promise<void> {
  const now = ctx.clock()
  const blobs = await blobsOfItem(db, item.id)
  const collections = await releaseFromCollections(db, item.id)
  await releaseTags(db, item.id)
  await deleteItem(db, item.id)
  await recountRebounds(db, [item.rebound_of])
  await recordChanges(db, now, [
    { noun: 'item', id: item.id, op: 'delete' },
    ...collections.map((id) => ({ noun: 'collection' as const, id, op: 'change' as const })),
  ])
  await releaseBlobs(ctx, db, now, blobs)
}
