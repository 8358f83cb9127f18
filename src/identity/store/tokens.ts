import type { Insertable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { TokenTable } from '../../database/schema/identity.ts'

export async function insertToken(db: Db, row: Insertable<TokenTable>): Promise<number> {
  const { id } = await db.insertInto('token').values(row).returning('id').executeTakeFirstOrThrow()
  return id
}

/** A token with what decides whether it still works: its app and its account. */
export function tokenByHash(db: Db, hash: string) {
  return db
    .selectFrom('token')
    .innerJoin('app', 'app.id', 'token.app_id')
    .innerJoin('account', 'account.id', 'token.account_id')
    .selectAll('token')
    .select(['app.approved', 'app.suspended as app_suspended'])
    .select(['account.role', 'account.suspended as account_suspended'])
    .where('token.hash', '=', hash)
    .executeTakeFirst()
}

/** Revokes one live token; returns whether it was live, so that only one of many callers hears yes. */
export async function revokeLiveToken(db: Db, id: number, nowMs: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('token')
    .set({ revoked_ms: nowMs })
    .where('id', '=', id)
    .where('revoked_ms', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Revokes everything that came from one authorization code, by exchange and by refreshing. */
export async function revokeTokensOfCode(db: Db, codeHash: string, nowMs: number): Promise<void> {
  await db
    .updateTable('token')
    .set({ revoked_ms: nowMs })
    .where('code_hash', '=', codeHash)
    .where('revoked_ms', 'is', null)
    .execute()
}

/** Revokes the oldest tokens of a grant beyond the newest `keep` of a kind. */
export async function revokeOldTokens(
  db: Db,
  of: { grantId: number; kind: TokenTable['kind']; keep: number },
  nowMs: number,
): Promise<void> {
  const live = db
    .selectFrom('token')
    .select('id')
    .where('grant_id', '=', of.grantId)
    .where('kind', '=', of.kind)
    .where('revoked_ms', 'is', null)
  const oldestKept = await live
    .orderBy('id', 'desc')
    .offset(of.keep - 1)
    .limit(1)
    .executeTakeFirst()
  if (!oldestKept) return
  await db
    .updateTable('token')
    .set({ revoked_ms: nowMs })
    .where('id', 'in', live.where('id', '<', oldestKept.id))
    .execute()
}

/** The client access token of an app made last, revoked or not. */
export function clientTokenOfApp(db: Db, appId: number) {
  return db
    .selectFrom('token')
    .selectAll()
    .where('app_id', '=', appId)
    .where('kind', '=', 'client')
    .orderBy('created_ms', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Notes the last use of tokens, in one statement per token. A token that is gone is passed over. */
export async function storeTokenUse(db: Db, uses: ReadonlyMap<number, number>): Promise<void> {
  for (const [id, atMs] of uses)
    await db.updateTable('token').set({ last_used_ms: atMs }).where('id', '=', id).execute()
}

/** Removes tokens that stopped working before a time. Returns how many. */
export async function deleteSpentTokens(db: Db, beforeMs: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('token')
    .where((where) => where.or([where('revoked_ms', '<', beforeMs), where('expires_ms', '<', beforeMs)]))
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
