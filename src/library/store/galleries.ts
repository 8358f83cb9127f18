import { sql, type Expression, type SqlBool } from 'kysely'
import type { Db } from '../../database/open.ts'
import { listed, visibleTo } from '../access.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { CollectionRow } from '../rows.ts'
import type { Viewer } from '../viewer.ts'
import { readable } from './collections.ts'
import { grouped } from './grouped.ts'
import { contains } from './text-match.ts'
import { totalOf } from './total-of.ts'

/** Which galleries; whatever is given must hold. */
export interface GalleryQuery {
  ownerId?: number
  /** A text in the title, the description, or the name or login of the owner. */
  title?: string
  description?: string
  creator?: string
  /** Only those that hold this item. */
  itemId?: number
  /** Only those that this account watches. */
  watchedBy?: number
  /** Also those without an item. */
  showEmpty?: boolean
}

export interface GalleryOrder {
  by: 'created' | 'updated' | 'items' | 'watchers'
  direction: 'asc' | 'desc'
}

const watchers = sql<number>`(select count(*) from watch where watch.collection_id = collection.id)`

/** One page of the galleries a viewer may see. */
export async function selectGalleries(
  db: Db,
  viewer: Viewer,
  { query, order }: { query: GalleryQuery; order: GalleryOrder },
  page: Page,
): Promise<Paged<CollectionRow>> {
  const matching = readable(db, viewer)
    .where('kind', '=', 'gallery')
    .where((eb) => eb.and(conditions(query)))
  const rows = await matching
    .selectAll()
    .orderBy(columnOf(order.by), order.direction)
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(rows, page, () => totalOf(matching))
}

function columnOf(by: GalleryOrder['by']) {
  switch (by) {
    case 'created':
      return sql<number>`collection.created_ms`
    case 'updated':
      return sql<number>`collection.updated_ms`
    case 'items':
      return sql<number>`collection.items_count`
    case 'watchers':
      return watchers
  }
}

function conditions(query: GalleryQuery): Expression<SqlBool>[] {
  const { ownerId, title, description, creator, itemId, watchedBy, showEmpty } = query
  const all: Expression<SqlBool>[] = []
  if (ownerId !== undefined) all.push(sql<SqlBool>`collection.owner_id = ${ownerId}`)
  if (title !== undefined) all.push(contains('collection.title', title))
  if (description !== undefined) all.push(contains('collection.description', description))
  if (creator !== undefined)
    all.push(sql<SqlBool>`exists (select 1 from account where account.id = collection.owner_id
      and (${contains('account.name', creator)} or ${contains('account.login', creator)}))`)
  if (itemId !== undefined)
    all.push(sql<SqlBool>`exists (select 1 from collection_item
      where collection_item.collection_id = collection.id and collection_item.item_id = ${itemId})`)
  if (watchedBy !== undefined)
    all.push(sql<SqlBool>`exists (select 1 from watch
      where watch.collection_id = collection.id and watch.account_id = ${watchedBy})`)
  if (showEmpty !== true) all.push(sql<SqlBool>`collection.items_count > 0`)
  return all
}

/** How many accounts watch each of these collections. One that nobody watches has no key. */
export async function watchersOf(db: Db, ids: readonly number[]): Promise<Map<number, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('watch')
    .select((eb) => ['collection_id as id', eb.fn.countAll<number>().as('n')])
    .where('collection_id', 'in', ids)
    .groupBy('collection_id')
    .execute()
  return new Map(rows.map(({ id, n }) => [id, n]))
}

/** The items of collections that the viewer may see, each list by place in the collection's own direction. */
export async function itemIdsIn(
  db: Db,
  viewer: Viewer,
  collections: readonly Pick<CollectionRow, 'id' | 'order_position_asc'>[],
): Promise<Map<number, number[]>> {
  if (collections.length === 0) return new Map()
  const rows = await db
    .selectFrom('collection_item')
    .innerJoin('item', 'item.id', 'collection_item.item_id')
    .select(['collection_item.collection_id', 'collection_item.item_id'])
    .where(
      'collection_item.collection_id',
      'in',
      collections.map(({ id }) => id),
    )
    .where(visibleTo(viewer))
    .orderBy('collection_item.position')
    .orderBy('collection_item.item_id')
    .execute()
  const lists = grouped(rows, ({ collection_id }) => collection_id)
  return new Map(
    collections.map(({ id, order_position_asc }) => {
      const ids = (lists.get(id) ?? []).map(({ item_id }) => item_id)
      return [id, order_position_asc === 1 ? ids : ids.toReversed()]
    }),
  )
}

/** For each collection without a thumbnail of its own: its first item in its own order that everybody may see. */
export async function firstItems(
  db: Db,
  collections: readonly Pick<CollectionRow, 'id' | 'order_position_asc'>[],
): Promise<Map<number, number>> {
  const found = new Map<number, number>()
  for (const { id, order_position_asc } of collections) {
    const first = await db
      .selectFrom('collection_item')
      .innerJoin('item', 'item.id', 'collection_item.item_id')
      .select('item.id')
      .where('collection_item.collection_id', '=', id)
      .where(listed())
      .orderBy('collection_item.position', order_position_asc === 1 ? 'asc' : 'desc')
      .limit(1)
      .executeTakeFirst()
    if (first) found.set(id, first.id)
  }
  return found
}

export async function setWatch(
  db: Db,
  row: { collection_id: number; account_id: number; created_ms: number },
  on: boolean,
): Promise<void> {
  if (on)
    await db
      .insertInto('watch')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  else
    await db
      .deleteFrom('watch')
      .where('collection_id', '=', row.collection_id)
      .where('account_id', '=', row.account_id)
      .execute()
}

/** Puts an item that is in a collection at a place of it, counted from 1; those from there on move back by one. */
export async function moveInCollection(
  db: Db,
  { collectionId, itemId, place }: { collectionId: number; itemId: number; place: number },
): Promise<void> {
  const others = db
    .selectFrom('collection_item')
    .where('collection_id', '=', collectionId)
    .where('item_id', '!=', itemId)
  const next = await others
    .select('position')
    .orderBy('position')
    .orderBy('item_id')
    .limit(1)
    .offset(place - 1)
    .executeTakeFirst()
  const { last } = await others.select((eb) => eb.fn.max('position').as('last')).executeTakeFirstOrThrow()
  const position = next?.position ?? (last ?? 0) + 1
  if (next)
    await db
      .updateTable('collection_item')
      .set((eb) => ({ position: eb('position', '+', 1) }))
      .where('collection_id', '=', collectionId)
      .where('position', '>=', position)
      .execute()
  await db
    .updateTable('collection_item')
    .set({ position })
    .where('collection_id', '=', collectionId)
    .where('item_id', '=', itemId)
    .execute()
}
