import type { Db } from '../../database/open.ts'
import type { NewAccountRow } from '../../library/store/accounts.ts'
import { gather } from './bulk.ts'
import { gatherNumbered } from './numbered.ts'

export async function takenUids(db: Db, uids: readonly string[]): Promise<Set<string>> {
  const rows = await gather(uids, (piece) =>
    db.selectFrom('account').select('uid').where('uid', 'in', piece).execute(),
  )
  return new Set(rows.map(({ uid }) => uid))
}

/** Writes new accounts, with ids of their own or without, and returns the ids by login in lower case. */
export async function insertAccounts(db: Db, rows: readonly NewAccountRow[]): Promise<Map<string, number>> {
  const made = await gatherNumbered(rows, (piece) =>
    db.insertInto('account').values(piece).returning(['id', 'login_key']).execute(),
  )
  return new Map(made.map(({ id, login_key }) => [login_key, id]))
}

export async function insertMemberships(
  db: Db,
  rows: readonly { team_id: number; account_id: number; created_ms: number }[],
): Promise<void> {
  await gather(rows, (piece) =>
    db
      .insertInto('membership')
      .values(piece)
      .onConflict((conflict) => conflict.doNothing())
      .returning('team_id')
      .execute(),
  )
}

/** Follows that were not there yet. */
export function insertFollows(
  db: Db,
  rows: readonly { follower_id: number; followee_id: number; created_ms: number }[],
): Promise<{ id: number; follower_id: number; followee_id: number }[]> {
  return gather(rows, (piece) =>
    db
      .insertInto('follow')
      .values(piece)
      .onConflict((conflict) => conflict.doNothing())
      .returning(['id', 'follower_id', 'followee_id'])
      .execute(),
  )
}
