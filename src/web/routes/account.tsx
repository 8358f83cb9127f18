import type { FastifyInstance, FastifyReply } from 'fastify'
import { IdentityError } from '../../identity/errors.ts'
import { grantsOf, revokeGrant } from '../../identity/grants.ts'
import { keyCreatedAt, resetKey } from '../../identity/keys.ts'
import { setPassword, verifyPasswordOf } from '../../identity/passwords.ts'
import { endSession, endSessions, sessionsOf, type Session } from '../../identity/sessions.ts'
import { changeAccount, findAccount } from '../../library/accounts.ts'
import { requireVisitor } from '../cookies.ts'
import { explain, formProblems } from '../explain.ts'
import { visitorForm } from '../forms.ts'
import { go, sendPage } from '../pages.ts'
import type { Site } from '../site.ts'
import { AccountPage, type AccountProps } from '../views/account.tsx'

const HOME = '/account'

/** What the page says after a change, by the word in its address. */
const DONE = new Map([
  ['grant', 'The application has no access any more.'],
  ['session', 'The session has ended.'],
  ['sessions', 'All your other sessions have ended.'],
  ['time-zone', 'The time zone is changed.'],
  ['password', 'The password is changed, and your other sessions have ended.'],
])

export function accountRoutes(scope: FastifyInstance, site: Site): void {
  const { ctx } = site

  scope.get<{ Querystring: { done?: unknown } }>(HOME, async (request, reply) => {
    const visitor = await requireVisitor(site, request)
    const { done } = request.query
    const said = typeof done === 'string' ? (DONE.get(done) ?? null) : null
    return sendAccount(site, reply, visitor, { done: said })
  })

  scope.post(`${HOME}/grants/revoke`, async (request, reply) => {
    const { visitor, form } = await visitorForm(site, request, HOME)
    await revokeGrant(ctx.db, visitor.account.id, rowNumber(form('grant')))
    return go(reply, `${HOME}?done=grant`)
  })

  scope.post(`${HOME}/sessions/revoke`, async (request, reply) => {
    const { visitor, form } = await visitorForm(site, request, HOME)
    const session = form('session')
    if (session === 'others') {
      await endSessions(ctx.db, visitor.account.id, visitor.hash)
      return go(reply, `${HOME}?done=sessions`)
    }
    await endSession(ctx.db, visitor.account.id, session)
    return go(reply, `${HOME}?done=session`)
  })

  scope.post(`${HOME}/key`, async (request, reply) => {
    const { visitor } = await visitorForm(site, request, HOME)
    const newKey = await resetKey(ctx, visitor.account.id)
    return sendAccount(site, reply, visitor, { newKey })
  })

  ownSettings(scope, site)
}

/** What a person changes about themselves. */
function ownSettings(scope: FastifyInstance, site: Site): void {
  const { ctx } = site

  scope.post(`${HOME}/time-zone`, async (request, reply) => {
    const { visitor, form } = await visitorForm(site, request, HOME)
    const timeZone = form('time_zone').trim()
    const { id: accountId, role } = visitor.account
    try {
      await changeAccount(ctx, { accountId, role, scopes: null, app: null }, accountId, { timeZone })
    } catch (error) {
      const problems = formProblems(error)
      if (problems === null) throw error
      return sendAccount(site, reply, visitor, { problems, timeZone, status: 422 })
    }
    return go(reply, `${HOME}?done=time-zone`)
  })

  scope.post(`${HOME}/password`, async (request, reply) => {
    const { visitor, form } = await visitorForm(site, request, HOME)
    const { id, login } = visitor.account
    try {
      await site.throttle.guard({ subject: login, address: site.address(request) }, async () => {
        const right = await verifyPasswordOf(ctx.db, id, form('current'))
        if (!right) throw new IdentityError({ kind: 'wrong_password' })
      })
      await setPassword(ctx, id, form('password'), visitor.hash)
    } catch (error) {
      return refusePassword(site, reply, visitor, error)
    }
    return go(reply, `${HOME}?done=password`)
  })
}

async function sendAccount(
  site: Site,
  reply: FastifyReply,
  visitor: Session,
  more: Partial<Pick<AccountProps, 'newKey' | 'done' | 'problems' | 'timeZone'>> & { status?: number },
): Promise<FastifyReply> {
  const { ctx } = site
  const { status = 200, ...shown } = more
  const props: AccountProps = {
    visitor,
    sessions: await sessionsOf(ctx, visitor.account.id),
    grants: await grantsOf(ctx.db, visitor.account.id),
    keyCreatedAt: await keyCreatedAt(ctx.db, visitor.account.id),
    timeZone: (await findAccount(ctx.db, visitor.account.id)).time_zone,
    ...shown,
  }
  return sendPage(reply, <AccountPage {...props} />, { status })
}

function refusePassword(
  site: Site,
  reply: FastifyReply,
  visitor: Session,
  error: unknown,
): Promise<FastifyReply> {
  const problems = formProblems(error)
  if (problems) return sendAccount(site, reply, visitor, { problems, status: 422 })
  if (!(error instanceof IdentityError)) throw error
  const wrong = error.reason.kind === 'wrong_password'
  const { status, text, retryAfterSeconds } = explain(error.reason)
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  const problem = wrong ? 'The current password is wrong.' : text
  return sendAccount(site, reply, visitor, { problems: [{ field: '', problem }], status })
}

/** The number of a row from a form; 0, which no row has, for anything else. */
const rowNumber = (text: string) => (/^\d{1,15}$/.test(text) ? Number(text) : 0)
