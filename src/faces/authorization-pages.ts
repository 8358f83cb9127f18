import type { FastifyReply } from 'fastify'
import type { Context } from '../context.ts'
import { plainPage, plainPageHeaders } from '../http/plain-page.ts'
import { refusalUrl, type AuthorizationCheck, type PageReason } from '../identity/authorization.ts'
import { sealTicket } from '../identity/ticket.ts'

/** What a checked request for authorization leads to, and how its person is told what each scope means. */
export interface AuthorizationAnswer {
  checked: AuthorizationCheck
  meanings: Record<string, string>
  /** Where the library's pages are. */
  pages: string
}

/** Leads on to the consent page, back to the application with an error, or nowhere. */
export function answerAuthorization(
  { secret, clock }: Pick<Context, 'secret' | 'clock'>,
  reply: FastifyReply,
  { checked, meanings, pages }: AuthorizationAnswer,
): FastifyReply {
  if (checked.fail === 'page') return refuseOnPage(reply, checked.reason)
  reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  if (checked.fail === 'redirect') return reply.redirect(refusalUrl(checked), 302)
  const ticket = sealTicket(secret, { request: checked.request, meanings }, clock())
  return reply.redirect(`${pages}/authorize/${ticket}`, 303)
}

/** Nobody is sent on to an address that is not known to be the application's. */
function refuseOnPage(reply: FastifyReply, reason: PageReason): FastifyReply {
  const sentences: Readonly<Record<PageReason, string>> = {
    repeated_parameter:
      'The application sent you here with a parameter twice, so it is not clear what it asks for.',
    client_missing: 'The application that sent you here did not say which one it is.',
    client_unknown: 'The application that sent you here is not registered.',
    client_suspended: 'The application that sent you here has been suspended.',
    client_not_approved: 'The application that sent you here is not approved.',
    redirect_not_registered: 'The application asks to be answered at an address that it has not registered.',
  }
  return reply
    .code(400)
    .headers(plainPageHeaders)
    .send(plainPage('This request cannot be authorised', sentences[reason]))
}
