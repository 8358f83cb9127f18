import type { FastifyReply, FastifyRequest } from 'fastify'
import { newSecret, sameText, signature } from '../identity/secrets.ts'
import { isFormToken, type Session } from '../identity/sessions.ts'
import { readCookie, requireVisitor, writeCookie } from './cookies.ts'
import { PageRefusal } from './refusals.ts'
import type { Site } from './site.ts'

/** Reads a field; '' when the form has none. @throws PageRefusal `bad_form` for a field sent twice. */
export type Form = (name: string) => string

/** The hidden field that carries the token against forgery. */
export const TOKEN_FIELD = 'csrf'

/**
 * The form a signed-in person sent from one of our pages.
 *
 * @param next Where to go on after signing in, if the session has ended meanwhile.
 * @throws PageRefusal `sign_in_needed`, `forged`, `bad_form`.
 */
export async function visitorForm(
  site: Site,
  request: FastifyRequest,
  next: string,
): Promise<{ visitor: Session; form: Form }> {
  refuseOtherSites(site, request)
  const visitor = await requireVisitor(site, request, next)
  const form = readForm(request.body)
  if (!isFormToken(visitor, form(TOKEN_FIELD))) throw new PageRefusal({ kind: 'forged' })
  return { visitor, form }
}

/**
 * The form somebody sent who has no session yet. Its token belongs to a cookie of its own, so that nobody can have
 * another person's browser sign in as themselves.
 *
 * @throws PageRefusal `forged`, `bad_form`.
 */
export function strangerForm(site: Site, request: FastifyRequest): Form {
  refuseOtherSites(site, request)
  const form = readForm(request.body)
  const cookie = readCookie(site, request, 'form')
  if (cookie === null || !sameText(form(TOKEN_FIELD), strangerToken(site, cookie)))
    throw new PageRefusal({ kind: 'forged' })
  return form
}

/** The token for a form without a session; sets the cookie it belongs to where there is none. */
export function issueStrangerToken(site: Site, reply: FastifyReply): string {
  const known = readCookie(site, reply.request, 'form')
  const cookie = known !== null && /^[0-9a-f]{64}$/.test(known) ? known : newSecret()
  if (cookie !== known) writeCookie(site, reply, 'form', cookie)
  return strangerToken(site, cookie)
}

const strangerToken = (site: Site, cookie: string) => signature(site.ctx.secret, `form\n${cookie}`)

/**
 * Fetch metadata decide where the browser sends them. Elsewhere an origin must be ours; `null` is what browsers say
 * for our own pages too, because those send no referrer. The token is asked for in any case.
 */
function refuseOtherSites(site: Site, request: FastifyRequest): void {
  const { origin, 'sec-fetch-site': from } = request.headers
  const ours =
    from === undefined
      ? origin === undefined || origin === 'null' || origin === site.origin(request)
      : from === 'same-origin' || from === 'none'
  if (!ours) throw new PageRefusal({ kind: 'forged' })
}

function readForm(body: unknown): Form {
  const fields = new Map<string, unknown>(
    typeof body === 'object' && body !== null ? Object.entries(body) : [],
  )
  return (name) => {
    const value = fields.get(name) ?? ''
    if (typeof value !== 'string') throw new PageRefusal({ kind: 'bad_form' })
    return value
  }
}
