import type { FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { addressedOrigin, type Addressing } from '../http/addressed.ts'
import { clientAddress, parseTrustedProxies } from '../http/client-address.ts'
import { createThrottle, type Throttle } from '../identity/throttle.ts'

/** What the pages need of the context. */
export type WebContext = Pick<Context, 'db' | 'clock' | 'config' | 'secret' | 'blobs'>

/** The pages' view of the installation. */
export interface Site {
  ctx: WebContext
  /** Counts wrong passwords. */
  throttle: Throttle
  /** Scheme and host under which the browser sees the pages. */
  origin: (request: FastifyRequest) => string
  /** Where the request came from, behind trusted proxies. */
  address: (request: FastifyRequest) => string
}

export function openSite(ctx: WebContext): Site {
  const trustedProxies = parseTrustedProxies(ctx.config.VITRINE_TRUSTED_PROXIES)
  const addressing: Addressing = { publicUrl: ctx.config.VITRINE_URL?.origin ?? null, trustedProxies }
  return {
    ctx,
    throttle: createThrottle(),
    origin: (request) => addressedOrigin(request.raw, addressing, false),
    address: (request) =>
      clientAddress(request.socket.remoteAddress, request.headers['x-forwarded-for'], trustedProxies),
  }
}
