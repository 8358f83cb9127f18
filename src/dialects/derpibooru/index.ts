import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import type { Context } from '../../context.ts'
import type { Face } from '../../face.ts'
import { acceptAnyBody, discardParts, readBody } from '../../faces/bodies.ts'
import { createKeyReader } from '../../faces/key-reader.ts'
import { isFrameworkRefusal, isRead } from '../../faces/request-parts.ts'
import { createRenderedAnswers, type RenderedAnswers } from '../../faces/rendered-answers.ts'
import { BodyError } from '../../http/body-error.ts'
import { preflightHeaders } from '../../http/cors.ts'
import { mergeParameters } from '../../http/parameters.ts'
import { completeVerbs } from '../../http/verbs.ts'
import { LibraryError } from '../../library/errors.ts'
import { storageReason } from '../../library/failures.ts'
import { callOf, findCall, rulesOf, type Call } from './call.ts'
import { corsPolicy, MOUNT, openDoor } from './door.ts'
import { NOT_FOUND, Refusal, refuse, refuseBody, SOMETHING_WENT_WRONG } from './errors.ts'
import { PICTURE_BYTES } from './reverse.ts'
import { declareRoutes } from './routes.ts'

/** Rendered reads that are kept, in bytes. */
const CACHE_BYTES = 32 * 1024 * 1024
/** No form of these methods is longer. */
const TEXT_BYTES = 1024 * 1024
/** A picture that is only looked at, for anybody. */

/** The Derpibooru dialect: the JSON API of its pages, oEmbed, and the addresses of images. */
export function derpibooru(config: Config): Face {
  return {
    prefix: MOUNT,
    hosts: config.VITRINE_DERPIBOORU_HOSTS,
    register,
    refuse: (_error, _request, reply) => {
      const { status, body } = new Refusal(400, 'The address of the request is malformed.')
      return reply.code(status).send(body)
    },
  }
}

function register(face: FastifyInstance, ctx: Context): void {
  const door = openDoor(ctx, createKeyReader(ctx))
  const answers = createRenderedAnswers(ctx, { maxBytes: CACHE_BYTES, atOnce: true })

  acceptAnyBody(face)
  face.addHook('onRequest', door.enter)
  face.addHook('onRequest', (request, reply) => lookUp(answers, request, reply))
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
  face.setErrorHandler((error, request, reply) => answerError(ctx, error, request, reply))
  face.setNotFoundHandler((_request, reply) => answerRefusal(reply, NOT_FOUND))

  const complete = completeVerbs(face, {
    options(request, reply, verbs) {
      if (rulesOf(request).site) return reply.header('allow', ['OPTIONS', ...verbs].join(', ')).send()
      const asked = request.headers['access-control-request-headers']
      return reply.headers(preflightHeaders(request.headers.origin, corsPolicy(ctx), verbs, asked)).send()
    },
    notAllowed: (_request, reply, allow) =>
      answerRefusal(reply, new Refusal(405, 'That method is not allowed here.', { allow })),
  })
  declareRoutes(face, ctx)
  complete()
}

/** Anything an answer depends on is in the key: the address, who asks, the wished media type. */
async function lookUp(answers: RenderedAnswers, request: FastifyRequest, reply: FastifyReply) {
  const { site, fresh } = rulesOf(request)
  if (!isRead(request) || site || fresh) return undefined
  const { base, viewer } = callOf(request)
  const key = `${base} ${request.url} ${viewer.accountId} ${viewer.role} ${request.headers.accept}`
  return answers.fromMemory(request, reply, key)
}

/** "Your application MUST properly cache, respect server-side cache expiry times" (Licensing): so they are told. */
function finish(
  answers: RenderedAnswers,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): unknown {
  const { site, keepSeconds } = rulesOf(request)
  if (site || !isRead(request) || reply.statusCode !== 200) return payload
  const { fresh } = callOf(request)
  if (fresh) answers.forget(request)
  const expiry = fresh ? 'no-store' : 'max-age=0, private, must-revalidate'
  reply.header('cache-control', keepSeconds === undefined ? expiry : `public, max-age=${keepSeconds}`)
  return fresh ? payload : answers.finish(request, reply, payload)
}

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

function answerError(
  ctx: Context,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof Refusal) return answerRefusal(reply, error)
  if (error instanceof LibraryError) return answerRefusal(reply, refuse(error.reason))
  if (error instanceof BodyError) return answerRefusal(reply, refuseBody(error, pictureBytes(ctx)))
  if (isFrameworkRefusal(error))
    return answerRefusal(reply, new Refusal(error.statusCode, 'The request is malformed.'))
  const reason = storageReason(ctx, error)
  if (reason !== null) return answerRefusal(reply, refuse(reason))
  request.log.error({ err: error, req: request }, 'a request failed')
  return answerRefusal(reply, SOMETHING_WENT_WRONG)
}

const answerRefusal = (reply: FastifyReply, { status, body, headers }: Refusal) =>
  reply
    .code(status)
    .headers({ 'content-type': 'application/json; charset=utf-8', ...headers })
    .send(body)
