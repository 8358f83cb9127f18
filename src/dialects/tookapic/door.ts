import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { givenToken } from '../../faces/given-token.ts'
import { secondsToReset } from '../../faces/rate-answers.ts'
import { openReach } from '../../faces/reached.ts'
import { isRead, queryOf } from '../../faces/request-parts.ts'
import { viewerOf, type TokenReader } from '../../faces/token-reader.ts'
import { corsHeaders, type CorsPolicy } from '../../http/cors.ts'
import { parseQuery } from '../../http/form.ts'
import { isCallbackName } from '../../http/jsonp.ts'
import { lastOf } from '../../http/parameters.ts'
import type { RateLimiter } from '../../http/rate-limit.ts'
import { requireKnownVersion } from './accepted.ts'
import { newCall, rulesOf, setCall, type Call, type Place } from './call.ts'
import { NOT_SIGNED_IN, Refusal } from './errors.ts'
import { rateCaller, windowsFor } from './limits.ts'

export const MOUNT = '/tookapic'

/** Clients of this API run in browsers. No cookie and no password that a browser adds by itself counts here. */
export function corsPolicy(ctx: Pick<Context, 'config'>): CorsPolicy {
  const { VITRINE_CORS_ORIGINS: origins } = ctx.config
  return {
    mode: 'reflect',
    expose: ['ETag', 'Location', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'],
    maxAge: 86_400,
    ...(origins.length > 0 ? { origins } : {}),
  }
}

/** Everything that is asked of a request at the door of this dialect, in this order. */
export function openDoor(
  ctx: Context,
  tokens: TokenReader,
  limiter: RateLimiter,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const { config } = ctx
  const cors = corsPolicy(ctx)
  const reach = openReach(config, { mount: MOUNT, hosts: config.VITRINE_TOOKAPIC_HOSTS })

  /** "There are two ways to authenticate": in a header, or as the parameter `access_token`. Both at once must agree. */
  async function identify(request: FastifyRequest, call: Call): Promise<void> {
    const given = givenToken(request.headers.authorization, lastOf(call.parameters.values['access_token']))
    if (given.kind === 'none') return
    if (given.kind === 'contradictory') throw new Refusal(400)
    const found = given.kind === 'token' ? await tokens(given.secret) : null
    if (found === null) throw BAD_TOKEN
    call.viewer = viewerOf(found)
    call.tokenId = found.tokenId
  }

  function count(call: Call): void {
    const windows = windowsFor(config, call)
    if (windows === null) return
    call.rate = limiter.check(rateCaller(call), windows, true)
    if (!call.rate.limited) return
    throw new Refusal(403, {}, { 'retry-after': String(secondsToReset(call.rate, ctx.clock())) })
  }

  return async (request, reply) => {
    const call = newCall(placeOf(request), reach(request))
    setCall(request, call)
    if (call.place === 'site') return
    reply.headers(corsHeaders(request.headers.origin, cors))
    if (call.place === 'token' || request.method === 'OPTIONS') return

    call.parameters = parseQuery(queryOf(request))
    const wrong = readCallback(request, call)
    // A token that is no good is counted too, as its address.
    const refused = await identify(request, call).catch(asRefusal)
    count(call)
    if (wrong ?? refused) throw wrong ?? refused
    requireKnownVersion(request.headers.accept)
    authorize(request, call)
  }
}

const BAD_TOKEN = new Refusal(401, {}, { 'www-authenticate': 'Bearer error="invalid_token"' })

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  throw error
}

/** May this caller use this method at all? What they may do to whose things is the library's question. */
function authorize(request: FastifyRequest, { viewer }: Call): void {
  const { scope, account } = rulesOf(request)
  if ((account || scope !== undefined) && viewer.accountId === null) throw NOT_SIGNED_IN
  if (scope === undefined || viewer.scopes?.has(scope)) return
  const challenge = `Bearer error="insufficient_scope", scope="${scope}"`
  throw new Refusal(403, {}, { 'www-authenticate': challenge })
}

function placeOf({ url }: FastifyRequest): Place {
  const path = url.slice(0, url.length - queryOf({ url }).length)
  if (/^\/+tookapic\/+oauth2\/+token\/*$/.test(path)) return 'token'
  return /^\/+tookapic\/+(?:oauth2|images)(?:\/|$)/.test(path) ? 'site' : 'api'
}

/** "You can send a ?callback parameter to any GET call" ("JSON-P Callbacks"). An empty name is none. */
function readCallback(request: FastifyRequest, call: Call): Refusal | null {
  const name = lastOf(call.parameters.values['callback'])
  if (!isRead(request) || name === undefined || name === '') return null
  if (typeof name !== 'string' || !isCallbackName(name)) return new Refusal(400)
  call.callback = name
  return null
}
