import type { Insertable, Updateable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { CollectionRow } from '../rows.ts'
import type { Viewer } from '../viewer.ts'
import { totalOf } from './total-of.ts'

export type CollectionKind = CollectionRow['kind']

export function insertCollection(db: Db, row: Insertable<Schema['collection']>): Promise<CollectionRow> {
  return db.insertInto('collection').values(row).returningAll().executeTakeFirstOrThrow()
}

export async function updateCollection(
  db: Db,
  id: number,
  change: Updateable<Schema['collection']>,
): Promise<void> {
  await db.updateTable('collection').set(change).where('id', '=', id).execute()
}

export async function deleteCollection(db: Db, id: number): Promise<void> {
  await db.deleteFrom('collection').where('id', '=', id).execute()
}

export async function collectionById(db: Db, id: number): Promise<CollectionRow | null> {
  const row = await db.selectFrom('collection').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

interface LikeStem {
  ownerId: number
  stem: string
  exceptId?: number
}

/** The slugs of an owner that are `stem` or begin with `stem-`, other than that of `exceptId`. */
export async function slugsLike(db: Db, of: LikeStem): Promise<Set<string>> {
  const rows = await likeStem(db, of).select('slug').execute()
  return new Set(rows.map(({ slug }) => slug))
}

/** The titles of the same, of one kind. */
export async function titlesLike(db: Db, of: LikeStem & { kind: CollectionKind }): Promise<string[]> {
  const rows = await likeStem(db, of).select('title').where('kind', '=', of.kind).execute()
  return rows.map(({ title }) => title)
}

const likeStem = (db: Db, { ownerId, stem, exceptId = 0 }: LikeStem) =>
  db
    .selectFrom('collection')
    .where('owner_id', '=', ownerId)
    .where('id', '!=', exceptId)
    // `.` is the next character after `-`, so this is every text that begins with `stem-`.
    .where((eb) =>
      eb.or([eb('slug', '=', stem), eb.and([eb('slug', '>=', `${stem}-`), eb('slug', '<', `${stem}.`)])]),
    )

export interface CollectionQuery {
  ownerId?: number
  kind?: CollectionKind
  /** Only collections that hold this item. */
  itemId?: number
}

/** One page of the collections a viewer may see, newest first. */
export async function collectionsFor(
  db: Db,
  viewer: Viewer,
  query: CollectionQuery,
  page: Page,
): Promise<Paged<CollectionRow>> {
  const matching = readable(db, viewer)
    .$if(query.ownerId !== undefined, (qb) => qb.where('owner_id', '=', query.ownerId ?? 0))
    .$if(query.kind !== undefined, (qb) => qb.where('kind', '=', query.kind ?? 'collection'))
    .$if(query.itemId !== undefined, (qb) =>
      qb.where('id', 'in', (eb) =>
        eb
          .selectFrom('collection_item')
          .select('collection_id')
          .where('item_id', '=', query.itemId ?? 0),
      ),
    )
  const rows = await matching
    .selectAll()
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(rows, page, () => totalOf(matching))
}

/** Those a viewer may see: public ones, their own, and those they work on. */
export function readable(db: Db, viewer: Viewer) {
  const all = db.selectFrom('collection')
  if (viewer.role === 'admin') return all
  const me = viewer.accountId
  if (me === null) return all.where('private', '=', 0)
  return all.where((eb) =>
    eb.or([
      eb('private', '=', 0),
      eb('owner_id', '=', me),
      eb('id', 'in', eb.selectFrom('collaborator').select('collection_id').where('account_id', '=', me)),
    ]),
  )
}

/** False when it was in there already. It goes to the end. */
export async function insertCollectionItem(
  db: Db,
  row: { collection_id: number; item_id: number; added_ms: number },
): Promise<boolean> {
  const { last } = await db
    .selectFrom('collection_item')
    .select((eb) => eb.fn.max('position').as('last'))
    .where('collection_id', '=', row.collection_id)
    .executeTakeFirstOrThrow()
  const inserted = await db
    .insertInto('collection_item')
    .values({ ...row, position: (last ?? 0) + 1 })
    .onConflict((conflict) => conflict.doNothing())
    .returning('item_id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** False when it was not in there. */
export async function deleteCollectionItem(db: Db, collectionId: number, itemId: number): Promise<boolean> {
  const deleted = await db
    .deleteFrom('collection_item')
    .where('collection_id', '=', collectionId)
    .where('item_id', '=', itemId)
    .returning('item_id')
    .executeTakeFirst()
  return deleted !== undefined
}

/** Adds to the number of items, and dates the change. */
export async function addItemsCount(db: Db, id: number, by: 1 | -1, at: Date): Promise<void> {
  await db
    .updateTable('collection')
    .set((eb) => ({ items_count: eb('items_count', '+', by), updated_ms: at.getTime() }))
    .where('id', '=', id)
    .execute()
}
