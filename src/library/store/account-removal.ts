import { sql, type Kysely } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { ItemRow } from '../rows.ts'

/** The next items of an owner, oldest first. */
export function ownItems(db: Db, ownerId: number, limit: number): Promise<ItemRow[]> {
  return db
    .selectFrom('item')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Other people's items that show something of an account: its reactions, its comments, its name as a team. */
export async function itemsTouchedBy(db: Db, accountId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('reaction')
    .select('item_id as id')
    .where('account_id', '=', accountId)
    .union(db.selectFrom('comment').select('item_id as id').where('account_id', '=', accountId))
    .union(db.selectFrom('item').select('id').where('team_id', '=', accountId))
    .execute()
  return rows.map(({ id }) => id)
}

/** Takes an account out of everybody's counters, before its rows go. */
export async function uncountAccount(db: Db, accountId: number): Promise<void> {
  for (const sort of ['fave', 'upvote', 'downvote'] as const) {
    const column = sql.ref(`${sort}s_count`)
    await run(
      db,
      sql`update item set ${column} = ${column} - 1 where id in
      (select item_id from reaction where account_id = ${accountId} and sort = ${sort})`,
    )
  }
  await run(
    db,
    sql`update item set comments_count = comments_count - (select count(*) from comment
      where comment.item_id = item.id and comment.account_id = ${accountId})
    where id in (select item_id from comment where account_id = ${accountId})`,
  )
  await run(
    db,
    sql`update comment set likes_count = likes_count - 1 where id in
    (select comment_id from comment_like where account_id = ${accountId})`,
  )
  await run(
    db,
    sql`update account set followers_count = followers_count - 1 where id in
    (select followee_id from follow where follower_id = ${accountId})`,
  )
  await run(
    db,
    sql`update account set followings_count = followings_count - 1 where id in
    (select follower_id from follow where followee_id = ${accountId})`,
  )
}

/** Everything that is the account's goes with it. */
export async function deleteAccount(db: Db, accountId: number): Promise<void> {
  await db.deleteFrom('account').where('id', '=', accountId).execute()
}

const run = <T>(db: Kysely<T>, statement: ReturnType<typeof sql>) => statement.execute(db)
