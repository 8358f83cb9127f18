import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { BodyError } from '../http/body-error.ts'
import { PlacingBroke } from '../library/collecting.ts'
import { LibraryError, type Reason } from '../library/errors.ts'
import { storageReason } from '../library/failures.ts'

/** A refusal as a face words it; `body` becomes JSON. */
export interface Refused {
  readonly status: number
  readonly body: object
  readonly headers: Readonly<Record<string, string | string[]>>
}

/** How a face says no. */
export interface Refusals {
  /** A refusal of the face's own, or null for any other error. */
  own: (error: unknown) => Refused | null
  reason: (reason: Reason) => Refused
  body: (error: BodyError) => Refused
  /** A request that Fastify itself refuses, with a status of 400 to 499. */
  malformed: (status: number) => Refused
  notFound: Refused
  /** A bug; it has been logged. */
  broken: (error: unknown, request: FastifyRequest) => Refused
}

/** Has a face answer every error and every unknown address in its own words. */
export function answerRefusals(face: FastifyInstance, ctx: Context, refusals: Refusals): void {
  face.setNotFoundHandler((_request, reply) => sendRefusal(reply, refusals.notFound))
  face.setErrorHandler((error, request, reply) => {
    const known = wordsFor(ctx, error, refusals)
    if (known !== null) return sendRefusal(reply, known)
    request.log.error({ err: error, req: request }, 'a request failed')
    return sendRefusal(reply, refusals.broken(error, request))
  })
}

export function sendRefusal(reply: FastifyReply, { status, body, headers }: Refused): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-type': 'application/json; charset=utf-8', ...headers })
    .send(body)
}

/** Null for a bug. */
function wordsFor(ctx: Context, error: unknown, refusals: Refusals): Refused | null {
  const own = refusals.own(error)
  if (own !== null) return own
  if (error instanceof LibraryError) return refusals.reason(error.reason)
  if (error instanceof BodyError) return refusals.body(error)
  if (isFrameworkRefusal(error)) return refusals.malformed(error.statusCode)
  const reason = storageReason(ctx, error instanceof PlacingBroke ? error.cause : error)
  return reason === null ? null : refusals.reason(reason)
}

/** What Fastify itself refuses: a body announced too large, a length that does not match. */
function isFrameworkRefusal(error: unknown): error is Error & { statusCode: number } {
  if (!(error instanceof Error) || !('statusCode' in error)) return false
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500
}
