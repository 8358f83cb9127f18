import type { Db } from '../../database/open.ts'
import type { CollectionRow, RenditionRow } from '../rows.ts'
import { grouped } from './grouped.ts'

/** Renditions of many items in one query, keyed by item. */
export async function renditionsOfItems(
  db: Db,
  ids: readonly number[],
): Promise<Map<number, RenditionRow[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('rendition')
    .selectAll()
    .where('item_id', 'in', ids)
    .orderBy('name')
    .execute()
  return grouped(rows, ({ item_id }) => item_id)
}

/** Makes these the renditions of an item and returns the blobs of those it had. */
export async function replaceRenditions(
  db: Db,
  itemId: number,
  rows: readonly RenditionRow[],
): Promise<string[]> {
  const had = await db
    .deleteFrom('rendition')
    .where('item_id', '=', itemId)
    .returning('blob_sha256')
    .execute()
  if (rows.length > 0) await db.insertInto('rendition').values(rows).execute()
  return had.map(({ blob_sha256 }) => blob_sha256)
}

/** Adds to the renditions of an item; a name it has already is left alone. */
export async function addRenditions(db: Db, rows: readonly RenditionRow[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insertInto('rendition')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['item_id', 'name']).doNothing())
    .execute()
}

/** The public projects of their owners that these items are part of, oldest first, keyed by item. */
export async function projectsOfItems(db: Db, ids: readonly number[]): Promise<Map<number, CollectionRow[]>> {
  const rows = await db
    .selectFrom('collection_item')
    .innerJoin('collection', 'collection.id', 'collection_item.collection_id')
    .selectAll('collection')
    .select('collection_item.item_id as part')
    .where('collection_item.item_id', 'in', ids)
    .where('collection.kind', '=', 'project')
    .where('collection.private', '=', 0)
    .orderBy('collection.id')
    .execute()
  const projects = rows.map(({ part, ...collection }) => ({ part, collection }))
  const byItem = grouped(projects, ({ part }) => part)
  return new Map([...byItem].map(([id, list]) => [id, list.map(({ collection }) => collection)]))
}
