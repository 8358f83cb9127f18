import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { hashSecret, newSecret } from './secrets.ts'
import { keyByHash, keyOfAccount, replaceKey } from './store/keys.ts'

/** A new API key for an account (40 hex digits), shown this once; the old one stops working. */
export async function resetKey(ctx: Pick<Context, 'db' | 'clock'>, accountId: number): Promise<string> {
  const key = newSecret(20)
  await replaceKey(ctx.db, accountId, hashSecret(key), ctx.clock().getTime())
  return key
}

/** Whose key this is; null when it is nobody's or its account is suspended. */
export async function findKey(
  db: Db,
  key: string,
): Promise<{ accountId: number; role: 'member' | 'moderator' | 'admin' } | null> {
  if (key === '' || key.length > 256) return null
  const row = await keyByHash(db, hashSecret(key))
  return row && !row.suspended ? { accountId: row.id, role: row.role } : null
}

/** When the account's key was made; null when it has none. */
export async function keyCreatedAt(db: Db, accountId: number): Promise<Date | null> {
  const row = await keyOfAccount(db, accountId)
  return row ? new Date(row.created_ms) : null
}
