import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { answerAuthorization } from '../../../faces/authorization-pages.ts'
import { queryOf } from '../../../faces/request-parts.ts'
import { clientIn, refuseToken, textIn } from '../../../faces/token-endpoint.ts'
import { parseQuery, type ParameterValues } from '../../../http/form.ts'
import { checkAuthorizationRequest, type AuthorizationCheck } from '../../../identity/authorization.ts'
import { IdentityError } from '../../../identity/errors.ts'
import type { AuthorizationPolicy, TokenPolicy } from '../../../identity/policy.ts'
import { createThrottle, type Throttle } from '../../../identity/throttle.ts'
import { exchangeCode, refreshTokens, type IssuedTokens } from '../../../identity/tokens.ts'
import { readParameters } from '../body.ts'
import { callOf } from '../call.ts'

/**
 * What the consent page says an application may do. The service asked for no scopes: whoever names none asks for all
 * that its methods need; an application that needs less may say so.
 */
const MEANINGS = {
  public: 'See what everybody can see, and your own profile and photos',
  write: 'Like photos, follow people and change your profile in your name',
  comment: 'Write and delete comments in your name',
  upload: 'Add, change and delete your photos',
}

const AUTHORIZATION: AuthorizationPolicy = {
  scopes: Object.keys(MEANINGS),
  defaultScopes: Object.keys(MEANINGS),
  unknownScopes: 'ignore',
  responseType: 'required',
  codeSeconds: 600,
  badRedirect: 'page',
  approvedOnly: false,
}

/** An access token lives for an hour; the refresh token that comes with it, for as long as anybody uses it once in 90 days. */
const TOKENS: TokenPolicy = {
  accessSeconds: 3600,
  refreshSeconds: 90 * 86_400,
  redirectUri: 'repeated',
  approvedOnly: false,
}

export function oauthRoutes(face: FastifyInstance, ctx: Context): void {
  face.get('/oauth2/authorize', async (request, reply) => {
    const { values } = parseQuery(queryOf(request))
    const checked = requireAll(values, await checkAuthorizationRequest(ctx.db, values, AUTHORIZATION))
    return answerAuthorization(ctx, reply, { checked, meanings: MEANINGS, pages: callOf(request).pages })
  })

  const throttle = createThrottle()
  face.post('/oauth2/token', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
    const call = callOf(request)
    call.parameters = parseQuery(queryOf(request))
    await readParameters(ctx, request, call)
    try {
      return presentTokens(await exchange(ctx, throttle, request, call.parameters.values))
    } catch (error) {
      if (!(error instanceof IdentityError)) throw error
      return refuseToken(reply, error.reason)
    }
  })
}

/** Client, redirect URI, state and response type are all required here; the general check lets two of them be absent. */
function requireAll(values: ParameterValues, checked: AuthorizationCheck): AuthorizationCheck {
  if (checked.fail !== null) return checked
  const missing = ['redirect_uri', 'state'].find((name) => !textIn(values, name))
  if (missing === undefined) return checked
  const { redirectUri: to, state } = checked.request
  const description = `The ${missing} is missing.`
  return { fail: 'redirect', to, error: 'invalid_request', description, state }
}

/** Parameters come by query, form or JSON. What is exchanged says itself which grant it is, where `grant_type` does not. */
async function exchange(
  ctx: Context,
  throttle: Throttle,
  request: FastifyRequest,
  values: ParameterValues,
): Promise<IssuedTokens> {
  const client = clientIn(request.headers.authorization, values)
  const refreshToken = textIn(values, 'refresh_token') ?? ''
  const usual = refreshToken === '' ? 'authorization_code' : 'refresh_token'
  const grantType = textIn(values, 'grant_type') || usual
  const attempt = () => {
    switch (grantType) {
      case 'authorization_code': {
        const code = {
          code: textIn(values, 'code') ?? '',
          redirectUri: textIn(values, 'redirect_uri'),
          codeVerifier: textIn(values, 'code_verifier'),
        }
        return exchangeCode(ctx, code, client, TOKENS)
      }
      case 'refresh_token':
        return refreshTokens(ctx, { refreshToken, scope: textIn(values, 'scope') }, client, TOKENS)
      default:
        throw new IdentityError({
          kind: 'bad_request',
          problem: 'The grant_type must be authorization_code or refresh_token.',
        })
    }
  }
  return throttle.guard({ subject: client.clientId, address: callOf(request).address }, attempt)
}

const presentTokens = ({ accessToken, expiresInSeconds, refreshToken, scopes }: IssuedTokens) => ({
  access_token: accessToken,
  token_type: 'Bearer',
  expires_in: expiresInSeconds,
  refresh_token: refreshToken,
  scope: scopes.join(' '),
})
