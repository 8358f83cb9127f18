import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { findApp, findAppByClientId, type App } from './apps.ts'
import { isChallenge } from './codes.ts'
import { IdentityError } from './errors.ts'
import type { AuthorizationPolicy } from './policy.ts'
import { redirectAllowed, withParameters } from './redirects.ts'
import { joinScopes, splitScopes } from './scopes.ts'
import { hashSecret, newSecret } from './secrets.ts'
import { grantOf, insertCode, setGrantScopes, takeGrant } from './store/grants.ts'

/** Node lets 16 KiB of headers in; a ticket with a state of this size still fits. */
const LONGEST_STATE = 4096

/** A checked request for authorization: plain data that can be sealed into a ticket. */
export interface AuthorizationRequest {
  appId: number
  /** Where the answer goes: the URI given, or the registered one. */
  redirectUri: string
  redirectGiven: boolean
  /** Null when the request named none. */
  scopes: string[] | null
  /** What a request without scopes means to somebody who has not consented before. */
  defaultScopes: string[]
  /** The scopes that the dialect knows. */
  knownScopes: string[]
  state: string | null
  codeChallenge: string | null
  codeSeconds: number
  /** Random bytes in the code; 32 when left out. */
  codeBytes?: number
}

/** Why a request is answered on our own page, with no redirect to anywhere. */
export type PageReason =
  | 'repeated_parameter'
  | 'client_missing'
  | 'client_unknown'
  | 'client_suspended'
  | 'client_not_approved'
  | 'redirect_not_registered'

/** RFC 6749, 4.1.2.1, and the two words of the Dribbble page "OAuth", "Redirect URLs" and errors. */
export type AuthorizationError =
  | 'access_denied'
  | 'application_suspended'
  | 'invalid_redirect_uri'
  | 'invalid_request'
  | 'invalid_scope'
  | 'unsupported_response_type'

export type AuthorizationCheck =
  | { fail: null; app: App; request: AuthorizationRequest }
  | { fail: 'page'; reason: PageReason }
  | { fail: 'redirect'; to: string; error: AuthorizationError; description: string; state: string | null }

const NAMES = [
  'client_id',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
] as const
type Name = (typeof NAMES)[number]
type Given = Record<Name, string | null>

/**
 * Checks the parameters of an authorization request (RFC 6749, 4.1.1). Values that are not texts count as repeated;
 * empty ones as absent; unknown names are ignored.
 *
 * Nobody is ever sent to a URI that is not registered: `to` is the registered callback, or a URI that passed.
 */
export async function checkAuthorizationRequest(
  db: Db,
  parameters: Readonly<Record<string, unknown>>,
  policy: AuthorizationPolicy,
): Promise<AuthorizationCheck> {
  const { given, repeated } = readParameters(parameters)
  if (repeated.has('client_id') || repeated.has('redirect_uri'))
    return { fail: 'page', reason: 'repeated_parameter' }
  if (given.client_id === null) return { fail: 'page', reason: 'client_missing' }
  const app = await findAppByClientId(db, given.client_id)
  if (!app) return { fail: 'page', reason: 'client_unknown' }
  if (policy.approvedOnly && !app.approved) return { fail: 'page', reason: 'client_not_approved' }

  const redirect = redirectFailure(app, given, policy)
  if (redirect) return redirect
  const redirectUri = given.redirect_uri ?? app.redirectUri
  const { state } = given
  const wrong = repeated.size > 0 ? malformed(`${[...repeated].join(', ')} was sent more than once.`) : null
  const problem = wrong ?? findProblem(app, given, policy)
  if (problem) return { fail: 'redirect', to: redirectUri, ...problem, state }
  return { fail: null, app, request: requestOf(app, given, policy) }
}

/** The redirect with which a refused request is answered. */
export function refusalUrl(refusal: Extract<AuthorizationCheck, { fail: 'redirect' }>): string {
  const { to, error, description, state } = refusal
  return withParameters(to, { error, error_description: description, state })
}

function readParameters(parameters: Readonly<Record<string, unknown>>) {
  const repeated = new Set<Name>()
  const read = (name: Name) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    if (typeof value === 'string') return value === '' ? null : value
    if (value !== undefined && value !== null) repeated.add(name)
    return null
  }
  const given: Given = {
    client_id: read('client_id'),
    redirect_uri: read('redirect_uri'),
    response_type: read('response_type'),
    scope: read('scope'),
    state: read('state'),
    code_challenge: read('code_challenge'),
    code_challenge_method: read('code_challenge_method'),
  }
  return { given, repeated }
}

function redirectFailure(app: App, given: Given, policy: AuthorizationPolicy): AuthorizationCheck | null {
  const report = (reason: PageReason, error: AuthorizationError, description: string): AuthorizationCheck =>
    policy.badRedirect === 'page'
      ? { fail: 'page', reason }
      : { fail: 'redirect', to: app.redirectUri, error, description, state: given.state }

  if (app.suspended)
    return report('client_suspended', 'application_suspended', 'The application has been suspended.')
  const fits =
    given.redirect_uri === null ||
    redirectAllowed(app.redirectUri, given.redirect_uri, { below: app.redirectBelow })
  return fits
    ? null
    : report(
        'redirect_not_registered',
        'invalid_redirect_uri',
        'The redirect_uri must match the registered callback URL of the application.',
      )
}

type Problem = { error: AuthorizationError; description: string }
const malformed = (description: string): Problem => ({ error: 'invalid_request', description })

function findProblem(app: App, given: Given, policy: AuthorizationPolicy): Problem | null {
  if (given.response_type === null && policy.responseType === 'required')
    return malformed('The response_type is missing.')
  if (given.response_type !== null && given.response_type !== 'code')
    return { error: 'unsupported_response_type', description: 'The response_type must be code.' }
  if (given.state !== null && given.state.length > LONGEST_STATE)
    return malformed(`The state is too long (at most ${LONGEST_STATE} characters).`)
  return challengeProblem(app, given) ?? scopeProblem(given.scope, policy)
}

/** RFC 7636: a challenge without a method means `plain`, which is refused (RFC 9700, 2.1.1). */
function challengeProblem(app: App, given: Given): Problem | null {
  const { code_challenge: challenge, code_challenge_method: method } = given
  if (challenge === null && method === null)
    return app.isPublic ? malformed('A public client must send a code_challenge.') : null
  if (challenge === null) return malformed('The code_challenge is missing.')
  if (method !== 'S256') return malformed('The code_challenge_method must be S256.')
  return isChallenge(challenge) ? null : malformed('The code_challenge is malformed.')
}

function scopeProblem(scope: string | null, policy: AuthorizationPolicy): Problem | null {
  if (scope === null || policy.unknownScopes === 'ignore') return null
  return splitScopes(scope).every((one) => policy.scopes.includes(one))
    ? null
    : { error: 'invalid_scope', description: `The scopes are ${policy.scopes.join(', ')}.` }
}

function requestOf(app: App, given: Given, policy: AuthorizationPolicy): AuthorizationRequest {
  const asked = splitScopes(given.scope ?? '').filter((scope) => policy.scopes.includes(scope))
  return {
    appId: app.id,
    redirectUri: given.redirect_uri ?? app.redirectUri,
    redirectGiven: given.redirect_uri !== null,
    scopes: asked.length > 0 ? asked : null,
    defaultScopes: [...policy.defaultScopes],
    knownScopes: [...policy.scopes],
    state: given.state,
    codeChallenge: given.code_challenge,
    codeSeconds: policy.codeSeconds,
    ...(policy.codeBytes === undefined ? {} : { codeBytes: policy.codeBytes }),
  }
}

/**
 * Whether the person must be asked, and for which scopes. Without scopes in the request, whoever has consented before
 * is given the same scopes as last time, unasked; wider ones are asked for (OAuth, "scope").
 * A public client that does not answer at an https address of its own is always asked for: anybody can pose as
 * it (RFC 6749, 10.2; RFC 8252, 8.6).
 */
export async function needsConsent(
  db: Db,
  accountId: number,
  app: App,
  request: AuthorizationRequest,
): Promise<{ needed: boolean; scopes: string[] }> {
  const grant = await grantOf(db, app.id, accountId)
  const given = splitScopes(grant?.scopes ?? '')
  const asBefore = given.filter((scope) => request.knownScopes.includes(scope))
  const scopes = request.scopes ?? (asBefore.length > 0 ? asBefore : request.defaultScopes)
  const covered = grant !== undefined && scopes.every((scope) => given.includes(scope))
  const canBePosed = app.isPublic && !request.redirectUri.startsWith('https:')
  return { needed: !covered || canBePosed, scopes }
}

/** The app of a checked request, if it may still be answered: it may have changed since. */
export async function appOfRequest(db: Db, request: AuthorizationRequest): Promise<App | null> {
  const app = await findApp(db, request.appId)
  if (!app || app.suspended) return null
  return redirectAllowed(app.redirectUri, request.redirectUri, { below: app.redirectBelow }) ? app : null
}

/**
 * Gives the app what it asked for: the grant is widened and a single-use code made.
 *
 * @param scopes What `needsConsent` said, and the person saw.
 * @returns The code and the redirect that carries it, with the state as it came.
 * @throws IdentityError `not_found` when the app is gone, suspended, or has another callback by now.
 */
export async function approve(
  ctx: Pick<Context, 'db' | 'clock'>,
  accountId: number,
  request: AuthorizationRequest,
  scopes: readonly string[],
): Promise<{ code: string; location: string }> {
  const code = newSecret(request.codeBytes)
  const nowMs = ctx.clock().getTime()
  await ctx.db.transaction().execute(async (db) => {
    const app = await appOfRequest(db, request)
    if (!app) throw new IdentityError({ kind: 'not_found', what: 'app' })
    const grant = await takeGrant(db, app.id, accountId, nowMs)
    await setGrantScopes(db, grant.id, joinScopes([...splitScopes(grant.scopes), ...scopes]))
    await insertCode(db, {
      code_hash: hashSecret(code),
      app_id: app.id,
      account_id: accountId,
      grant_id: grant.id,
      redirect_uri: request.redirectUri,
      redirect_given: request.redirectGiven ? 1 : 0,
      scopes: joinScopes(scopes),
      code_challenge: request.codeChallenge,
      expires_ms: nowMs + request.codeSeconds * 1000,
    })
  })
  return { code, location: withParameters(request.redirectUri, { code, state: request.state }) }
}

/** The redirect that says the person declined. */
export function deny(request: AuthorizationRequest): string {
  return refusalUrl({
    fail: 'redirect',
    to: request.redirectUri,
    error: 'access_denied',
    description: 'The person denied the request.',
    state: request.state,
  })
}
