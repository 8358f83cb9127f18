import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { authenticateClient, type ClientCredentials } from './clients.ts'
import { checkCode, type CodeExchange } from './codes.ts'
import { IdentityError } from './errors.ts'
import type { TokenPolicy } from './policy.ts'
import { joinScopes, splitScopes } from './scopes.ts'
import { hashSecret, newSecret } from './secrets.ts'
import { codeByHash, useCode } from './store/grants.ts'
import {
  insertToken,
  revokeLiveToken,
  revokeOldTokens,
  revokeTokensOfCode,
  tokenByHash,
} from './store/tokens.ts'

/** Live tokens of one person's grant to one app: the oldest gives way. */
const MOST_PER_GRANT = 100

/** Tokens just made; the only time they are seen. */
export interface IssuedTokens {
  /** 64 hex digits. */
  accessToken: string
  refreshToken: string | null
  /** Sorted. */
  scopes: string[]
  /** Null when the access token does not expire. */
  expiresInSeconds: number | null
  createdAt: Date
  accountId: number
  appId: number
}

type Slice = Pick<Context, 'db' | 'clock'>

/**
 * Exchanges an authorization code, once. A second exchange is refused and revokes what the first one gave, for
 * then one of the two callers has stolen the code (RFC 6749, 4.1.2). A refusal of any other kind leaves it as it was.
 *
 * @throws IdentityError `bad_request`, `bad_grant`, or what `authenticateClient` throws.
 */
export async function exchangeCode(
  ctx: Slice,
  given: CodeExchange,
  client: ClientCredentials,
  policy: TokenPolicy,
): Promise<IssuedTokens> {
  const app = await authenticateClient(ctx.db, client, policy)
  if (given.code === '') throw new IdentityError({ kind: 'bad_request', problem: 'The code is missing.' })
  const codeHash = hashSecret(given.code)
  const now = ctx.clock()
  const nowMs = now.getTime()
  const row = await codeByHash(ctx.db, codeHash)
  if (!row) throw badGrant('The code is unknown.')
  checkCode(row, app, given, { nowMs, policy })

  const issued = await ctx.db.transaction().execute(async (db) => {
    const first = await useCode(db, codeHash, nowMs)
    if (first) return issueTokens(db, now, { ...ownerOf(row), scopes: row.scopes, codeHash }, policy)
    // Returned, not thrown: the revocation must be committed.
    await revokeTokensOfCode(db, codeHash, nowMs)
    return null
  })
  if (!issued) throw badGrant('The code has been used.')
  return issued
}

/**
 * Exchanges a refresh token for new ones; the old one stops working. Using it again revokes all that came from the
 * same consent (RFC 9700, 4.14.2).
 *
 * @param given.scope Fewer scopes for the new access token; null or '' for the same.
 * @throws IdentityError `bad_request`, `bad_grant`, `bad_scope`, or what `authenticateClient` throws.
 */
export async function refreshTokens(
  ctx: Slice,
  given: { refreshToken: string; scope: string | null },
  client: ClientCredentials,
  policy: TokenPolicy,
): Promise<IssuedTokens> {
  const app = await authenticateClient(ctx.db, client, policy)
  if (given.refreshToken === '')
    throw new IdentityError({ kind: 'bad_request', problem: 'The refresh_token is missing.' })
  const now = ctx.clock()
  const row = await tokenByHash(ctx.db, hashSecret(given.refreshToken))
  if (!row || row.kind !== 'refresh' || row.app_id !== app.id) throw badGrant('The refresh token is unknown.')
  if (row.account_suspended) throw badGrant('The account is suspended.')
  if (row.expires_ms !== null && now.getTime() >= row.expires_ms)
    throw badGrant('The refresh token has expired.')
  const accessScopes = joinScopes(splitScopes(given.scope ?? '')) || row.scopes
  if (!splitScopes(accessScopes).every((scope) => splitScopes(row.scopes).includes(scope)))
    throw new IdentityError({ kind: 'bad_scope' })

  const issued = await ctx.db.transaction().execute(async (db) => {
    const first = await revokeLiveToken(db, row.id, now.getTime())
    const of = { ...ownerOf(row), scopes: row.scopes, accessScopes, codeHash: row.code_hash }
    if (first) return issueTokens(db, now, of, policy)
    if (row.code_hash !== null) await revokeTokensOfCode(db, row.code_hash, now.getTime())
    return null
  })
  if (!issued) throw badGrant('The refresh token has been used.')
  return issued
}

/** What tokens are made for. `codeHash` is the family: whatever came from one code is revoked together. */
export interface TokenOrigin {
  appId: number
  accountId: number
  grantId: number | null
  scopes: string
  accessScopes?: string
  codeHash: string | null
}

/** Makes an access token, and a refresh token if the policy has them, in the caller's transaction. */
export async function issueTokens(
  db: Db,
  now: Date,
  origin: TokenOrigin,
  policy: Pick<TokenPolicy, 'accessSeconds' | 'refreshSeconds' | 'tokenBytes'>,
): Promise<IssuedTokens> {
  const nowMs = now.getTime()
  const accessScopes = origin.accessScopes ?? origin.scopes
  const insert = async (kind: 'access' | 'refresh', scopes: string, seconds: number | null) => {
    const secret = newSecret(policy.tokenBytes)
    await insertToken(db, {
      hash: hashSecret(secret),
      kind,
      app_id: origin.appId,
      account_id: origin.accountId,
      grant_id: origin.grantId,
      scopes,
      code_hash: origin.codeHash,
      created_ms: nowMs,
      expires_ms: seconds === null ? null : nowMs + seconds * 1000,
    })
    if (origin.grantId !== null)
      await revokeOldTokens(db, { grantId: origin.grantId, kind, keep: MOST_PER_GRANT }, nowMs)
    return secret
  }
  return {
    accessToken: await insert('access', accessScopes, policy.accessSeconds),
    refreshToken:
      policy.refreshSeconds === null ? null : await insert('refresh', origin.scopes, policy.refreshSeconds),
    scopes: splitScopes(accessScopes),
    expiresInSeconds: policy.accessSeconds,
    createdAt: now,
    accountId: origin.accountId,
    appId: origin.appId,
  }
}

/** A token that works: who acts, through which app, with which scopes. */
export interface FoundToken {
  tokenId: number
  /** `client` tokens belong to an app alone, act as its owner and only read. */
  kind: 'access' | 'client'
  appId: number
  appApproved: boolean
  accountId: number
  role: 'member' | 'moderator' | 'admin'
  scopes: ReadonlySet<string>
}

/**
 * The token that this secret stands for. Null when it is unknown, revoked, expired or left unused for too long
 * (VITRINE_TOKEN_IDLE_DAYS), and when its app or its account is suspended. Writes nothing.
 */
export async function findToken(
  ctx: Pick<Context, 'db' | 'clock' | 'config'>,
  secret: string,
): Promise<FoundToken | null> {
  return secret === '' || secret.length > 256 ? null : findTokenByHash(ctx, hashSecret(secret))
}

/** The same by the hash of the secret. */
export async function findTokenByHash(
  ctx: Pick<Context, 'db' | 'clock' | 'config'>,
  hash: string,
): Promise<FoundToken | null> {
  const row = await tokenByHash(ctx.db, hash)
  if (!row || row.kind === 'refresh' || row.revoked_ms !== null) return null
  if (row.app_suspended || row.account_suspended) return null
  const nowMs = ctx.clock().getTime()
  if (row.expires_ms !== null && nowMs >= row.expires_ms) return null
  const idleMs = ctx.config.VITRINE_TOKEN_IDLE_DAYS * 86_400_000
  if (idleMs > 0 && nowMs >= (row.last_used_ms ?? row.created_ms) + idleMs) return null
  return {
    tokenId: row.id,
    kind: row.kind,
    appId: row.app_id,
    appApproved: row.approved === 1,
    accountId: row.account_id,
    role: row.role,
    scopes: new Set(splitScopes(row.scopes)),
  }
}

/**
 * Revokes a token by its secret; with a refresh token, all that came from the same consent (RFC 7009, 2.1). Unknown
 * tokens are passed over.
 *
 * @param appId When given, only a token of this app.
 */
export async function revokeToken(ctx: Slice, secret: string, appId: number | null): Promise<void> {
  const nowMs = ctx.clock().getTime()
  const row = await tokenByHash(ctx.db, hashSecret(secret))
  if (!row || (appId !== null && row.app_id !== appId)) return
  await revokeLiveToken(ctx.db, row.id, nowMs)
  if (row.kind === 'refresh' && row.code_hash !== null) await revokeTokensOfCode(ctx.db, row.code_hash, nowMs)
}

const ownerOf = (row: { app_id: number; account_id: number; grant_id: number | null }) => ({
  appId: row.app_id,
  accountId: row.account_id,
  grantId: row.grant_id,
})

const badGrant = (problem: string) => new IdentityError({ kind: 'bad_grant', problem })

export { createUsageRecorder, type UsageRecorder } from './usage.ts'
