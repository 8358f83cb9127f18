import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { answerAuthorization } from '../../../faces/authorization-pages.ts'
import { queryOf } from '../../../faces/request-parts.ts'
import { clientIn, refuseToken, textIn } from '../../../faces/token-endpoint.ts'
import { corsHeaders } from '../../../http/cors.ts'
import { parseQuery, type ParameterValues } from '../../../http/form.ts'
import { checkAuthorizationRequest } from '../../../identity/authorization.ts'
import { IdentityError } from '../../../identity/errors.ts'
import type { AuthorizationPolicy, TokenPolicy } from '../../../identity/policy.ts'
import { createThrottle, type Throttle } from '../../../identity/throttle.ts'
import { exchangeCode, type IssuedTokens } from '../../../identity/tokens.ts'
import { readParameters } from '../body.ts'
import { callOf } from '../call.ts'
import { corsPolicy } from '../door.ts'
import { openPages } from './site.ts'

/** OAuth, "Scopes", with what the consent page says of each. */
const MEANINGS = {
  public: 'See what everybody can see, and your own profile and shots',
  write: 'Like shots, follow people and change your buckets in your name',
  comment: 'Write, change and delete comments in your name',
  upload: 'Add, change and delete your shots, projects and attachments',
}

const AUTHORIZATION: AuthorizationPolicy = {
  scopes: Object.keys(MEANINGS),
  defaultScopes: ['public'],
  unknownScopes: 'ignore',
  responseType: 'optional',
  codeSeconds: 600,
  badRedirect: 'callback',
  approvedOnly: false,
}

/** "Access tokens do not expire." There are no refresh tokens. */
const TOKENS: TokenPolicy = {
  accessSeconds: null,
  refreshSeconds: null,
  redirectUri: 'optional',
  approvedOnly: false,
}

/** OAuth, "Web application flow". */
export function oauthRoutes(face: FastifyInstance, ctx: Context): void {
  const pagesFor = openPages(ctx)

  // 1. Redirect users to request access
  face.get('/oauth/authorize', async (request, reply) => {
    const { values } = parseQuery(queryOf(request))
    const checked = await checkAuthorizationRequest(ctx.db, values, AUTHORIZATION)
    return answerAuthorization(ctx, reply, { checked, meanings: MEANINGS, pages: pagesFor(request) })
  })

  // 2. The service redirects back; the application exchanges the code for an access token
  const throttle = createThrottle()
  face.post('/oauth/token', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
    // Nothing a browser adds by itself counts here, so scripts of public clients may come from anywhere.
    reply.headers(corsHeaders(request.headers.origin, corsPolicy(ctx)))
    const call = callOf(request)
    call.parameters = parseQuery(queryOf(request))
    await readParameters(ctx, request, call)
    // The page names `invalid_client` and `invalid_grant`; the other refusals are RFC 6749's (5.2).
    try {
      return presentToken(await exchange(ctx, throttle, request, call.parameters.values))
    } catch (error) {
      if (!(error instanceof IdentityError)) throw error
      return refuseToken(reply, error.reason)
    }
  })
}

/** The token endpoint takes its parameters from query, form and JSON alike, and Basic client credentials. */
async function exchange(
  ctx: Context,
  throttle: Throttle,
  request: FastifyRequest,
  values: ParameterValues,
): Promise<IssuedTokens> {
  const grantType = textIn(values, 'grant_type') || 'authorization_code'
  if (grantType !== 'authorization_code')
    throw new IdentityError({ kind: 'bad_request', problem: 'The grant_type must be authorization_code.' })
  const client = clientIn(request.headers.authorization, values)
  const code = {
    code: textIn(values, 'code') ?? '',
    redirectUri: textIn(values, 'redirect_uri'),
    codeVerifier: textIn(values, 'code_verifier'),
  }
  return throttle.guard({ subject: client.clientId, address: callOf(request).address }, () =>
    exchangeCode(ctx, code, client, TOKENS),
  )
}

function presentToken({ accessToken, scopes, createdAt }: IssuedTokens) {
  return {
    access_token: accessToken,
    token_type: 'bearer',
    scope: scopes.join(' '),
    created_at: Math.floor(createdAt.getTime() / 1000),
  }
}
