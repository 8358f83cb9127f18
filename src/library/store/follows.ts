import type { Selectable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { counted, type Page, type Paged } from '../page.ts'
import { datedAccounts, type DatedAccount } from './dated-accounts.ts'
import { totalOf } from './total-of.ts'

export type FollowRow = Selectable<Schema['follow']>

/** Null when it was there already. */
export async function insertFollow(db: Db, row: Omit<FollowRow, 'id'>): Promise<FollowRow | null> {
  const inserted = await db
    .insertInto('follow')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  return inserted ?? null
}

/** The follow that was removed, or null when there was none. */
export async function deleteFollow(
  db: Db,
  followerId: number,
  followeeId: number,
): Promise<FollowRow | null> {
  const deleted = await db
    .deleteFrom('follow')
    .where('follower_id', '=', followerId)
    .where('followee_id', '=', followeeId)
    .returningAll()
    .executeTakeFirst()
  return deleted ?? null
}

export async function followBetween(
  db: Db,
  followerId: number,
  followeeId: number,
): Promise<FollowRow | null> {
  const row = await db
    .selectFrom('follow')
    .selectAll()
    .where('follower_id', '=', followerId)
    .where('followee_id', '=', followeeId)
    .executeTakeFirst()
  return row ?? null
}

/** One page of follows that have `accountId` at one end, newest first, with the account at the other end. */
export async function followsOf(
  db: Db,
  end: 'follower_id' | 'followee_id',
  accountId: number,
  page: Page,
): Promise<Paged<DatedAccount>> {
  const other = end === 'follower_id' ? 'followee_id' : 'follower_id'
  const matching = db.selectFrom('follow').where(end, '=', accountId)
  const rows = await matching
    .select(['id', 'created_ms', `${other} as account_id`])
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(await datedAccounts(db, rows), page, () => totalOf(matching))
}
