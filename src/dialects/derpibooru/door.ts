import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import type { KeyReader } from '../../faces/key-reader.ts'
import { openReach } from '../../faces/reached.ts'
import { isRead, queryOf } from '../../faces/request-parts.ts'
import { corsHeaders, type CorsPolicy } from '../../http/cors.ts'
import { parseQuery } from '../../http/form.ts'
import { newCall, rulesOf, setCall, textOf, type Call } from './call.ts'
import { INVALID_KEY, NOT_SIGNED_IN } from './errors.ts'

export const MOUNT = '/derpibooru'

/** Anybody's scripts may read the answers; the key in the address is all that signs in, so nothing else is let along. */
export function corsPolicy(ctx: Pick<Context, 'config'>): CorsPolicy {
  const { VITRINE_CORS_ORIGINS: origins } = ctx.config
  return { mode: 'any', expose: ['ETag'], maxAge: 86_400, ...(origins.length > 0 ? { origins } : {}) }
}

export interface Door {
  /** Who and what a request is, before its body is read. */
  enter: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  /** The same questions for a write, once its parameters are there: the key may be among them. */
  admit: (request: FastifyRequest, call: Call) => Promise<void>
}

export function openDoor(ctx: Context, keys: KeyReader): Door {
  const { config } = ctx
  const cors = corsPolicy(ctx)
  const reach = openReach(config, { mount: MOUNT, hosts: config.VITRINE_DERPIBOORU_HOSTS })

  /** "the URL parameter "key" should be appended" (Accessing the API). An empty one is none. */
  async function identify(call: Call): Promise<void> {
    const key = textOf(call, 'key')
    if (key === '') return
    const viewer = await keys(key)
    if (viewer === null) throw INVALID_KEY
    call.viewer = viewer
  }

  return {
    async enter(request, reply) {
      const call = newCall(reach(request).base)
      setCall(request, call)
      const { site, account } = rulesOf(request)
      if (!site) reply.headers(corsHeaders(request.headers.origin, cors))
      call.parameters = parseQuery(queryOf(request))
      if (site || request.method === 'OPTIONS') return
      await identify(call)
      if (isRead(request) && account && call.viewer.accountId === null) throw NOT_SIGNED_IN
    },
    async admit(request, call) {
      if (call.viewer.accountId === null) await identify(call)
      if (rulesOf(request).account && call.viewer.accountId === null) throw NOT_SIGNED_IN
    },
  }
}
