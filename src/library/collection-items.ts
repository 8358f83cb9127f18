import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { workableCollection } from './collection-access.ts'
import { invalid } from './errors.ts'
import type { Page, Paged } from './page.ts'
import type { CollectionRow } from './rows.ts'
import { recordChanges } from './store/changes.ts'
import {
  addItemsCount,
  collectionsFor,
  deleteCollectionItem,
  insertCollectionItem,
  type CollectionKind,
} from './store/collections.ts'
import { lockRows } from './store/ids.ts'
import { visibleItem } from './store/visible-items.ts'
import type { Viewer } from './viewer.ts'

/**
 * Puts an item at the end of a collection; nothing happens when it is in there. A project takes its owner's items
 * only.
 *
 * @throws LibraryError `not_signed_in`, `not_found` (either), `not_allowed`, `invalid` (`item`).
 */
export async function addToCollection(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  collectionId: number,
  itemId: number,
): Promise<void> {
  await ctx.db
    .transaction()
    .execute((db) => putIntoCollection(db, viewer, { collectionId, itemId }, ctx.clock()))
}

/** The same as part of a transaction. */
export async function putIntoCollection(
  db: Db,
  viewer: Viewer,
  { collectionId, itemId }: { collectionId: number; itemId: number },
  now: Date,
): Promise<void> {
  // The item first, as whoever deletes it does: else it could go between the look at it and the row that names it.
  await lockRows(db, 'item', [itemId])
  await lockRows(db, 'collection', [collectionId])
  const collection = await workableCollection(db, viewer, collectionId)
  const item = await visibleItem(db, viewer, itemId)
  if (collection.kind === 'project' && item.owner_id !== collection.owner_id)
    throw invalid('item', 'is not the owner’s own')
  const row = { collection_id: collectionId, item_id: itemId, added_ms: now.getTime() }
  if (await insertCollectionItem(db, row)) await countItem(db, { collectionId, itemId, by: 1 }, now)
}

/**
 * Takes an item out of a collection; nothing happens when it is not in there, even if there is no such item.
 *
 * @throws LibraryError `not_signed_in`, `not_found` (the collection), `not_allowed`.
 */
export async function removeFromCollection(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  collectionId: number,
  itemId: number,
): Promise<void> {
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (db) => {
    await lockRows(db, 'collection', [collectionId])
    await workableCollection(db, viewer, collectionId)
    if (await deleteCollectionItem(db, collectionId, itemId))
      await countItem(db, { collectionId, itemId, by: -1 }, now)
  })
}

/** The collections of a kind that hold an item, newest first. @throws LibraryError `not_found`. */
export async function collectionsWith(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  { itemId, kind }: { itemId: number; kind: CollectionKind },
  page: Page,
): Promise<Paged<CollectionRow>> {
  await visibleItem(ctx.db, viewer, itemId)
  return collectionsFor(ctx.db, viewer, { itemId, kind }, page)
}

/** Counts an item that came or went, and says so in the change log. */
export async function countItem(
  db: Db,
  { collectionId, itemId, by }: { collectionId: number; itemId: number; by: 1 | -1 },
  at: Date,
): Promise<void> {
  await addItemsCount(db, collectionId, by, at)
  await recordChanges(db, at, [
    { noun: 'collection', id: collectionId, op: 'change' },
    { noun: 'item', id: itemId, op: 'change' },
  ])
}
