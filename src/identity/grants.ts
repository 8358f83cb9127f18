import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { IdentityError } from './errors.ts'
import { joinScopes, splitScopes } from './scopes.ts'
import { deleteGrant, grantsOfAccount, setGrantScopes, takeGrant } from './store/grants.ts'
import { issueTokens } from './tokens.ts'

/** A person's consent to an app. */
export interface Grant {
  id: number
  app: { id: number; name: string; website: string | null }
  scopes: string[]
  createdAt: Date
  /** Exact to a minute; null when no token of it was used yet. */
  lastUsedAt: Date | null
}

export async function grantsOf(db: Db, accountId: number): Promise<Grant[]> {
  const rows = await grantsOfAccount(db, accountId)
  return rows.map((row) => ({
    id: row.id,
    app: { id: row.app_id, name: row.name, website: row.website },
    scopes: splitScopes(row.scopes),
    createdAt: new Date(row.created_ms),
    lastUsedAt: row.last_used_ms === null ? null : new Date(row.last_used_ms),
  }))
}

/** Takes consent back: the app's codes and tokens of this account stop working. @throws IdentityError `not_found`. */
export async function revokeGrant(db: Db, accountId: number, grantId: number): Promise<void> {
  const revoked = await deleteGrant(db, accountId, grantId)
  if (!revoked) throw new IdentityError({ kind: 'not_found', what: 'grant' })
}

/** Who a token acts for, through which app, and what it allows. */
export interface GivenToken {
  accountId: number
  appId: number
  scopes: readonly string[]
}

/**
 * Gives an app a token for an account without asking anybody: for the operator. The grant it makes is listed and
 * revoked like any other.
 *
 * @returns The access token (64 hex digits), which does not expire, for the only time.
 */
export function issueToken(ctx: Pick<Context, 'db' | 'clock'>, given: GivenToken): Promise<string> {
  return ctx.db.transaction().execute((db) => grantToken(db, ctx.clock(), given))
}

/** The same in the caller's transaction. */
export async function grantToken(
  db: Db,
  now: Date,
  { accountId, appId, scopes }: GivenToken,
): Promise<string> {
  const grant = await takeGrant(db, appId, accountId, now.getTime())
  await setGrantScopes(db, grant.id, joinScopes([...splitScopes(grant.scopes), ...scopes]))
  const origin = { appId, accountId, grantId: grant.id, scopes: joinScopes(scopes), codeHash: null }
  const issued = await issueTokens(db, now, origin, { accessSeconds: null, refreshSeconds: null })
  return issued.accessToken
}
