import type { FastifyInstance } from 'fastify'
import type { Config } from '../../config.ts'
import type { Context } from '../../context.ts'
import type { Face } from '../../face.ts'
import { acceptAnyBody, discardParts } from '../../faces/bodies.ts'
import { answerRefusals, sendRefusal } from '../../faces/refusals.ts'
import { createRenderedAnswers } from '../../faces/rendered-answers.ts'
import { isRead } from '../../faces/request-parts.ts'
import { createTokenReader } from '../../faces/token-reader.ts'
import { preflightHeaders } from '../../http/cors.ts'
import type { KeptAnswers } from '../../http/kept-answers.ts'
import { completeVerbs } from '../../http/verbs.ts'
import { createUsageRecorder } from '../../identity/tokens.ts'
import { PlacingBroke } from '../../library/collecting.ts'
import { finish } from './answers.ts'
import { readParameters } from './body.ts'
import { callOf, findCall, rulesOf } from './call.ts'
import { openCredentials } from './credentials.ts'
import { corsPolicy, MOUNT, openDoor } from './door.ts'
import { failed, invalidInput, NO_ROUTE, Refusal, refuse, refuseBody } from './errors.ts'
import { REALM } from './realm.ts'
import { declareRoutes } from './routes.ts'

/** The Gimme Bar dialect: API v1 with the older names of its methods, and the addresses beside it. */
export function gimmebar(config: Config): Face {
  return {
    prefix: MOUNT,
    hosts: config.VITRINE_GIMMEBAR_HOSTS,
    digestRealm: REALM,
    register,
    refuse: (_error, _request, reply) =>
      sendRefusal(reply, invalidInput('The address of the request is malformed')),
  }
}

function register(face: FastifyInstance, ctx: Context, kept: KeptAnswers): void {
  const usage = createUsageRecorder(ctx)
  const credentials = openCredentials(ctx, createTokenReader(ctx, usage), usage)
  const answers = createRenderedAnswers(ctx, kept)
  const enter = openDoor(ctx, credentials)
  face.addHook('onClose', () => usage.close())

  acceptAnyBody(face)
  face.addHook('onRequest', async (request, reply) => {
    if (isRead(request)) await answers.begin(request)
    await enter(request, reply)
  })
  face.addHook('preHandler', async (request) => {
    if (rulesOf(request).site || isRead(request) || request.method === 'OPTIONS') return
    await readParameters(ctx, request, callOf(request))
  })
  face.addHook('onSend', async (request, reply, payload) => {
    const call = findCall(request)
    if (call !== undefined && call.files.length > 0) await discardParts(ctx.blobs, call.files)
    return finish(answers, request, reply, payload)
  })
  answerRefusals(face, ctx, {
    own: (error) => (error instanceof Refusal ? error : null),
    reason: refuse,
    body: refuseBody,
    malformed: (status) => new Refusal(status, 'INVALID_INPUT', 'The request is malformed'),
    notFound: NO_ROUTE,
    broken: (error, request) =>
      failed(error instanceof PlacingBroke ? 'Error adding to collection' : rulesOf(request).failure),
  })

  const complete = completeVerbs(face, {
    options(request, reply, verbs) {
      const asked = request.headers['access-control-request-headers']
      return reply
        .headers(preflightHeaders(request.headers.origin, corsPolicy(ctx), verbs, asked))
        .header('allow', ['OPTIONS', ...verbs].join(', '))
        .send()
    },
    notAllowed: (_request, reply, allow) =>
      sendRefusal(reply, new Refusal(405, 'METHOD_NOT_ALLOWED', 'That verb is not allowed here', { allow })),
  })
  declareRoutes(face, ctx)
  complete()
}
