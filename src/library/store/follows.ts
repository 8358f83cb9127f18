import type { Selectable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { AccountRow } from '../rows.ts'
import { accountsByIds } from './accounts.ts'

export type FollowRow = Selectable<Schema['follow']>

/** A follow as a list shows it: with the account at its other end. */
export interface Follow {
  id: number
  created_ms: number
  account: AccountRow
}

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
): Promise<Paged<Follow>> {
  const other = end === 'follower_id' ? 'followee_id' : 'follower_id'
  const rows = await db
    .selectFrom('follow')
    .selectAll()
    .where(end, '=', accountId)
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  const accounts = await accountsByIds(
    db,
    rows.map((row) => row[other]),
  )
  const follows = rows.flatMap((row) => {
    const account = accounts.get(row[other])
    return account ? [{ id: row.id, created_ms: row.created_ms, account }] : []
  })
  return counted(follows, page, async () => {
    const { total } = await db
      .selectFrom('follow')
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .where(end, '=', accountId)
      .executeTakeFirstOrThrow()
    return total
  })
}
