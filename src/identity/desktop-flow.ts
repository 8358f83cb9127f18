import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { findApp, findAppByClientId, type App } from './apps.ts'
import { authenticateClient, type ClientCredentials } from './clients.ts'
import { IdentityError } from './errors.ts'
import type { TokenPolicy } from './policy.ts'
import { joinScopes, splitScopes } from './scopes.ts'
import { hashSecret, newSecret, signature } from './secrets.ts'
import { decideRequest, insertRequest, requestById, requestByToken } from './store/desktop-requests.ts'
import { codeByHash, insertCode, setGrantScopes, takeGrant } from './store/grants.ts'

/**
 * Consent for applications on a desktop or a device, which cannot be called back: they get a request token, send the
 * person to a page with it, and exchange it for a code once the person has approved.
 */

/** How long a request may wait, and a code may be exchanged. */
const LIFE_SECONDS = 900
const TOKEN_BYTES = 16

type Slice = Pick<Context, 'db' | 'clock' | 'secret'>
type RequestRow = NonNullable<Awaited<ReturnType<typeof requestById>>>

/** Something secret that expires; `expires` in seconds since 1970. */
export interface Expiring {
  secret: string
  expires: number
}

/** Gives an application a request token. @throws IdentityError what `authenticateClient` throws. */
export async function requestToken(
  ctx: Pick<Context, 'db' | 'clock'>,
  client: ClientCredentials,
  policy: { approvedOnly: boolean },
): Promise<Expiring> {
  const app = await authenticateClient(ctx.db, client, policy)
  const secret = newSecret(TOKEN_BYTES)
  const nowMs = ctx.clock().getTime()
  const expires = Math.floor(nowMs / 1000) + LIFE_SECONDS
  await insertRequest(ctx.db, {
    token_hash: hashSecret(secret),
    app_id: app.id,
    state: 'waiting',
    created_ms: nowMs,
    expires_ms: expires * 1000,
  })
  return { secret, expires }
}

/** Why a page cannot ask for consent. */
export type DesktopPageReason = 'client_unknown' | 'client_suspended' | 'client_not_approved' | 'token_spent'

/** The request behind a page's address, while it waits for its decision. */
export async function checkDesktopRequest(
  ctx: Pick<Context, 'db' | 'clock'>,
  given: { clientId: string; token: string },
  { approvedOnly }: { approvedOnly: boolean },
): Promise<{ fail: null; app: App; requestId: number } | { fail: DesktopPageReason }> {
  const app = await findAppByClientId(ctx.db, given.clientId.slice(0, 256))
  if (app === null) return { fail: 'client_unknown' }
  if (app.suspended) return { fail: 'client_suspended' }
  if (approvedOnly && !app.approved) return { fail: 'client_not_approved' }
  const row = await requestByToken(ctx.db, hashSecret(given.token))
  if (row === undefined || row.app_id !== app.id || !isWaiting(ctx, row)) return { fail: 'token_spent' }
  return { fail: null, app, requestId: row.id }
}

/** The application of a request that still waits; null when it is decided, too old or gone. */
export async function appOfDesktopRequest(
  ctx: Pick<Context, 'clock'> & { db: Db },
  requestId: number,
): Promise<App | null> {
  const row = await requestById(ctx.db, requestId)
  if (row === undefined || !isWaiting(ctx, row)) return null
  const app = await findApp(ctx.db, row.app_id)
  return app === null || app.suspended ? null : app
}

const isWaiting = ({ clock }: Pick<Context, 'clock'>, row: RequestRow) =>
  row.state === 'waiting' && clock().getTime() < row.expires_ms

/** Writes down what a person decided. @throws IdentityError `not_found` when there is nothing to decide any more. */
export async function decideDesktopRequest(
  ctx: Slice,
  accountId: number,
  requestId: number,
  decision: { approved: true; scopes: readonly string[] } | { approved: false },
): Promise<void> {
  const nowMs = ctx.clock().getTime()
  await ctx.db.transaction().execute(async (db) => {
    const app = await appOfDesktopRequest({ ...ctx, db }, requestId)
    const gone = new IdentityError({ kind: 'not_found', what: 'app' })
    if (app === null) throw gone
    const expires = (Math.floor(nowMs / 1000) + LIFE_SECONDS) * 1000
    const codeHash = decision.approved ? hashSecret(codeOf(ctx, requestId)) : null
    const first = await decideRequest(
      db,
      requestId,
      {
        state: decision.approved ? 'approved' : 'denied',
        account_id: accountId,
        code_hash: codeHash,
        code_expires_ms: decision.approved ? expires : null,
      },
      nowMs,
    )
    if (!first) throw gone
    if (decision.approved && codeHash !== null)
      await grant(db, { app, accountId, codeHash, expires, nowMs, scopes: decision.scopes })
  })
}

interface Given {
  app: App
  accountId: number
  codeHash: string
  expires: number
  nowMs: number
  scopes: readonly string[]
}

async function grant(db: Db, { app, accountId, codeHash, expires, nowMs, scopes }: Given): Promise<void> {
  const { id, scopes: before } = await takeGrant(db, app.id, accountId, nowMs)
  await setGrantScopes(db, id, joinScopes([...splitScopes(before), ...scopes]))
  await insertCode(db, {
    code_hash: codeHash,
    app_id: app.id,
    account_id: accountId,
    grant_id: id,
    redirect_uri: app.redirectUri,
    redirect_given: 0,
    scopes: joinScopes(scopes),
    code_challenge: null,
    expires_ms: expires,
  })
}

/** Follows from the request, so that asking again gives the same one though only its hash is stored. */
const codeOf = ({ secret }: Pick<Context, 'secret'>, requestId: number) =>
  hashSecret(signature(secret, `desktop code\n${requestId}`)).slice(0, TOKEN_BYTES * 2)

/**
 * Exchanges a request token for its authorization code, as often as it is asked while the code is unused.
 *
 * @throws IdentityError `bad_client`, `client_suspended`, `client_not_approved`, `bad_grant`.
 */
export async function authorizationCode(
  ctx: Slice,
  given: { clientId: string; token: string },
  { approvedOnly }: Pick<TokenPolicy, 'approvedOnly'>,
): Promise<Expiring> {
  const app = await findAppByClientId(ctx.db, given.clientId.slice(0, 256))
  if (app === null) throw new IdentityError({ kind: 'bad_client' })
  if (app.suspended) throw new IdentityError({ kind: 'client_suspended' })
  if (approvedOnly && !app.approved) throw new IdentityError({ kind: 'client_not_approved' })
  const row = await requestByToken(ctx.db, hashSecret(given.token))
  const nowMs = ctx.clock().getTime()
  if (row === undefined || row.app_id !== app.id) throw refuse('Unknown request token')
  if (row.state === 'denied') throw refuse('The request token has been denied')
  if (row.state === 'waiting')
    throw refuse(
      nowMs < row.expires_ms ? 'The request token has not been approved' : 'The request token has expired',
    )
  const code = await codeByHash(ctx.db, row.code_hash ?? '')
  if (code === undefined || code.used_ms !== null || nowMs >= code.expires_ms)
    throw refuse('The request token has expired')
  return { secret: codeOf(ctx, row.id), expires: Math.floor(code.expires_ms / 1000) }
}

const refuse = (problem: string) => new IdentityError({ kind: 'bad_grant', problem })
