import type { Db } from '../../database/open.ts'

export async function insertWatch(
  db: Db,
  row: { collection_id: number; account_id: number; created_ms: number },
): Promise<void> {
  await db
    .insertInto('watch')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function deleteWatch(db: Db, collectionId: number, accountId: number): Promise<void> {
  await db
    .deleteFrom('watch')
    .where('collection_id', '=', collectionId)
    .where('account_id', '=', accountId)
    .execute()
}

/** Which of these collections an account watches; an id below zero is the firehose of that account. */
export async function watchedAmong(db: Db, accountId: number, ids: readonly number[]): Promise<Set<number>> {
  const watched = await db
    .selectFrom('watch')
    .select('collection_id as id')
    .where('account_id', '=', accountId)
    .where('collection_id', 'in', ids)
    .execute()
  const followed = await db
    .selectFrom('follow')
    .select('followee_id as id')
    .where('follower_id', '=', accountId)
    .where(
      'followee_id',
      'in',
      ids.map((id) => -id),
    )
    .execute()
  return new Set([...watched.map(({ id }) => id), ...followed.map(({ id }) => -id)])
}
