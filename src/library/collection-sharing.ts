import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { signedIn } from './accounts.ts'
import { isVisible } from './access.ts'
import { workableCollection } from './collection-access.ts'
import { countItem } from './collection-items.ts'
import { LibraryError } from './errors.ts'
import type { CollectionRow, ItemRow } from './rows.ts'
import { collaboratorsOf } from './store/collaborators.ts'
import { deleteCollectionItem, insertCollectionItem } from './store/collections.ts'
import { lockRows } from './store/ids.ts'
import { itemsByIds } from './store/items.ts'
import type { Viewer } from './viewer.ts'

interface Putting {
  collectionId: number
  itemIds: readonly number[]
}

/**
 * Puts items of the viewer's own at the end of a collection they work on: all or none. What is in there stays.
 *
 * @throws LibraryError `not_found` (`collection`, `item`); `not_allowed` on `collection` (`change`), or on `item`
 *   (`own` when it is somebody else's, `share` when it is private and the collection public or shared).
 */
export async function addOwnItems(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  { collectionId, itemIds }: Putting,
): Promise<CollectionRow> {
  return ctx.db.transaction().execute(async (db) => {
    const { collection, items } = await lockOwn(db, viewer, { collectionId, itemIds })
    for (const item of items) await refuseSharing(db, collection, item)
    for (const { id } of items) await placeItem(db, { collectionId, itemId: id }, ctx.clock())
    return collection
  })
}

/**
 * Takes items of the viewer's own out of a collection they work on: all or none. What is not in there is left.
 *
 * @throws LibraryError `not_found` (`collection`, `item`); `not_allowed` on `collection`, or on `item` (`own`).
 */
export async function removeOwnItems(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  { collectionId, itemIds }: Putting,
): Promise<CollectionRow> {
  return ctx.db.transaction().execute(async (db) => {
    const { collection, items } = await lockOwn(db, viewer, { collectionId, itemIds })
    for (const { id: itemId } of items)
      if (await deleteCollectionItem(db, collectionId, itemId))
        await countItem(db, { collectionId, itemId, by: -1 }, ctx.clock())
    return collection
  })
}

/** Nobody else may look at a private item, so it may only be where nobody else looks. */
export async function refuseSharing(
  db: Db,
  collection: CollectionRow,
  item: Pick<ItemRow, 'visibility' | 'owner_id'>,
): Promise<void> {
  if (item.visibility === 'public') return
  const isShared = collection.private === 0 || (await collaboratorsOf(db, [collection.id])).size > 0
  if (isShared) throw new LibraryError({ kind: 'not_allowed', what: 'item', action: 'share' })
}

/** Puts an item at the end. The collection must be locked. */
export async function placeItem(
  db: Db,
  { collectionId, itemId }: { collectionId: number; itemId: number },
  now: Date,
): Promise<void> {
  const row = { collection_id: collectionId, item_id: itemId, added_ms: now.getTime() }
  if (await insertCollectionItem(db, row)) await countItem(db, { collectionId, itemId, by: 1 }, now)
}

/** The collection and the items, locked, if the viewer works on the one and owns the others. */
async function lockOwn(db: Db, viewer: Viewer, { collectionId, itemIds }: Putting) {
  await lockRows(db, 'item', itemIds)
  await lockRows(db, 'collection', [collectionId])
  const collection = await workableCollection(db, viewer, collectionId)
  return { collection, items: await ownItems(db, viewer, itemIds) }
}

/** In the order of the ids. */
async function ownItems(db: Db, viewer: Viewer, ids: readonly number[]): Promise<ItemRow[]> {
  const me = signedIn(viewer)
  const rows = new Map((await itemsByIds(db, ids)).map((row) => [row.id, row]))
  return [...new Set(ids)].map((id) => {
    const row = rows.get(id)
    if (!row || (row.owner_id !== me && !isVisible(viewer, row)))
      throw new LibraryError({ kind: 'not_found', what: 'item' })
    if (row.owner_id !== me) throw new LibraryError({ kind: 'not_allowed', what: 'item', action: 'own' })
    return row
  })
}
