import type { Insertable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { AuthorizationCodeTable } from '../../database/schema/identity.ts'

export function grantOf(db: Db, appId: number, accountId: number) {
  return db
    .selectFrom('app_grant')
    .selectAll()
    .where('app_id', '=', appId)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
}

/** Makes the grant or takes hold of it, so that nobody else changes it in this transaction. */
export function takeGrant(db: Db, appId: number, accountId: number, nowMs: number) {
  return db
    .insertInto('app_grant')
    .values({ app_id: appId, account_id: accountId, scopes: '', created_ms: nowMs, updated_ms: nowMs })
    .onConflict((conflict) => conflict.columns(['app_id', 'account_id']).doUpdateSet({ updated_ms: nowMs }))
    .returning(['id', 'scopes'])
    .executeTakeFirstOrThrow()
}

export async function setGrantScopes(db: Db, grantId: number, scopes: string): Promise<void> {
  await db.updateTable('app_grant').set({ scopes }).where('id', '=', grantId).execute()
}

/** Every grant of an account with its app and the last use of its tokens, by name of the app. */
export function grantsOfAccount(db: Db, accountId: number) {
  return db
    .selectFrom('app_grant')
    .innerJoin('app', 'app.id', 'app_grant.app_id')
    .leftJoin('token', 'token.grant_id', 'app_grant.id')
    .select(['app_grant.id', 'app_grant.scopes', 'app_grant.created_ms'])
    .select(['app.id as app_id', 'app.name', 'app.website'])
    .select(({ fn }) => fn.max('token.last_used_ms').as('last_used_ms'))
    .where('app_grant.account_id', '=', accountId)
    .groupBy([
      'app_grant.id',
      'app_grant.scopes',
      'app_grant.created_ms',
      'app.id',
      'app.name',
      'app.website',
    ])
    .orderBy('app.name')
    .orderBy('app_grant.id')
    .execute()
}

/** Its codes and tokens go with it. Returns whether the account had such a grant. */
export async function deleteGrant(db: Db, accountId: number, grantId: number): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('app_grant')
    .where('account_id', '=', accountId)
    .where('id', '=', grantId)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

export async function insertCode(db: Db, row: Insertable<AuthorizationCodeTable>): Promise<void> {
  await db.insertInto('authorization_code').values(row).execute()
}

export function codeByHash(db: Db, hash: string) {
  return db
    .selectFrom('authorization_code')
    .innerJoin('account', 'account.id', 'authorization_code.account_id')
    .selectAll('authorization_code')
    .select('account.suspended as account_suspended')
    .where('code_hash', '=', hash)
    .executeTakeFirst()
}

/** Marks a code as used; of any number of callers at once, exactly one hears yes. */
export async function useCode(db: Db, hash: string, nowMs: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('authorization_code')
    .set({ used_ms: nowMs })
    .where('code_hash', '=', hash)
    .where('used_ms', 'is', null)
    .where('expires_ms', '>', nowMs)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Removes codes that expired before a time. Returns how many. */
export async function deleteSpentCodes(db: Db, beforeMs: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('authorization_code')
    .where('expires_ms', '<', beforeMs)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
