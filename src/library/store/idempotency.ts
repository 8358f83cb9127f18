import type { Insertable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'

export function answerOf(db: Db, accountId: number, key: string) {
  return db
    .selectFrom('idempotency')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('key', '=', key)
    .executeTakeFirst()
}

/** @returns Whether the row is new: false when an answer of `since` or later stands under the key. */
export async function insertAnswer(
  db: Db,
  row: Insertable<Schema['idempotency']>,
  sinceMs: number,
): Promise<boolean> {
  await db
    .deleteFrom('idempotency')
    .where('account_id', '=', row.account_id)
    .where('key', '=', row.key)
    .where('created_ms', '<', sinceMs)
    .execute()
  const made = await db
    .insertInto('idempotency')
    .values(row)
    .onConflict((conflict) => conflict.columns(['account_id', 'key']).doNothing())
    .returning('created_ms')
    .executeTakeFirst()
  return made !== undefined
}

export async function deleteAnswers(db: Db, beforeMs: number): Promise<void> {
  await db.deleteFrom('idempotency').where('created_ms', '<', beforeMs).execute()
}
