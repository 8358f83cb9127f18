import type { FastifyReply, FastifyRequest } from 'fastify'
import { IdentityError } from '../identity/errors.ts'
import { LibraryError } from '../library/errors.ts'
import { explain, type Explanation } from './explain.ts'
import { go, sendPage } from './pages.ts'
import { PageRefusal, type PageProblem } from './refusals.ts'
import { MessagePage } from './views/message.tsx'

/** Answers whatever was thrown on the way to a page. What is no refusal is logged, and nothing of it shown. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof PageRefusal) {
    const { problem } = error
    if (problem.kind === 'sign_in_needed')
      return go(reply, `/sign-in?next=${encodeURIComponent(problem.next)}`)
    return sendExplanation(reply, describe(problem.kind))
  }
  if (error instanceof IdentityError) return sendExplanation(reply, explain(error.reason))
  if (error instanceof LibraryError && error.reason.kind === 'not_found')
    return sendExplanation(reply, describe('not_found'))
  const status = refusedByFramework(error)
  if (status !== null)
    return sendExplanation(reply, {
      status,
      title: 'That did not work',
      text: 'The request cannot be answered.',
    })
  request.log.error({ err: error, req: request }, 'a page failed')
  const text = 'This is our mistake, not yours. The server’s log says what happened.'
  return sendExplanation(reply, { status: 500, title: 'Something went wrong', text })
}

export function sendExplanation(reply: FastifyReply, explanation: Explanation): FastifyReply {
  const { status, title, text, retryAfterSeconds } = explanation
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  return sendPage(reply, <MessagePage title={title} text={text} />, { status })
}

export function describe(kind: Exclude<PageProblem['kind'], 'sign_in_needed'>): Explanation {
  switch (kind) {
    case 'not_found':
      return { status: 404, title: 'Not found', text: 'There is no page at this address.' }
    case 'forged': {
      const text =
        'The form did not come from this site, or it has grown too old. Go back, load the page again, and retry. Your browser must accept cookies.'
      return { status: 403, title: 'This form was not accepted', text }
    }
    case 'bad_form':
      return { status: 400, title: 'That did not work', text: 'The form is malformed.' }
    case 'ticket_expired': {
      const text = 'The request of the application is too old. Go back to the application and start again.'
      return { status: 400, title: 'This request has expired', text }
    }
    case 'app_gone': {
      const text = 'The application that asks was removed, suspended or changed. Nothing was given to it.'
      return { status: 400, title: 'This request cannot be granted', text }
    }
  }
}

/** A status of Fastify's own: a body too large, a type that no form has. */
function refusedByFramework(error: unknown): number | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null
  const { statusCode } = error
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : null
}
