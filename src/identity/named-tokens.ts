import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { findApp, type App } from './apps.ts'
import { authenticateClient, type ClientCredentials } from './clients.ts'
import { checkCode, type CodeExchange } from './codes.ts'
import { keepTokenDigest } from './digest-tokens.ts'
import { IdentityError } from './errors.ts'
import { grantToken, type GivenToken } from './grants.ts'
import type { TokenPolicy } from './policy.ts'
import { splitScopes } from './scopes.ts'
import { hashSecret } from './secrets.ts'
import { ownerOfToken } from './store/accounts.ts'
import { isDesktopCode } from './store/desktop-requests.ts'
import { codeByHash, useCode } from './store/grants.ts'
import { revokeLiveToken, revokeTokensOfCode, tokenByHash } from './store/tokens.ts'
import { issueTokens, type IssuedTokens, type TokenOrigin } from './tokens.ts'

/** Tokens that are used like a password beside the name of their owner: with HTTP Basic and Digest. */
export interface NamedTokens extends IssuedTokens {
  login: string
  /** The public id of the account, 32 hex digits. */
  uid: string
}

type Slice = Pick<Context, 'db' | 'clock' | 'secret'>

/** What such tokens are for, beside the policy: the realm that Digest names. */
export type NamedPolicy = TokenPolicy & { realm: string }

/**
 * Exchanges an authorization code, once; a second exchange revokes what the first one gave.
 *
 * @param client Null where none is named: only codes of the flow for desktops may be exchanged without.
 * @throws IdentityError `bad_grant`, `bad_client` or what `authenticateClient` throws.
 */
export async function exchangeForNamed(
  ctx: Slice,
  given: CodeExchange,
  client: ClientCredentials | null,
  policy: NamedPolicy,
): Promise<NamedTokens> {
  const codeHash = hashSecret(given.code)
  const row = await codeByHash(ctx.db, codeHash)
  const app = client === null ? null : await authenticateClient(ctx.db, client, policy)
  if (row === undefined) throw refuse('Unknown code')
  const owner = app ?? (await appOfDesktopCode(ctx, codeHash, row.app_id))
  const now = ctx.clock()
  const nowMs = now.getTime()
  checkCode(row, owner, given, { nowMs, policy })
  const origin = {
    appId: row.app_id,
    accountId: row.account_id,
    grantId: row.grant_id,
    scopes: row.scopes,
    codeHash,
  }
  const issued = await ctx.db.transaction().execute(async (db) => {
    if (await useCode(db, codeHash, nowMs)) return issueNamed({ ...ctx, db }, now, origin, policy)
    // Returned, not thrown: the revocation must be committed.
    await revokeTokensOfCode(db, codeHash, nowMs)
    return null
  })
  if (issued === null) throw refuse('The code has been used')
  return issued
}

async function appOfDesktopCode({ db }: Slice, codeHash: string, appId: number): Promise<App> {
  const app = (await isDesktopCode(db, codeHash)) ? await findApp(db, appId) : null
  if (app === null) throw new IdentityError({ kind: 'bad_client' })
  if (app.suspended) throw new IdentityError({ kind: 'client_suspended' })
  return app
}

/** Exchanges a refresh token; used twice, all that came from the same consent is revoked. @throws as above. */
export async function refreshNamed(
  ctx: Slice,
  refreshToken: string,
  client: ClientCredentials,
  policy: NamedPolicy,
): Promise<NamedTokens> {
  const app = await authenticateClient(ctx.db, client, policy)
  const row = await tokenByHash(ctx.db, hashSecret(refreshToken))
  if (!row || row.kind !== 'refresh' || row.app_id !== app.id || row.account_suspended)
    throw refuse('Unknown refresh token')
  const now = ctx.clock()
  if (row.expires_ms !== null && now.getTime() >= row.expires_ms)
    throw refuse('The refresh token has expired')
  const origin = {
    appId: row.app_id,
    accountId: row.account_id,
    grantId: row.grant_id,
    scopes: row.scopes,
    codeHash: row.code_hash,
  }
  const issued = await ctx.db.transaction().execute(async (db) => {
    if (await revokeLiveToken(db, row.id, now.getTime()))
      return issueNamed({ ...ctx, db }, now, origin, policy)
    if (row.code_hash !== null) await revokeTokensOfCode(db, row.code_hash, now.getTime())
    return null
  })
  if (issued === null) throw refuse('The refresh token has been used')
  return issued
}

async function issueNamed(
  { db, secret }: Pick<Slice, 'secret'> & { db: Db },
  now: Date,
  origin: TokenOrigin,
  policy: NamedPolicy,
): Promise<NamedTokens> {
  const issued = await issueTokens(db, now, origin, policy)
  const { accountId } = issued
  const kept = await keepForDigest(db, secret, { token: issued.accessToken, accountId, realm: policy.realm })
  if (kept === null) throw refuse('Unknown code')
  return { ...issued, ...kept }
}

/**
 * Gives an app a token for an account without asking anybody, as `issueToken` does, that Digest works with as well.
 *
 * @returns The access token (64 hex digits), which does not expire, for the only time.
 */
export function issueNamedToken(ctx: Slice, given: GivenToken, realm: string): Promise<string> {
  return ctx.db.transaction().execute(async (db) => {
    const token = await grantToken(db, ctx.clock(), given)
    await keepForDigest(db, ctx.secret, { token, accountId: given.accountId, realm })
    return token
  })
}

/** Null where there is nobody whose name could be said with the token. */
async function keepForDigest(
  db: Db,
  secret: Buffer,
  { token, accountId, realm }: { token: string; accountId: number; realm: string },
): Promise<Pick<NamedTokens, 'scopes' | 'login' | 'uid'> | null> {
  const row = await tokenByHash(db, hashSecret(token))
  const owner = await ownerOfToken(db, accountId)
  if (row === undefined || owner === null) return null
  await keepTokenDigest(db, secret, { tokenId: row.id, accountId, login: owner.login, realm, token })
  return { scopes: splitScopes(row.scopes), ...owner }
}

const refuse = (problem: string) => new IdentityError({ kind: 'bad_grant', problem })
