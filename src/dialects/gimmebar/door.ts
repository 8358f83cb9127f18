import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { openReach } from '../../faces/reached.ts'
import { isRead, queryOf } from '../../faces/request-parts.ts'
import { corsHeaders, type CorsPolicy } from '../../http/cors.ts'
import { parseQuery } from '../../http/form.ts'
import { isCallbackName } from '../../http/jsonp.ts'
import { newCall, rulesOf, setCall, textOf, type Call, type Format } from './call.ts'
import type { Credentials } from './credentials.ts'
import { invalidInput, notAuthorized, Refusal } from './errors.ts'

export const MOUNT = '/gimmebar'

/** For scripts of any site, but never with what a browser adds by itself: Basic is used here. */
export function corsPolicy(ctx: Pick<Context, 'config'>): CorsPolicy {
  const { VITRINE_CORS_ORIGINS: origins } = ctx.config
  return {
    mode: 'any',
    expose: ['ETag', 'WWW-Authenticate'],
    maxAge: 86_400,
    ...(origins.length > 0 ? { origins } : {}),
  }
}

/** Everything that is asked of a request at the door of this dialect, in this order. */
export function openDoor(
  ctx: Context,
  credentials: Credentials,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const { config } = ctx
  const cors = corsPolicy(ctx)
  const reach = openReach(config, { mount: MOUNT, hosts: config.VITRINE_GIMMEBAR_HOSTS })

  async function identify(request: FastifyRequest, call: Call): Promise<void> {
    const found = await credentials.identify(request)
    if (found.kind === 'viewer') {
      call.viewer = found.viewer
      call.again = found.again
    }
    if (found.kind === 'viewer' || (found.kind === 'none' && rulesOf(request).open)) return
    // An address that there is not is told as such to everybody.
    if (found.kind === 'none' && request.is404) return
    const reason = found.kind === 'none' ? 'Authentication is required' : 'The credentials are not valid'
    throw new Refusal(401, 'NOT_AUTHORIZED', reason, {
      'www-authenticate': credentials.challenges(request, found.kind === 'stale'),
    })
  }

  return async (request, reply) => {
    const call = newCall(reach(request), { format: formatOf(request), isOld: OLD.test(request.url) })
    setCall(request, call)
    const { site, tokens, scope } = rulesOf(request)
    if (site) return
    reply.headers(corsHeaders(request.headers.origin, cors))
    if (request.method === 'OPTIONS') return
    call.parameters = parseQuery(queryOf(request))
    readCallback(request, call)
    if (tokens) return
    await identify(request, call)
    if (scope !== undefined && !call.viewer.scopes?.has(scope))
      throw notAuthorized(`The access token does not allow this (scope ${scope})`)
  }
}

const OLD = /^\/+gimmebar\/+api\/+v0(?:\/|$)/

/** "If the API endpoint doesn't include a format suffix, JSON is returned" ("Response formats"). */
function formatOf({ url }: FastifyRequest): Format {
  return /\.xml\/*$/i.test(url.split('?', 1)[0] ?? '') ? 'xml' : 'json'
}

/** "adding a jsonp_callback=function_name parameter to JSON requests" ("Response formats"). An empty name is none. */
function readCallback(request: FastifyRequest, call: Call): void {
  const name = textOf(call, 'jsonp_callback')
  if (!isRead(request) || call.format !== 'json' || name === undefined || name === '') return
  if (!isCallbackName(name)) throw invalidInput('jsonp_callback is no name of a function')
  call.callback = name
}
