import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { answerAuthorization } from '../../../faces/authorization-pages.ts'
import { queryOf } from '../../../faces/request-parts.ts'
import { textIn } from '../../../faces/token-endpoint.ts'
import { parseQuery } from '../../../http/form.ts'
import { plainPage, plainPageHeaders } from '../../../http/plain-page.ts'
import { checkAuthorizationRequest } from '../../../identity/authorization.ts'
import { checkDesktopRequest, type DesktopPageReason } from '../../../identity/desktop-flow.ts'
import type { AuthorizationPolicy } from '../../../identity/policy.ts'
import { sealDeviceTicket } from '../../../identity/ticket.ts'
import { callOf } from '../call.ts'
import { approvedOnly, MEANINGS, SCOPES } from '../scopes.ts'

const SITE = { config: { gimmebar: { site: true } } } as const

/** "Send the user to the following URL to authorize the application", and "Authorization for web sites". */
export function authorizeRoutes(face: FastifyInstance, ctx: Context): void {
  const policy: AuthorizationPolicy = {
    scopes: SCOPES,
    defaultScopes: SCOPES,
    unknownScopes: 'ignore',
    responseType: 'required',
    codeSeconds: 900,
    codeBytes: 16,
    badRedirect: 'page',
    approvedOnly: approvedOnly(ctx.config),
  }

  face.get('/authorize', { ...SITE, exposeHeadRoute: false }, async (request, reply) => {
    const { values } = parseQuery(queryOf(request))
    const token = textIn(values, 'token') ?? ''
    // A web site is called back, whether it brings a request token along or not.
    const isCalledBack = token === '' || (textIn(values, 'redirect_uri') ?? '') !== ''
    if (token !== '') {
      const clientId = textIn(values, 'client_id') ?? ''
      const checked = await checkDesktopRequest(ctx, { clientId, token }, policy)
      if (checked.fail !== null) return refuseOnPage(reply, checked.fail)
      if (!isCalledBack && textIn(values, 'response_type') !== 'code')
        return refuseOnPage(reply, 'response_type')
      if (!isCalledBack) return askOnPage(ctx, request, reply, checked.requestId)
    }
    const checked = await checkAuthorizationRequest(ctx.db, values, policy)
    return answerAuthorization(ctx, reply, { checked, meanings: MEANINGS, pages: callOf(request).pages })
  })

  // Applications are registered on the library's own pages ("Getting API Access").
  face.get('/apps', SITE, (request, reply) =>
    reply.redirect(`${callOf(request).pages}/account/applications`, 302),
  )
}

function askOnPage(
  { secret, clock }: Pick<Context, 'secret' | 'clock'>,
  request: FastifyRequest,
  reply: FastifyReply,
  requestId: number,
): FastifyReply {
  const ticket = sealDeviceTicket(secret, { requestId, scopes: SCOPES, meanings: MEANINGS }, clock())
  return reply
    .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .redirect(`${callOf(request).pages}/authorize-device/${ticket}`, 303)
}

const SENTENCES: Readonly<Record<DesktopPageReason | 'response_type', string>> = {
  client_unknown: 'The application that sent you here is not registered.',
  client_suspended: 'The application that sent you here has been suspended.',
  client_not_approved: 'The application that sent you here is not approved.',
  token_spent:
    'The request of this application has been decided already, or is too old. Start again in the application.',
  response_type: 'The application that sent you here asks for something that there is not.',
}

const refuseOnPage = (reply: FastifyReply, reason: keyof typeof SENTENCES): FastifyReply =>
  reply
    .code(400)
    .headers(plainPageHeaders)
    .send(plainPage('This request cannot be authorised', SENTENCES[reason]))
