import type { FastifyInstance, FastifyReply } from 'fastify'
import { startSession } from '../../identity/sessions.ts'
import { finishSetup, isSetupToken } from '../../identity/setup.ts'
import { IdentityError } from '../../identity/errors.ts'
import { addAccount } from '../../library/accounts.ts'
import { writeCookie } from '../cookies.ts'
import { formProblems } from '../explain.ts'
import { issueStrangerToken, strangerForm, type Form } from '../forms.ts'
import { go, sendPage } from '../pages.ts'
import type { Site } from '../site.ts'
import { SetupPage } from '../views/setup.tsx'

/** The first account, made by whoever has the link that the server printed. */
export function setupRoutes(scope: FastifyInstance, site: Site): void {
  scope.get<{ Querystring: { token?: unknown } }>('/setup', async (request, reply) => {
    const { token } = request.query
    const link = typeof token === 'string' ? token : ''
    if (!(await isSetupToken(site.ctx.db, link))) throw new IdentityError({ kind: 'link_spent' })
    return sendPage(reply, <SetupPage token={issueStrangerToken(site, reply)} link={link} />)
  })

  scope.post('/setup', async (request, reply) => {
    const form = strangerForm(site, request)
    try {
      const accountId = await makeAdmin(site, form)
      const secret = await startSession(site.ctx, accountId, request.headers['user-agent'] ?? null)
      writeCookie(site, reply, 'session', secret)
    } catch (error) {
      return askAgain(site, reply, form, error)
    }
    return go(reply, '/account')
  })
}

function makeAdmin(site: Site, form: Form): Promise<number> {
  const login = form('login').trim()
  return finishSetup(site.ctx, form('token'), form('password'), async () => {
    const account = await addAccount(site.ctx, { login, name: form('name').trim() || login, role: 'admin' })
    return account.id
  })
}

/** Shows the form once more with what is wrong with it. */
function askAgain(site: Site, reply: FastifyReply, form: Form, error: unknown): FastifyReply {
  const problems = formProblems(error)
  if (!problems) throw error
  const token = issueStrangerToken(site, reply)
  const filled = { link: form('token'), login: form('login'), name: form('name') }
  return sendPage(reply, <SetupPage token={token} {...filled} problems={problems} />, { status: 422 })
}
