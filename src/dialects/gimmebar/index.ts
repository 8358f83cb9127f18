import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import type { Context } from '../../context.ts'
import type { Face } from '../../face.ts'
import { acceptAnyBody, discardParts } from '../../faces/bodies.ts'
import { createRenderedAnswers } from '../../faces/rendered-answers.ts'
import { isFrameworkRefusal, isRead } from '../../faces/request-parts.ts'
import { createTokenReader } from '../../faces/token-reader.ts'
import { BodyError } from '../../http/body-error.ts'
import { preflightHeaders } from '../../http/cors.ts'
import { completeVerbs } from '../../http/verbs.ts'
import { createUsageRecorder } from '../../identity/tokens.ts'
import { LibraryError } from '../../library/errors.ts'
import { storageReason } from '../../library/failures.ts'
import { answerFromMemory, finish } from './answers.ts'
import { readParameters } from './body.ts'
import { callOf, findCall, rulesOf } from './call.ts'
import { openCredentials } from './credentials.ts'
import { corsPolicy, MOUNT, openDoor } from './door.ts'
import { invalidInput, NO_ROUTE, Refusal, refuse, refuseBody } from './errors.ts'
import { declareRoutes } from './routes.ts'

/** Rendered reads that are kept, in bytes. */
const CACHE_BYTES = 16 * 1024 * 1024

/** The Gimme Bar dialect: API v1 with the older names of its methods, and the addresses beside it. */
export function gimmebar(config: Config): Face {
  return {
    prefix: MOUNT,
    hosts: config.VITRINE_GIMMEBAR_HOSTS,
    register,
    refuse: (_error, _request, reply) =>
      answerRefusal(reply, invalidInput('The address of the request is malformed')),
  }
}

function register(face: FastifyInstance, ctx: Context): void {
  const usage = createUsageRecorder(ctx)
  const credentials = openCredentials(ctx, createTokenReader(ctx, usage), usage)
  const answers = createRenderedAnswers(ctx, { maxBytes: CACHE_BYTES })
  face.addHook('onClose', () => usage.close())

  acceptAnyBody(face)
  face.addHook('onRequest', openDoor(ctx, credentials))
  face.addHook('onRequest', (request, reply) => answerFromMemory(answers, request, reply))
  face.addHook('preHandler', async (request) => {
    if (rulesOf(request).site || isRead(request) || request.method === 'OPTIONS') return
    await readParameters(ctx, request, callOf(request))
  })
  face.addHook('onSend', async (request, reply, payload) => {
    const call = findCall(request)
    if (call !== undefined && call.files.length > 0) await discardParts(ctx.blobs, call.files)
    return finish(answers, request, reply, payload)
  })
  face.setErrorHandler((error, request, reply) => answerError(ctx, error, request, reply))
  face.setNotFoundHandler((_request, reply) => answerRefusal(reply, NO_ROUTE))

  const complete = completeVerbs(face, {
    options(request, reply, verbs) {
      const asked = request.headers['access-control-request-headers']
      return reply
        .headers(preflightHeaders(request.headers.origin, corsPolicy(ctx), verbs, asked))
        .header('allow', ['OPTIONS', ...verbs].join(', '))
        .send()
    },
    notAllowed: (_request, reply, allow) =>
      answerRefusal(
        reply,
        new Refusal(405, 'METHOD_NOT_ALLOWED', 'That verb is not allowed here', { allow }),
      ),
  })
  declareRoutes(face, ctx)
  complete()
}

function answerError(
  ctx: Context,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof Refusal) return answerRefusal(reply, error)
  if (error instanceof LibraryError) return answerRefusal(reply, refuse(error.reason))
  if (error instanceof BodyError) return answerRefusal(reply, refuseBody(error))
  if (isFrameworkRefusal(error))
    return answerRefusal(reply, new Refusal(error.statusCode, 'INVALID_INPUT', 'The request is malformed'))
  const reason = storageReason(ctx, error)
  if (reason !== null) return answerRefusal(reply, refuse(reason))
  request.log.error({ err: error, req: request }, 'a request failed')
  return answerRefusal(reply, new Refusal(500, 'API_ERROR', 'Something went wrong'))
}

const answerRefusal = (reply: FastifyReply, { status, body, headers }: Refusal) =>
  reply.code(status).headers(headers).send(body)
