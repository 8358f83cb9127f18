import { randomBytes } from 'node:crypto'
import type { Insertable, Updateable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import type { AccountRow } from '../rows.ts'

export type NewAccountRow = Insertable<Schema['account']>
export type AccountChangeRow = Updateable<Schema['account']>

/** Null when the login or the id is taken. */
export async function insertAccount(db: Db, row: NewAccountRow): Promise<AccountRow | null> {
  const inserted = await db
    .insertInto('account')
    // Given here too, because SQLite fills in what is missing only after it has returned the row.
    .values({ uid: randomBytes(16).toString('hex'), ...row })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  return inserted ?? null
}

export async function updateAccount(db: Db, id: number, change: AccountChangeRow): Promise<void> {
  await db.updateTable('account').set(change).where('id', '=', id).execute()
}

export async function accountById(db: Db, id: number): Promise<AccountRow | null> {
  const row = await db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

/** Logins are the same whatever the case of their letters. */
export async function accountByLogin(db: Db, login: string): Promise<AccountRow | null> {
  const row = await db
    .selectFrom('account')
    .selectAll()
    .where('login_key', '=', login.toLowerCase())
    .executeTakeFirst()
  return row ?? null
}

/** Many accounts in one query, keyed by id. An id nobody has is left out. */
export async function accountsByIds(db: Db, ids: readonly number[]): Promise<Map<number, AccountRow>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const rows = await db.selectFrom('account').selectAll().where('id', 'in', wanted).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** Many accounts in one query, keyed by login in lower case. A login nobody has is left out. */
export async function accountsByLogins(db: Db, logins: readonly string[]): Promise<Map<string, AccountRow>> {
  const keys = [...new Set(logins.map((login) => login.toLowerCase()))]
  if (keys.length === 0) return new Map()
  const rows = await db.selectFrom('account').selectAll().where('login_key', 'in', keys).execute()
  return new Map(rows.map((row) => [row.login_key, row]))
}

/** Adds to the stored counts of follows. */
export async function addFollowCounts(
  db: Db,
  id: number,
  { followers = 0, followings = 0 }: { followers?: number; followings?: number },
): Promise<void> {
  await db
    .updateTable('account')
    .set((eb) => ({
      followers_count: eb('followers_count', '+', followers),
      followings_count: eb('followings_count', '+', followings),
    }))
    .where('id', '=', id)
    .execute()
}
