import type { Insertable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { TokenDigestTable } from '../../database/schema/identity.ts'

export async function insertTokenDigest(db: Db, row: Insertable<TokenDigestTable>): Promise<void> {
  await db.insertInto('token_digest').values(row).execute()
}

/** The newest tokens of a login that Digest works with, at most so many. */
export function tokenDigestsOfLogin(db: Db, loginKey: string, most: number) {
  return db
    .selectFrom('token_digest')
    .innerJoin('token', 'token.id', 'token_digest.token_id')
    .innerJoin('account', 'account.id', 'token_digest.account_id')
    .select(['token.id', 'token.hash', 'token_digest.sealed'])
    .where('account.login_key', '=', loginKey)
    .where('token.revoked_ms', 'is', null)
    .orderBy('token.id', 'desc')
    .limit(most)
    .execute()
}
