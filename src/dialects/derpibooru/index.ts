import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import type { Context } from '../../context.ts'
import type { Face } from '../../face.ts'
import { acceptAnyBody, discardParts, readBody } from '../../faces/bodies.ts'
import { createKeyReader } from '../../faces/key-reader.ts'
import { answerRefusals, sendRefusal } from '../../faces/refusals.ts'
import { createRenderedAnswers, type RenderedAnswers } from '../../faces/rendered-answers.ts'
import { isRead } from '../../faces/request-parts.ts'
import { preflightHeaders } from '../../http/cors.ts'
import type { KeptAnswers } from '../../http/kept-answers.ts'
import { mergeParameters } from '../../http/parameters.ts'
import { completeVerbs } from '../../http/verbs.ts'
import { callOf, findCall, rulesOf, type Call } from './call.ts'
import { corsPolicy, MOUNT, openDoor } from './door.ts'
import { NOT_FOUND, Refusal, refuse, refuseBody, SOMETHING_WENT_WRONG } from './errors.ts'
import { PICTURE_BYTES } from './reverse.ts'
import { declareRoutes } from './routes.ts'

/** No form of these methods is longer. */
const TEXT_BYTES = 1024 * 1024

/** The Derpibooru dialect: the JSON API of its pages, oEmbed, and the addresses of images. */
export function derpibooru(config: Config): Face {
  return {
    prefix: MOUNT,
    hosts: config.VITRINE_DERPIBOORU_HOSTS,
    register,
    refuse: (_error, _request, reply) =>
      sendRefusal(reply, new Refusal(400, 'The address of the request is malformed.')),
  }
}

function register(face: FastifyInstance, ctx: Context, kept: KeptAnswers): void {
  const door = openDoor(ctx, createKeyReader(ctx))
  const answers = createRenderedAnswers(ctx, kept)

  acceptAnyBody(face)
  face.addHook('onRequest', async (request, reply) => {
    if (isRead(request)) await answers.begin(request)
    await door.enter(request, reply)
  })
  face.addHook('preHandler', async (request) => {
    const call = callOf(request)
    if (rulesOf(request).site || isRead(request) || request.method === 'OPTIONS') return
    await readParameters(ctx, request, call)
    await door.admit(request, call)
  })
  face.addHook('onSend', async (request, reply, payload) => {
    const call = findCall(request)
    if (call === undefined) return payload
    if (call.files.length > 0) await discardParts(ctx.blobs, call.files)
    return finish(answers, request, reply, payload)
  })
  answerRefusals(face, ctx, {
    own: (error) => (error instanceof Refusal ? error : null),
    reason: refuse,
    body: (error) => refuseBody(error, pictureBytes(ctx)),
    malformed: (status) => new Refusal(status, 'The request is malformed.'),
    notFound: NOT_FOUND,
    broken: () => SOMETHING_WENT_WRONG,
  })

  const complete = completeVerbs(face, {
    options(request, reply, verbs) {
      if (rulesOf(request).site) return reply.header('allow', ['OPTIONS', ...verbs].join(', ')).send()
      const asked = request.headers['access-control-request-headers']
      return reply.headers(preflightHeaders(request.headers.origin, corsPolicy(ctx), verbs, asked)).send()
    },
    notAllowed: (_request, reply, allow) =>
      sendRefusal(reply, new Refusal(405, 'That method is not allowed here.', { allow })),
  })
  declareRoutes(face, ctx)
  complete()
}

/** "Your application MUST properly cache, respect server-side cache expiry times" (Licensing): so they are told. */
function finish(
  answers: RenderedAnswers,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): unknown {
  const { site, keepSeconds, fresh: isFresh } = rulesOf(request)
  if (site || !isRead(request) || reply.statusCode !== 200) return payload
  const { fresh, base, viewer } = callOf(request)
  const expiry = fresh ? 'no-store' : 'max-age=0, private, must-revalidate'
  reply.header('cache-control', keepSeconds === undefined ? expiry : `public, max-age=${keepSeconds}`)
  if (fresh || isFresh) return payload
  const seen = `${base} ${request.url} ${viewer.accountId} ${viewer.role} ${request.headers.accept}`
  return answers.finish(request, reply, payload, { seen, admit: ALWAYS })
}

/** Nothing is counted here, and a key is part of the address. */
const ALWAYS = () => []

const pictureBytes = ({ config }: Pick<Context, 'config'>) =>
  Math.min(PICTURE_BYTES, config.VITRINE_UPLOAD_MAX_BYTES)

async function readParameters(ctx: Context, request: FastifyRequest, call: Call): Promise<void> {
  const fileBytes = rulesOf(request).picture ? pictureBytes(ctx) : 0
  const { parameters, parts } = await readBody(ctx.blobs, request, {
    fileBytes,
    totalBytes: fileBytes + TEXT_BYTES,
    parts: 100,
    fieldBytes: TEXT_BYTES,
    textBytes: TEXT_BYTES,
  })
  call.files = parts
  call.parameters = mergeParameters(call.parameters, parameters)
}
