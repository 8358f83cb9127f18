import type { Db } from '../../database/open.ts'

const CREDENTIALS = ['id', 'password_hash', 'suspended'] as const

/** What a sign-in is checked against. `loginKey` is the login in lower case. */
export function credentialsByLogin(db: Db, loginKey: string) {
  return db.selectFrom('account').select(CREDENTIALS).where('login_key', '=', loginKey).executeTakeFirst()
}

export function credentialsById(db: Db, accountId: number) {
  return db.selectFrom('account').select(CREDENTIALS).where('id', '=', accountId).executeTakeFirst()
}

/** How an account is called outside. Null for one that is suspended. */
export async function ownerOfToken(
  db: Db,
  accountId: number,
): Promise<{ login: string; uid: string } | null> {
  const row = await db
    .selectFrom('account')
    .select(['login', 'uid'])
    .where('id', '=', accountId)
    .where('suspended', '=', 0)
    .executeTakeFirst()
  return row ?? null
}

export async function storePasswordHash(db: Db, accountId: number, passwordHash: string): Promise<void> {
  await db
    .updateTable('account')
    .set({ password_hash: passwordHash })
    .where('id', '=', accountId)
    .executeTakeFirst()
}

/** Whether anybody can sign in as an administrator. */
export async function hasAdminWithPassword(db: Db): Promise<boolean> {
  const found = await db
    .selectFrom('account')
    .select('id')
    .where('role', '=', 'admin')
    .where('password_hash', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}
