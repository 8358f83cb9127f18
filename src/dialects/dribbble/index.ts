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

/** The Dribbble dialect: API v1 and v2, the OAuth endpoints and the addresses of pictures. */
export function dribbble(config: Config): Face {
  return {
    prefix: MOUNT,
    hosts: config.VITRINE_DRIBBBLE_HOSTS,
    register,
    refuse: (_error, _request, reply) =>
      sendRefusal(reply, new Refusal(400, 'The address of the request is malformed.')),
  }
}

function register(face: FastifyInstance, ctx: Context, kept: KeptAnswers): void {
  const usage = createUsageRecorder(ctx)
  const limiter = createRateLimiter({ store: memoryRateStore(), clock: ctx.clock })
  const answers = createRenderedAnswers(ctx, kept)
  const door = openDoor(ctx, createTokenReader(ctx, usage), limiter, answers)
  const admission = openAdmission(ctx, openAdmissions(ctx, usage, limiter))
  face.addHook('onClose', () => usage.close())

  acceptAnyBody(face)
  face.addHook('onRequest', async (request, reply) => {
    const call = await door.meet(request, reply)
    if (call !== null) door.enter(request, call)
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
    return finish({ door, answers, admission }, request, reply, payload)
  })
  answerRefusals(face, ctx, {
    own: (error) => (error instanceof Refusal ? error : null),
    reason: refuse,
    body: (error) => refuseBody(error, ATTACHMENT_BYTES),
    malformed: (status) => new Refusal(status, 'The request is malformed.'),
    notFound: NOT_FOUND,
    broken: () => new Refusal(500, 'Something went wrong.'),
  })
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
      sendRefusal(reply, new Refusal(405, 'That method is not allowed here.', { allow })),
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
