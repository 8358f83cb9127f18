import type { FastifyInstance } from 'fastify'
import type { Config } from '../../config.ts'
import type { Context } from '../../context.ts'
import type { Face } from '../../face.ts'
import { openAdmissions } from '../../faces/admission.ts'
import { acceptAnyBody, discardParts } from '../../faces/bodies.ts'
import { answerRefusals, sendRefusal } from '../../faces/refusals.ts'
import { createRenderedAnswers } from '../../faces/rendered-answers.ts'
import { isRead } from '../../faces/request-parts.ts'
import { createTokenReader } from '../../faces/token-reader.ts'
import { preflightHeaders } from '../../http/cors.ts'
import type { KeptAnswers } from '../../http/kept-answers.ts'
import { createRateLimiter, memoryRateStore } from '../../http/rate-limit.ts'
import { completeVerbs } from '../../http/verbs.ts'
import { createUsageRecorder } from '../../identity/tokens.ts'
import { finish, openAdmission } from './answers.ts'
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

/** The Tookapic dialect: API v2, the OAuth endpoints and the addresses of pictures. */
export function tookapic(config: Config): Face {
  return {
    prefix: MOUNT,
    hosts: config.VITRINE_TOOKAPIC_HOSTS,
    register,
    refuse: (_error, _request, reply) => sendRefusal(reply, new Refusal(400)),
  }
}

function register(face: FastifyInstance, ctx: Context, kept: KeptAnswers): void {
  const usage = createUsageRecorder(ctx)
  const limiter = createRateLimiter({ store: memoryRateStore(), clock: ctx.clock })
  const answers = createRenderedAnswers(ctx, kept)
  const admission = openAdmission(ctx, openAdmissions(ctx, usage, limiter))
  const enter = openDoor(ctx, createTokenReader(ctx, usage), limiter)
  face.addHook('onClose', () => usage.close())

  acceptAnyBody(face)
  face.addHook('onRequest', async (request, reply) => {
    if (isRead(request)) await answers.begin(request)
    await enter(request, reply)
  })
  face.addHook('preHandler', async (request) => {
    const call = callOf(request)
    if (call.place !== 'api' || isRead(request) || request.method === 'OPTIONS') return
    await readParameters(ctx, request, call)
  })
  face.addHook('onSend', async (request, reply, payload) => {
    const call = findCall(request)
    if (call !== undefined && call.files.length > 0) await discardParts(ctx.blobs, call.files)
    return finish({ answers, admission }, request, reply, payload)
  })
  answerRefusals(face, ctx, {
    own: (error) => (error instanceof Refusal ? error : null),
    reason: refuse,
    body: refuseBody,
    malformed: (status) => new Refusal(status),
    notFound: NOT_FOUND,
    broken: () => new Refusal(500),
  })
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
    notAllowed: (_request, reply, allow) => sendRefusal(reply, new Refusal(405, {}, { allow })),
  })
  userRoutes(face, ctx)
  photoRoutes(face, ctx)
  commentRoutes(face, ctx)
  tagRoutes(face, ctx)
  oauthRoutes(face, ctx)
  imageRoutes(face, ctx)
  complete()
}
