import { sql } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import type { CollectionRow, ItemRow } from '../../library/rows.ts'
import { gather } from './bulk.ts'

export interface AccountName {
  id: number
  login_key: string
  kind: 'person' | 'team'
}

/** Accounts by login in lower case. */
export async function accountsNamed(db: Db, logins: readonly string[]): Promise<Map<string, AccountName>> {
  const keys = [...new Set(logins.map((login) => login.toLowerCase()))]
  const rows = await gather(keys, (piece) =>
    db.selectFrom('account').select(['id', 'login_key', 'kind']).where('login_key', 'in', piece).execute(),
  )
  return new Map(rows.map((row) => [row.login_key, row]))
}

export type ItemName = Pick<
  ItemRow,
  'id' | 'uid' | 'kind' | 'owner_id' | 'blob_sha256' | 'title' | 'created_ms' | 'stated_counts'
>

const itemColumns = [
  'id',
  'uid',
  'kind',
  'owner_id',
  'blob_sha256',
  'title',
  'created_ms',
  'stated_counts',
] as const

export function itemsByIds(db: Db, ids: readonly number[]): Promise<ItemName[]> {
  return gather([...new Set(ids)], (piece) =>
    db.selectFrom('item').select(itemColumns).where('id', 'in', piece).execute(),
  )
}

export function itemsByUids(db: Db, uids: readonly string[]): Promise<ItemName[]> {
  return gather(uids, (piece) =>
    db.selectFrom('item').select(itemColumns).where('uid', 'in', piece).execute(),
  )
}

export function collectionsByIds(db: Db, ids: readonly number[]): Promise<CollectionRow[]> {
  return gather([...new Set(ids)], (piece) =>
    db.selectFrom('collection').selectAll().where('id', 'in', piece).execute(),
  )
}

export function collectionsByUids(db: Db, uids: readonly string[]): Promise<CollectionRow[]> {
  return gather(uids, (piece) => db.selectFrom('collection').selectAll().where('uid', 'in', piece).execute())
}

/** The numbers that things of an archive got here: number there -> number here. */
export async function importedIds(
  db: Db,
  source: string,
  noun: Schema['imported_id']['noun'],
  givenIds: readonly number[],
): Promise<Map<number, number>> {
  const rows = await gather([...new Set(givenIds)], (piece) =>
    db
      .selectFrom('imported_id')
      .select(['given_id', 'id'])
      .where('source', '=', source)
      .where('noun', '=', noun)
      .where('given_id', 'in', piece)
      .execute(),
  )
  return new Map(rows.map(({ given_id, id }) => [given_id, id]))
}

export async function rememberImportedIds(
  db: Db,
  source: string,
  noun: Schema['imported_id']['noun'],
  ids: ReadonlyMap<number, number>,
): Promise<void> {
  const rows = [...ids].map(([given_id, id]) => ({ source, noun, given_id, id }))
  await gather(rows, (piece) =>
    db
      .insertInto('imported_id')
      .values(piece)
      .onConflict((conflict) =>
        conflict.columns(['source', 'noun', 'given_id']).doUpdateSet({ id: sql`excluded.id` }),
      )
      .returning('id')
      .execute(),
  )
}
