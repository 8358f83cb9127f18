import type { FastifyReply, FastifyRequest } from 'fastify'
import { SESSION_LONGEST_MS, findSession, type Session } from '../identity/sessions.ts'
import { PageRefusal } from './refusals.ts'
import type { Site } from './site.ts'

/**
 * `__Host-` has the browser see to it that the cookie is Secure, for this host alone and all its paths. Plain http,
 * as on one's own machine, cannot have it.
 */
const NAMES = {
  session: { secure: '__Host-vitrine', plain: 'vitrine-local' },
  form: { secure: '__Host-vitrine-form', plain: 'vitrine-local-form' },
}
type Use = keyof typeof NAMES

const isSecure = (site: Site, request: FastifyRequest) => site.origin(request).startsWith('https:')

const nameOf = (site: Site, request: FastifyRequest, use: Use) =>
  NAMES[use][isSecure(site, request) ? 'secure' : 'plain']

export function readCookie(site: Site, request: FastifyRequest, use: Use): string | null {
  return request.cookies[nameOf(site, request, use)] ?? null
}

/** The session cookie lasts as long as a session can; the other one until the browser is closed. */
export function writeCookie(site: Site, reply: FastifyReply, use: Use, value: string): void {
  reply.setCookie(nameOf(site, reply.request, use), value, {
    ...attributes(site, reply.request),
    ...(use === 'session' ? { maxAge: SESSION_LONGEST_MS / 1000 } : {}),
  })
}

export function dropCookie(site: Site, reply: FastifyReply, use: Use): void {
  reply.clearCookie(nameOf(site, reply.request, use), attributes(site, reply.request))
}

const attributes = (site: Site, request: FastifyRequest) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(site, request) }) as const

/** The session of the browser that asks, or null. */
export async function visitorOf(site: Site, request: FastifyRequest): Promise<Session | null> {
  const secret = readCookie(site, request, 'session')
  return secret === null ? null : findSession(site.ctx, secret)
}

/** The same where there must be one. @throws PageRefusal `sign_in_needed`. */
export async function requireVisitor(
  site: Site,
  request: FastifyRequest,
  next: string = request.url,
): Promise<Session> {
  const visitor = await visitorOf(site, request)
  if (!visitor) throw new PageRefusal({ kind: 'sign_in_needed', next })
  return visitor
}
