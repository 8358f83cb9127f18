import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { IdentityError } from '../../identity/errors.ts'
import { verifyPassword } from '../../identity/passwords.ts'
import { endSession, startSession } from '../../identity/sessions.ts'
import { openTicket } from '../../identity/ticket.ts'
import { dropCookie, visitorOf, writeCookie } from '../cookies.ts'
import { explain } from '../explain.ts'
import { issueStrangerToken, strangerForm, visitorForm, type Form } from '../forms.ts'
import { localPath } from '../local-path.ts'
import { formTarget, go, sendPage } from '../pages.ts'
import type { Site } from '../site.ts'
import { SignInPage } from '../views/sign-in.tsx'

const HOME = '/account'

export function signInRoutes(scope: FastifyInstance, site: Site): void {
  scope.get<{ Querystring: { next?: unknown } }>('/sign-in', async (request, reply) => {
    const { next: asked } = request.query
    const next = (typeof asked === 'string' ? localPath(asked) : null) ?? HOME
    if (await visitorOf(site, request)) return go(reply, next)
    const page = <SignInPage token={issueStrangerToken(site, reply)} next={next} />
    return sendPage(reply, page, { targets: targetsOf(site, next) })
  })

  scope.post('/sign-in', async (request, reply) => {
    const form = strangerForm(site, request)
    const next = localPath(form('next')) ?? HOME
    try {
      await signIn(site, request, reply, form)
    } catch (error) {
      return askAgain(site, reply, { form, next }, error)
    }
    return go(reply, next)
  })

  scope.post('/sign-out', async (request, reply) => {
    const { visitor } = await visitorForm(site, request, '/')
    await endSession(site.ctx.db, visitor.account.id, visitor.hash)
    dropCookie(site, reply, 'session')
    return go(reply, '/')
  })
}

/** Checks the password and gives the browser a new session; one it had before ends, whoever's it was. */
async function signIn(site: Site, request: FastifyRequest, reply: FastifyReply, form: Form): Promise<void> {
  const [login, password] = [form('login').trim(), form('password')]
  const who = { subject: login, address: site.address(request) }
  const accountId = await site.throttle.guard(who, async () => {
    const found = await verifyPassword(site.ctx.db, login, password)
    if (found === null) throw new IdentityError({ kind: 'wrong_password' })
    return found
  })
  const before = await visitorOf(site, request)
  if (before) await endSession(site.ctx.db, before.account.id, before.hash)
  const secret = await startSession(site.ctx, accountId, request.headers['user-agent'] ?? null)
  writeCookie(site, reply, 'session', secret)
}

/** Says the same whatever was wrong with login and password. */
function askAgain(
  site: Site,
  reply: FastifyReply,
  { form, next }: { form: Form; next: string },
  error: unknown,
): FastifyReply {
  if (!(error instanceof IdentityError)) throw error
  const { status, text, retryAfterSeconds } = explain(error.reason)
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  const token = issueStrangerToken(site, reply)
  const problems = [{ field: '', problem: text }]
  const page = <SignInPage token={token} next={next} login={form('login')} problems={problems} />
  return sendPage(reply, page, { status, targets: targetsOf(site, next) })
}

/** After signing in, a consent given before leads straight on to the application, which the policy must allow. */
function targetsOf(site: Site, next: string): string[] {
  const text = /^\/authorize\/([^/?#]+)$/.exec(next)?.[1]
  const ticket = text === undefined ? null : openTicket(site.ctx.secret, text, site.ctx.clock())
  return ticket ? [formTarget(ticket.request.redirectUri)] : []
}
