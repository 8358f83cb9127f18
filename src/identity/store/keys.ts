import type { Db } from '../../database/open.ts'

export async function replaceKey(db: Db, accountId: number, hash: string, nowMs: number): Promise<void> {
  await db
    .insertInto('api_key')
    .values({ account_id: accountId, hash, created_ms: nowMs })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ hash, created_ms: nowMs }))
    .execute()
}

export function keyByHash(db: Db, hash: string) {
  return db
    .selectFrom('api_key')
    .innerJoin('account', 'account.id', 'api_key.account_id')
    .select(['account.id', 'account.role', 'account.suspended'])
    .where('api_key.hash', '=', hash)
    .executeTakeFirst()
}

export function keyOfAccount(db: Db, accountId: number) {
  return db.selectFrom('api_key').select('created_ms').where('account_id', '=', accountId).executeTakeFirst()
}
