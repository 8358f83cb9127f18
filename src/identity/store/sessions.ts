import type { Insertable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { SessionTable } from '../../database/schema/identity.ts'

export async function insertSession(db: Db, row: Insertable<SessionTable>): Promise<void> {
  await db.insertInto('session').values(row).execute()
}

/** A session with the account it belongs to. Says nothing about whether it is still good. */
export function sessionByHash(db: Db, hash: string) {
  return db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .selectAll('session')
    .select(['account.login', 'account.name', 'account.role', 'account.suspended'])
    .where('session.hash', '=', hash)
    .executeTakeFirst()
}

/** Newest use first. */
export function sessionsOfAccount(db: Db, accountId: number) {
  return db
    .selectFrom('session')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('last_seen_ms', 'desc')
    .orderBy('hash')
    .execute()
}

export async function touchSession(db: Db, hash: string, nowMs: number): Promise<void> {
  await db.updateTable('session').set({ last_seen_ms: nowMs }).where('hash', '=', hash).execute()
}

/** Returns whether there was such a session. */
export async function deleteSession(db: Db, accountId: number, hash: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('session')
    .where('account_id', '=', accountId)
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** Ends every session of an account but, when given, the one kept. */
export async function deleteSessionsOf(db: Db, accountId: number, keep: string | null): Promise<void> {
  let doomed = db.deleteFrom('session').where('account_id', '=', accountId)
  if (keep !== null) doomed = doomed.where('hash', '!=', keep)
  await doomed.execute()
}

export async function deleteSessions(db: Db, hashes: readonly string[]): Promise<void> {
  if (hashes.length > 0) await db.deleteFrom('session').where('hash', 'in', hashes).execute()
}

/** Removes sessions past their end or not seen since. Returns how many. */
export async function deleteSpentSessions(db: Db, nowMs: number, seenBeforeMs: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('session')
    .where((where) => where.or([where('expires_ms', '<=', nowMs), where('last_seen_ms', '<=', seenBeforeMs)]))
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
