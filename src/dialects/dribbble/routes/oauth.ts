import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { corsHeaders } from '../../../http/cors.ts'
import { parseQuery, type ParameterValues } from '../../../http/form.ts'
import { lastOf } from '../../../http/parameters.ts'
import { plainPage, plainPageHeaders } from '../../../http/plain-page.ts'
import { checkAuthorizationRequest, refusalUrl, type PageReason } from '../../../identity/authorization.ts'
import { IdentityError, type IdentityReason } from '../../../identity/errors.ts'
import type { AuthorizationPolicy, TokenPolicy } from '../../../identity/policy.ts'
import { createThrottle, type Throttle } from '../../../identity/throttle.ts'
import { sealTicket } from '../../../identity/ticket.ts'
import { exchangeCode, type IssuedTokens } from '../../../identity/tokens.ts'
import { readParameters } from '../body.ts'
import { callOf } from '../call.ts'
import { corsPolicy, queryOf } from '../door.ts'
import { pagesAddress } from './site.ts'

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
  // 1. Redirect users to request access
  face.get('/oauth/authorize', async (request, reply) => {
    const { values } = parseQuery(queryOf(request))
    const checked = await checkAuthorizationRequest(ctx.db, values, AUTHORIZATION)
    if (checked.fail === 'page') return refuseOnPage(reply, checked.reason)
    if (checked.fail === 'redirect')
      return reply.header('cache-control', 'no-store').redirect(refusalUrl(checked), 302)
    const ticket = sealTicket(ctx.secret, { request: checked.request, meanings: MEANINGS }, ctx.clock())
    reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    return reply.redirect(`${pagesAddress(ctx, request)}/authorize/${ticket}`, 303)
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
  const text = (name: string) => {
    const value = lastOf(values[name])
    return typeof value === 'string' ? value : null
  }
  const grantType = text('grant_type') || 'authorization_code'
  if (grantType !== 'authorization_code')
    throw new IdentityError({ kind: 'bad_request', problem: 'The grant_type must be authorization_code.' })
  const basic = basicCredentials(request.headers.authorization)
  const client = {
    clientId: basic?.clientId ?? text('client_id') ?? '',
    clientSecret: basic?.clientSecret ?? text('client_secret'),
  }
  const code = {
    code: text('code') ?? '',
    redirectUri: text('redirect_uri'),
    codeVerifier: text('code_verifier'),
  }
  return throttle.guard({ subject: client.clientId, address: callOf(request).address }, () =>
    exchangeCode(ctx, code, client, TOKENS),
  )
}

/** RFC 6749, 2.3.1: both parts are form-encoded before they are joined. */
function basicCredentials(header: string | undefined): { clientId: string; clientSecret: string } | null {
  const encoded = /^basic\s+(\S+)\s*$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return null
  const [, clientId = '', clientSecret = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? []
  return { clientId: formDecoded(clientId), clientSecret: formDecoded(clientSecret) }
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function presentToken({ accessToken, scopes, createdAt }: IssuedTokens) {
  return {
    access_token: accessToken,
    token_type: 'bearer',
    scope: scopes.join(' '),
    created_at: Math.floor(createdAt.getTime() / 1000),
  }
}

/** The page names `invalid_client` and `invalid_grant`; the others are RFC 6749's (5.2). */
function refuseToken(reply: FastifyReply, reason: IdentityReason): FastifyReply {
  const { status, error, description } = tokenError(reason)
  if (status === 401) reply.header('www-authenticate', 'Basic realm="oauth"')
  if ('retryAfterSeconds' in reason) reply.header('retry-after', String(reason.retryAfterSeconds))
  return reply.code(status).send({ error, error_description: description })
}

function tokenError(reason: IdentityReason): { status: number; error: string; description: string } {
  switch (reason.kind) {
    case 'bad_client':
      return {
        status: 401,
        error: 'invalid_client',
        description: 'The client id or the client secret is wrong.',
      }
    case 'client_suspended':
      return { status: 401, error: 'invalid_client', description: 'The application has been suspended.' }
    case 'client_not_approved':
      return { status: 401, error: 'invalid_client', description: 'The application is not approved.' }
    case 'bad_grant':
      return { status: 400, error: 'invalid_grant', description: reason.problem }
    case 'bad_scope':
      return { status: 400, error: 'invalid_scope', description: 'The scope is not one that was given.' }
    case 'bad_request':
      return { status: 400, error: 'invalid_request', description: reason.problem }
    case 'too_many_attempts':
    case 'busy':
      return { status: 429, error: 'slow_down', description: 'Too many attempts. Try again later.' }
    case 'invalid':
    case 'link_spent':
    case 'not_found':
    case 'wrong_password':
      return { status: 400, error: 'invalid_request', description: 'The request cannot be answered.' }
  }
}

/** Nobody is sent on to an address that is not known to be the application's. */
function refuseOnPage(reply: FastifyReply, reason: PageReason): FastifyReply {
  const sentences: Readonly<Record<PageReason, string>> = {
    repeated_parameter:
      'The application sent you here with a parameter twice, so it is not clear what it asks for.',
    client_missing: 'The application that sent you here did not say which one it is.',
    client_unknown: 'The application that sent you here is not registered.',
    client_suspended: 'The application that sent you here has been suspended.',
    client_not_approved: 'The application that sent you here is not approved.',
    redirect_not_registered: 'The application asks to be answered at an address that it has not registered.',
  }
  return reply
    .code(400)
    .headers(plainPageHeaders)
    .send(plainPage('This request cannot be authorised', sentences[reason]))
}
