import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import type { Context } from '../../context.ts'
import type { Face } from '../../face.ts'
import { acceptAnyBody, discardParts } from '../../faces/bodies.ts'
import { isFrameworkRefusal, isRead } from '../../faces/request-parts.ts'
import { createTokenReader } from '../../faces/token-reader.ts'
import { BodyError } from '../../http/body-error.ts'
import { preflightHeaders } from '../../http/cors.ts'
import { createRateLimiter, memoryRateStore } from '../../http/rate-limit.ts'
import { createResponseCache } from '../../http/response-cache.ts'
import { completeVerbs } from '../../http/verbs.ts'
import { createUsageRecorder } from '../../identity/tokens.ts'
import { LibraryError } from '../../library/errors.ts'
import { storageReason } from '../../library/failures.ts'
import { answerFromMemory, finish } from './answers.ts'
import { ATTACHMENT_BYTES, readParameters } from './body.ts'
import { callOf, findCall } from './call.ts'
import { corsPolicy, MOUNT, openDoor } from './door.ts'
import { NOT_FOUND, Refusal, refuse, refuseBody } from './errors.ts'
import { mediaRoutes } from './media.ts'
import { attachmentRoutes } from './routes/attachments.ts'
import { bucketRoutes } from './routes/buckets.ts'
import { commentRoutes } from './routes/comments.ts'
import { followRoutes } from './routes/follows.ts'
import { likeRoutes } from './routes/likes.ts'
import { oauthRoutes } from './routes/oauth.ts'
import { projectRoutes } from './routes/projects.ts'
import { shotV1Routes } from './routes/shots-v1.ts'
import { shotRoutes } from './routes/shots.ts'
import { siteRoutes } from './routes/site.ts'
import { statusRoutes } from './routes/status.ts'
import { teamRoutes } from './routes/teams.ts'
import { userRoutes } from './routes/users.ts'
import { vacancyRoutes } from './routes/vacancies.ts'

/** Rendered reads that are kept, in bytes. */
const CACHE_BYTES = 32 * 1024 * 1024

/** The Dribbble dialect: API v1 and v2, the OAuth endpoints and the addresses of pictures. */
export function dribbble(config: Config): Face {
  return {
    prefix: MOUNT,
    hosts: config.VITRINE_DRIBBBLE_HOSTS,
    register,
    refuse: (_error, _request, reply) => {
      const { status, body } = new Refusal(400, 'The address of the request is malformed.')
      return reply.code(status).send(body)
    },
  }
}

function register(face: FastifyInstance, ctx: Context): void {
  const usage = createUsageRecorder(ctx)
  const limiter = createRateLimiter({ store: memoryRateStore(), clock: ctx.clock })
  const door = openDoor(ctx, createTokenReader(ctx, usage), limiter)
  const cache = createResponseCache({ maxBytes: CACHE_BYTES })
  face.addHook('onClose', () => usage.close())

  acceptAnyBody(face)
  face.addHook('onRequest', async (request, reply) => {
    const call = await door.meet(request, reply)
    if (call === null || (await answerFromMemory({ door, cache }, request, reply))) return
    await door.enter(request, call)
  })
  face.addHook('preHandler', async (request) => {
    const call = callOf(request)
    if (call.version === 'site' || isRead(request) || request.method === 'OPTIONS') return
    await readParameters(ctx, request, call)
    await door.admit(call)
  })
  face.addHook('onSend', async (request, reply, payload) => {
    const call = findCall(request)
    if (call !== undefined && call.files.length > 0) await discardParts(ctx.blobs, call.files)
    return finish({ door, cache }, request, reply, payload)
  })
  face.setErrorHandler((error, request, reply) => answerError(ctx, error, request, reply))
  face.setNotFoundHandler((_request, reply) => answerRefusal(reply, NOT_FOUND))
  declareRoutes(face, ctx)
}

/** Routes in the order of the documentation's pages. */
function declareRoutes(face: FastifyInstance, ctx: Context): void {
  const cors = corsPolicy(ctx)
  const complete = completeVerbs(face, {
    options(request, reply, verbs) {
      // Pages and pictures are not for scripts of other sites; the token endpoint is.
      const isForScripts =
        callOf(request).version !== 'site' || request.url.startsWith(`${MOUNT}/oauth/token`)
      if (!isForScripts)
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
    notAllowed: (_request, reply, allow) =>
      answerRefusal(reply, new Refusal(405, 'That method is not allowed here.', { allow })),
  })
  statusRoutes(face, ctx)
  oauthRoutes(face, ctx)
  userRoutes(face, ctx)
  followRoutes(face, ctx)
  teamRoutes(face, ctx)
  shotRoutes(face, ctx)
  shotV1Routes(face, ctx)
  attachmentRoutes(face, ctx)
  commentRoutes(face, ctx)
  likeRoutes(face, ctx)
  bucketRoutes(face, ctx)
  projectRoutes(face, ctx)
  vacancyRoutes(face, ctx)
  mediaRoutes(face, ctx)
  siteRoutes(face, ctx)
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
  if (error instanceof BodyError) return answerRefusal(reply, refuseBody(error, ATTACHMENT_BYTES))
  if (isFrameworkRefusal(error))
    return answerRefusal(reply, new Refusal(error.statusCode, 'The request is malformed.'))
  const reason = storageReason(ctx, error)
  if (reason !== null) return answerRefusal(reply, refuse(reason))
  request.log.error({ err: error, req: request }, 'a request failed')
  return answerRefusal(reply, new Refusal(500, 'Something went wrong.'))
}

const answerRefusal = (reply: FastifyReply, { status, body, headers }: Refusal) =>
  reply.code(status).headers(headers).send(body)
