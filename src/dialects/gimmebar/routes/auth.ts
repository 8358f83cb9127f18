import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { clientIn } from '../../../faces/token-endpoint.ts'
import { authorizationCode, requestToken } from '../../../identity/desktop-flow.ts'
import { IdentityError } from '../../../identity/errors.ts'
import {
  exchangeForNamed,
  refreshNamed,
  type NamedPolicy,
  type NamedTokens,
} from '../../../identity/named-tokens.ts'
import { createThrottle, type Throttle } from '../../../identity/throttle.ts'
import { callOf, textOf, type Call } from '../call.ts'
import { invalidInput, refuseIdentity } from '../errors.ts'
import { BOTH, method, V0 } from '../formats.ts'
import { REALM } from '../realm.ts'
import { approvedOnly } from '../scopes.ts'

/** Neither kind of token expires ("expires_in":null); a refresh token is replaced whenever it is used. */
const LIVES = {
  accessSeconds: null,
  refreshSeconds: 10 * 365 * 86_400,
  tokenBytes: 16,
  redirectUri: 'optional',
  realm: REALM,
} as const

type TokenType = 'request' | 'authorization' | 'access'
/** With their addresses in version 0. */
const TYPES: readonly [TokenType, string][] = [
  ['request', '/auth/reqtoken'],
  ['authorization', '/auth/exchange/request'],
  ['access', '/auth/exchange/authorization'],
]
const RULES = { open: true, tokens: true }

/** "POST auth/token/:token_type" and "GET auth/test". */
export function authRoutes(face: FastifyInstance, ctx: Context): void {
  const policy: NamedPolicy = { ...LIVES, approvedOnly: approvedOnly(ctx.config) }
  const throttle = createThrottle()

  async function answer(request: FastifyRequest, type: TokenType): Promise<unknown> {
    const call = callOf(request)
    try {
      switch (type) {
        case 'request':
          return await giveRequestToken(ctx, { request, call, throttle, policy })
        case 'authorization':
          return await giveCode(ctx, call, policy)
        case 'access':
          return presentTokens(await giveAccess(ctx, { request, call, throttle, policy }))
      }
    } catch (error) {
      throw error instanceof IdentityError ? refuseIdentity(error.reason) : error
    }
  }

  const verb = 'POST'
  for (const [type, old] of TYPES) {
    const rules = { ...RULES, failure: `Error creating ${type} token` }
    method(face, { verb, path: `/auth/token/${type}`, rules }, (request) => answer(request, type))
    method(face, { verb, path: old, rules, versions: V0 }, (request) => answer(request, type))
  }
  method(face, { verb, path: '/auth/token/:type', rules: RULES }, () => {
    throw invalidInput('Invalid token type')
  })

  method(face, { verb: 'GET', path: '/auth/test', versions: BOTH }, () => ({ success: true }))
}

interface Asked {
  request: FastifyRequest
  call: Call
  throttle: Throttle
  policy: NamedPolicy
}

async function giveRequestToken(ctx: Context, { request, call, throttle, policy }: Asked) {
  // Version 0 asked for no type.
  const type = textOf(call, 'type')
  if (type !== 'app' && !(type === undefined && call.isOld)) throw invalidInput('type must be "app"')
  const client = clientIn(request.headers.authorization, call.parameters.values)
  const guarded = { subject: client.clientId, address: call.address }
  const { secret, expires } = await throttle.guard(guarded, () => requestToken(ctx, client, policy))
  return { request_token: secret, expires }
}

async function giveCode(ctx: Context, call: Call, policy: NamedPolicy) {
  if (textOf(call, 'response_type') !== 'code') throw invalidInput('response_type must be "code"')
  const clientId = textOf(call, 'client_id') ?? ''
  const { secret, expires } = await authorizationCode(
    ctx,
    { clientId, token: textOf(call, 'token') ?? '' },
    policy,
  )
  return { code: secret, expires }
}

/** `refresh_token` is not on the page; standard clients use it. */
async function giveAccess(ctx: Context, { request, call, throttle, policy }: Asked): Promise<NamedTokens> {
  const grantType = textOf(call, 'grant_type')
  const client = clientIn(request.headers.authorization, call.parameters.values)
  const guarded = { subject: client.clientId, address: call.address }
  if (grantType === 'refresh_token')
    return throttle.guard(guarded, () =>
      refreshNamed(ctx, textOf(call, 'refresh_token') ?? '', client, policy),
    )
  if (grantType !== 'authorization_code') throw invalidInput('grant_type must be "authorization_code"')
  const given = {
    code: textOf(call, 'code') ?? '',
    redirectUri: textOf(call, 'redirect_uri') ?? null,
    codeVerifier: textOf(call, 'code_verifier') ?? null,
  }
  // Whoever names an application must be it; a public one has no secret, and shows its verifier.
  const isNamed = client.clientId !== '' || (client.clientSecret ?? '') !== ''
  return throttle.guard(guarded, () => exchangeForNamed(ctx, given, isNamed ? client : null, policy))
}

const presentTokens = ({ accessToken, refreshToken, expiresInSeconds, uid, login }: NamedTokens) => ({
  access_token: accessToken,
  refresh_token: refreshToken,
  token_type: 'bearer',
  expires_in: expiresInSeconds,
  user_id: uid,
  username: login,
})
