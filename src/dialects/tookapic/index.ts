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
import { createRateLimiter, memoryRateStore } from '../../http/rate-limit.ts'
import { completeVerbs } from '../../http/verbs.ts'
import { createUsageRecorder } from '../../identity/tokens.ts'
import { LibraryError } from '../../library/errors.ts'
import { storageReason } from '../../library/failures.ts'
import { answerFromMemory, finish } from './answers.ts'
import { readParameters } from './body.ts'
import { callOf, findCall } from './call.ts'
import { corsPolicy, MOUNT, openDoor } from './door.ts'
import { NOT_FOUND, Refusal, refuse, refuseBody } from './errors.ts'
import { commentRoutes } from './routes/comments.ts'
import { imageRoutes } from './routes/images.ts'
import { oauthRoutes } from './routes/oauth.ts'
import { photoRoutes } from './routes/photos.ts'
import { tagRoutes } from './routes/tags.ts'
import { userRoutes } from './routes/users.ts'

/** Rendered reads that are kept, in bytes. */
const CACHE_BYTES = 16 * 1024 * 1024

/** The Tookapic dialect: API v2, the OAuth endpoints and the addresses of pictures. */
export function tookapic(config: Config): Face {
  return {
    prefix: MOUNT,
    hosts: config.VITRINE_TOOKAPIC_HOSTS,
    register,
    refuse: (_error, _request, reply) => answerRefusal(reply, new Refusal(400)),
  }
}

function register(face: FastifyInstance, ctx: Context): void {
  const usage = createUsageRecorder(ctx)
  const limiter = createRateLimiter({ store: memoryRateStore(), clock: ctx.clock })
  const answers = createRenderedAnswers(ctx, { maxBytes: CACHE_BYTES })
  face.addHook('onClose', () => usage.close())

  acceptAnyBody(face)
  face.addHook('onRequest', openDoor(ctx, createTokenReader(ctx, usage), limiter))
  face.addHook('onRequest', (request, reply) => answerFromMemory(answers, request, reply))
  face.addHook('preHandler', async (request) => {
    const call = callOf(request)
    if (call.place !== 'api' || isRead(request) || request.method === 'OPTIONS') return
    await readParameters(ctx, request, call)
  })
  face.addHook('onSend', async (request, reply, payload) => {
    const call = findCall(request)
    if (call !== undefined && call.files.length > 0) await discardParts(ctx.blobs, call.files)
    return finish(answers, request, reply, payload)
  })
  face.setErrorHandler((error, request, reply) => answerError(ctx, error, request, reply))
  face.setNotFoundHandler((_request, reply) => answerRefusal(reply, NOT_FOUND))
  declareRoutes(face, ctx)
}

function declareRoutes(face: FastifyInstance, ctx: Context): void {
  const cors = corsPolicy(ctx)
  const complete = completeVerbs(face, {
    // Neither counted nor signed in: the browser asks, not the person.
    options(request, reply, verbs) {
      if (callOf(request).place === 'site')
        return reply
          .header('allow', ['OPTIONS', ...verbs].join(', '))
          .code(200)
          .send()
      const asked = request.headers['access-control-request-headers']
      return reply
        .headers(preflightHeaders(request.headers.origin, cors, verbs, asked))
        .code(200)
        .send()
    },
    notAllowed: (_request, reply, allow) => answerRefusal(reply, new Refusal(405, {}, { allow })),
  })
  userRoutes(face, ctx)
  photoRoutes(face, ctx)
  commentRoutes(face, ctx)
  tagRoutes(face, ctx)
  oauthRoutes(face, ctx)
  imageRoutes(face, ctx)
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
  if (isFrameworkRefusal(error)) return answerRefusal(reply, new Refusal(error.statusCode))
  const reason = storageReason(ctx, error)
  if (reason !== null) return answerRefusal(reply, refuse(reason))
  request.log.error({ err: error, req: request }, 'a request failed')
  return answerRefusal(reply, new Refusal(500))
}

const answerRefusal = (reply: FastifyReply, { status, body, headers }: Refusal) =>
  reply.code(status).headers(headers).send(body)
