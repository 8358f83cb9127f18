import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { App } from '../../identity/apps.ts'
import { appOfDesktopRequest, decideDesktopRequest } from '../../identity/desktop-flow.ts'
import { openDeviceTicket, type DeviceTicket } from '../../identity/ticket.ts'
import { requireVisitor } from '../cookies.ts'
import { visitorForm } from '../forms.ts'
import { sendPage } from '../pages.ts'
import { PageRefusal } from '../refusals.ts'
import type { Site } from '../site.ts'
import { DeviceConsentPage, DeviceDecidedPage } from '../views/device-consent.tsx'

/** A wildcard, because a ticket is longer than the router lets a parameter be. */
const PATH = '/authorize-device/*'
type TicketRequest = FastifyRequest<{ Params: { '*': string } }>

/**
 * Where dialects send people whose application on a desktop or a device asks for access. It cannot be sent an answer:
 * the person goes back to it. Everybody is asked every time, for anybody can send a link.
 */
export function authorizeDeviceRoutes(scope: FastifyInstance, site: Site): void {
  const { ctx } = site

  scope.get<{ Params: { '*': string } }>(PATH, { exposeHeadRoute: false }, async (request, reply) => {
    const { ticket, app } = await readTicket(site, request)
    const visitor = await requireVisitor(site, request, pathOf(request))
    const page = (
      <DeviceConsentPage
        visitor={visitor}
        app={app}
        meanings={ticket.scopes.map((one) => ticket.meanings[one] ?? one)}
        action={pathOf(request)}
      />
    )
    return sendPage(reply, page)
  })

  scope.post<{ Params: { '*': string } }>(PATH, async (request, reply) => {
    const { visitor, form } = await visitorForm(site, request, pathOf(request))
    const { ticket, app } = await readTicket(site, request)
    const decision = form('decision')
    if (decision !== 'approve' && decision !== 'deny') throw new PageRefusal({ kind: 'bad_form' })
    const approved = decision === 'approve'
    const decided = approved ? ({ approved, scopes: ticket.scopes } as const) : ({ approved } as const)
    await decideDesktopRequest(ctx, visitor.account.id, ticket.requestId, decided)
    return sendPage(reply, <DeviceDecidedPage visitor={visitor} app={app} approved={approved} />)
  })
}

/** @throws PageRefusal `ticket_expired`, also for a request that has been decided; `app_gone`. */
async function readTicket(site: Site, request: TicketRequest): Promise<{ ticket: DeviceTicket; app: App }> {
  const ticket = openDeviceTicket(site.ctx.secret, request.params['*'], site.ctx.clock())
  if (!ticket) throw new PageRefusal({ kind: 'ticket_expired' })
  const app = await appOfDesktopRequest(site.ctx, ticket.requestId)
  if (!app) throw new PageRefusal({ kind: 'app_gone' })
  return { ticket, app }
}

const pathOf = (request: TicketRequest) => `/authorize-device/${request.params['*']}`
