import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import type { Context } from '../../context.ts'
import { libraryVersion } from '../../faces/library-version.ts'
import { secondsToReset } from '../../faces/rate-answers.ts'
import { openReach } from '../../faces/reached.ts'
import type { RenderedAnswers } from '../../faces/rendered-answers.ts'
import { isRead, queryOf } from '../../faces/request-parts.ts'
import type { TokenReader } from '../../faces/token-reader.ts'
import { corsHeaders, type CorsPolicy } from '../../http/cors.ts'
import { parseQuery } from '../../http/form.ts'
import { isCallbackName } from '../../http/jsonp.ts'
import type { RateLimiter, RateState } from '../../http/rate-limit.ts'
import { identify } from './auth.ts'
import { newCall, rulesOf, setCall, type ApiVersion, type Call } from './call.ts'
import { LIMIT_MESSAGE, Refusal } from './errors.ts'
import { profileFor, rateCaller, windowsFor } from './limits.ts'

export const MOUNT = '/dribbble'

/** API v1 overview, "Cross Origin Resource Sharing". */
export function corsPolicy(ctx: Pick<Context, 'config'>): CorsPolicy {
  const { VITRINE_CORS_ORIGINS: origins } = ctx.config
  return {
    mode: 'reflect',
    expose: ['ETag', 'Link', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'],
    maxAge: 86_400,
    ...(origins.length > 0 ? { origins } : {}),
  }
}

export interface Door {
  /**
   * Who asks for what, before anything is counted.
   *
   * @returns null when nothing more is asked at the door: the pages beside the APIs, and OPTIONS.
   */
  meet: (request: FastifyRequest, reply: FastifyReply) => Promise<Call | null>
  /** May the caller go on, before the body is read? Counted as far as it can be now. */
  enter: (request: FastifyRequest, call: Call) => void
  /** The same questions for a write, once its parameters are there: the token may be among them. */
  admit: (call: Call) => Promise<void>
  /** Pays for a call, once. @throws Refusal past the limit. */
  pay: (call: Call) => void
}

/** Everything that is asked of a request at the door of this dialect, in this order. */
export function openDoor(
  ctx: Context,
  tokens: TokenReader,
  limiter: RateLimiter,
  answers: RenderedAnswers,
): Door {
  const { config } = ctx
  const cors = corsPolicy(ctx)
  const reach = openReach(config, { mount: MOUNT, hosts: config.VITRINE_DRIBBBLE_HOSTS })
  const { count, look, lookFor, pay } = openTill(ctx, limiter)

  return {
    async meet(request, reply) {
      const call = newCall(versionOf(request), reach(request))
      setCall(request, call)
      if (call.version === 'site') return null

      call.rules = rulesOf(request)
      reply.headers(corsHeaders(request.headers.origin, cors))
      call.parameters = parseQuery(queryOf(request))
      if (request.method === 'OPTIONS') return null
      requireUserAgent(request, call, config.VITRINE_DRIBBBLE_USER_AGENT)
      call.callback = callbackOf(request, call)
      call.libraryVersion = await answers.begin(request)
      const early = identify(call, request.headers.authorization, tokens)
      if (early !== null) await early
      return call
    },
    enter(request, call) {
      if (call.rules.free) look(call)
      else if (isRead(request)) lookFor(request, call)
      else if (call.viewer.accountId === null) count(call, false)
      else pay(call)
      if (isRead(request)) authorize(config, call)
    },
    async admit(call) {
      if (call.viewer.accountId === null) {
        // Time has passed while the body came.
        call.libraryVersion = await libraryVersion(ctx)
        await identify(call, undefined, tokens)
      }
      pay(call)
      authorize(config, call)
    },
    pay,
  }
}

interface Till extends Pick<Door, 'pay'> {
  /** Counts a call, or without `charge` only looks where its caller stands. @throws Refusal past the limit. */
  count: (call: Call, charge: boolean) => void
  /** Only looks, and lets everybody go on. */
  look: (call: Call) => void
  /** Where the caller of a read stands with the limit. @throws Refusal past it, unless they ask for changes. */
  lookFor: (request: FastifyRequest, call: Call) => void
}

function openTill({ config, clock }: Context, limiter: RateLimiter): Till {
  function look(call: Call, charge = false): void {
    const windows = windowsFor(config, call)
    if (windows !== null) call.rate = limiter.check(rateCaller(call), windows, charge)
  }
  function count(call: Call, charge: boolean): void {
    look(call, charge)
    const profile = profileFor(config, call)
    if (call.rate?.limited && profile !== null) throw pastLimit(call.rate, profile.status, clock())
  }

  return {
    count,
    look,
    /** A read is paid for when its answer is known, because a 304 is free; but an empty purse gets no work done. */
    lookFor({ headers }, call) {
      if ('if-none-match' in headers || 'if-modified-since' in headers) look(call)
      else count(call, false)
    },
    pay(call) {
      if (call.paid) return
      call.paid = true
      count(call, true)
    },
  }
}

function authorize(config: Config, call: Call): void {
  const refusal = objection(config, call)
  if (refusal !== null) throw refusal
}

/** May this caller use this method at all? What they may do to whose things is the library's question. */
function objection(config: Config, { version, viewer, rules }: Call): Refusal | null {
  const { scope, approved, account } = rules
  const open = version === 'v1' && config.VITRINE_DRIBBBLE_ANONYMOUS && !account && scope === undefined
  if (viewer.accountId === null && !open) return new Refusal(401, 'Requires authentication.', CHALLENGE)
  if (scope !== undefined && !viewer.scopes?.has(scope)) return missingScope(scope)
  if (approved && viewer.app?.approved !== true)
    return new Refusal(403, 'This application is not approved for that.')
  return null
}

const CHALLENGE = { 'www-authenticate': 'Bearer' }

function missingScope(scope: string): Refusal {
  const challenge = `Bearer error="insufficient_scope", scope="${scope}"`
  return new Refusal(403, 'Your token does not have the required scope.', { 'www-authenticate': challenge })
}

function versionOf({ url }: FastifyRequest): ApiVersion {
  const version = /^\/+dribbble\/+(v[12])(?:[/?]|$)/.exec(url)?.[1]
  return version === 'v1' || version === 'v2' ? version : 'site'
}

/** API v1 overview, "User Agent Required". The refusal is not counted: its sample shows no limit headers. */
function requireUserAgent(request: FastifyRequest, call: Call, rule: 'v1' | 'always' | 'off'): void {
  if (rule === 'off' || (rule === 'v1' && call.version !== 'v1')) return
  if ((request.headers['user-agent'] ?? '').trim() !== '') return
  call.paid = true
  throw new Refusal(403, 'Missing required User-Agent header.')
}

/** API v1 overview, "JSON-P Callbacks": any GET call. An empty name is none. */
function callbackOf(request: FastifyRequest, { version, parameters }: Call): string | null {
  const name = parameters.values['callback']
  if (version !== 'v1' || !isRead(request) || name === undefined || name === '') return null
  if (typeof name === 'string' && isCallbackName(name)) return name
  throw new Refusal(400, 'The callback is not a valid function name.')
}

function pastLimit(rate: RateState, status: number, now: Date): Refusal {
  return new Refusal(status, LIMIT_MESSAGE, { 'retry-after': String(secondsToReset(rate, now)) })
}
