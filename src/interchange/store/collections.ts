import { sql, type Insertable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { gather, numberTable } from './bulk.ts'

export type NewCollectionRow = Insertable<Schema['collection']>

/** Writes new collections, all with ids or all without, and returns the ids by uid. */
export async function insertCollections(
  db: Db,
  rows: readonly NewCollectionRow[],
): Promise<Map<string, number>> {
  const made = await gather(rows, (piece) =>
    db.insertInto('collection').values(piece).returning(['id', 'uid']).execute(),
  )
  return new Map(made.map(({ id, uid }) => [uid, id]))
}

export async function insertCollaborators(
  db: Db,
  rows: readonly Insertable<Schema['collaborator']>[],
): Promise<void> {
  await gather(rows, (piece) =>
    db
      .insertInto('collaborator')
      .values(piece)
      .onConflict((conflict) => conflict.doNothing())
      .returning('account_id')
      .execute(),
  )
}

/** Watches that were not there yet. */
export function insertWatches(
  db: Db,
  rows: readonly Insertable<Schema['watch']>[],
): Promise<{ collection_id: number; account_id: number }[]> {
  return gather(rows, (piece) =>
    db
      .insertInto('watch')
      .values(piece)
      .onConflict((conflict) => conflict.doNothing())
      .returning(['collection_id', 'account_id'])
      .execute(),
  )
}

type EntryName = Pick<Insertable<Schema['collection_item']>, 'collection_id' | 'item_id'>

/** Those of these entries that are there. */
export function entriesThere(db: Db, entries: readonly EntryName[]): Promise<EntryName[]> {
  return gather(entries, async (piece) => {
    const asked = numberTable(piece.map(({ collection_id, item_id }) => [collection_id, item_id]))
    const { rows } = await sql<EntryName>`
      select entry.collection_id, entry.item_id from (select * from ${asked} as given) as asked
      inner join collection_item as entry on entry.collection_id = asked.column1 and entry.item_id = asked.column2
    `.execute(db)
    return rows
  })
}

export async function insertEntries(
  db: Db,
  rows: readonly Insertable<Schema['collection_item']>[],
): Promise<void> {
  await gather(rows, (piece) => db.insertInto('collection_item').values(piece).returning('item_id').execute())
}

/** The highest position in each of these collections; an empty one has no key. */
export async function lastPositions(db: Db, ids: readonly number[]): Promise<Map<number, number>> {
  const rows = await gather([...new Set(ids)], (piece) =>
    db
      .selectFrom('collection_item')
      .select((eb) => ['collection_id', eb.fn.max('position').as('last')])
      .where('collection_id', 'in', piece)
      .groupBy('collection_id')
      .execute(),
  )
  return new Map(rows.map(({ collection_id, last }) => [collection_id, last]))
}
