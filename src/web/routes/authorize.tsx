import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { App } from '../../identity/apps.ts'
import { appOfRequest, approve, deny, needsConsent } from '../../identity/authorization.ts'
import { openTicket, type Ticket } from '../../identity/ticket.ts'
import { requireVisitor } from '../cookies.ts'
import { visitorForm } from '../forms.ts'
import { formTarget, go, sendPage } from '../pages.ts'
import { PageRefusal } from '../refusals.ts'
import type { Site } from '../site.ts'
import { ConsentPage } from '../views/consent.tsx'

/** A wildcard, because a ticket is longer than the router lets a parameter be. */
const PATH = '/authorize/*'
type TicketRequest = FastifyRequest<{ Params: { '*': string } }>

/**
 * Where dialects send people whose application asks for access. The dialect has checked the request and sealed it in
 * the ticket; here the person is found, asked, and sent on.
 */
export function authorizeRoutes(scope: FastifyInstance, site: Site): void {
  const { ctx } = site

  // Asking may give out a code, so HEAD does not go along.
  scope.get<{ Params: { '*': string } }>(PATH, { exposeHeadRoute: false }, async (request, reply) => {
    const { ticket, app } = await readTicket(site, request)
    const visitor = await requireVisitor(site, request, pathOf(request))
    const asked = ticket.request
    const { needed, scopes } = await needsConsent(ctx.db, visitor.account.id, app, asked)
    if (!needed) return go(reply, (await approve(ctx, visitor.account.id, asked, scopes)).location)
    const page = (
      <ConsentPage
        visitor={visitor}
        app={app}
        meanings={scopes.map((one) => ticket.meanings[one] ?? one)}
        destination={destinationOf(asked.redirectUri)}
        action={pathOf(request)}
      />
    )
    return sendPage(reply, page, { targets: [formTarget(asked.redirectUri)] })
  })

  scope.post<{ Params: { '*': string } }>(PATH, async (request, reply) => {
    const { visitor, form } = await visitorForm(site, request, pathOf(request))
    const { ticket, app } = await readTicket(site, request)
    const asked = ticket.request
    if (form('decision') === 'deny') return go(reply, deny(asked))
    if (form('decision') !== 'approve') throw new PageRefusal({ kind: 'bad_form' })
    const { scopes } = await needsConsent(ctx.db, visitor.account.id, app, asked)
    return go(reply, (await approve(ctx, visitor.account.id, asked, scopes)).location)
  })
}

/** @throws PageRefusal `ticket_expired`, `app_gone`: nobody is sent anywhere then. */
async function readTicket(site: Site, request: TicketRequest): Promise<{ ticket: Ticket; app: App }> {
  const ticket = openTicket(site.ctx.secret, request.params['*'], site.ctx.clock())
  if (!ticket) throw new PageRefusal({ kind: 'ticket_expired' })
  const app = await appOfRequest(site.ctx.db, ticket.request)
  if (!app) throw new PageRefusal({ kind: 'app_gone' })
  return { ticket, app }
}

const pathOf = (request: TicketRequest) => `/authorize/${request.params['*']}`

/** What a person can judge of a redirect URI: the host, or the scheme of an application on the device. */
function destinationOf(redirectUri: string): string {
  const { protocol, host } = new URL(redirectUri)
  return /^https?:$/.test(protocol) ? host : `${protocol} (an application on this device)`
}
