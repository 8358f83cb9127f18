import type { FastifyReply, FastifyRequest } from 'fastify'
import { rateHeaders, rateNumbers } from '../../faces/rate-answers.ts'
import type { RenderedAnswers } from '../../faces/rendered-answers.ts'
import { isRead } from '../../faces/request-parts.ts'
import { wrapInCallback } from '../../http/jsonp.ts'
import { callOf, findCall, type Call } from './call.ts'

const SCRIPT_TYPE = 'application/javascript; charset=utf-8'

/** Anything an answer depends on is in the key: the address, and who asks. */
export async function answerFromMemory(
  answers: RenderedAnswers,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const { place, callback, base, viewer } = callOf(request)
  if (place !== 'api' || !isRead(request) || callback !== null) return undefined
  return answers.fromMemory(request, reply, `${base} ${request.url} ${viewer.accountId} ${viewer.role}`)
}

/**
 * Everything an answer of the API gets on its way out: the headers of the page's samples, entity tag and 304, or the
 * JSONP envelope.
 */
export function finish(
  answers: RenderedAnswers,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): unknown {
  const call = findCall(request)
  if (call === undefined || call.place === 'site' || request.method === 'OPTIONS') return payload
  if (payload !== undefined && payload !== null && !isText(payload)) return payload

  // "Content-type: application/json", "Cache-Control: no-cache" ("Schema"). The token endpoint says more than that.
  if (payload) reply.header('content-type', 'application/json')
  if (call.place === 'token') return payload
  reply.header('cache-control', 'no-cache')
  if (call.rate !== null) reply.headers(rateHeaders(call.rate))
  if (call.callback !== null) return inCallback(reply, call, payload ?? null)
  return isRead(request) ? answers.finish(request, reply, payload) : payload
}

type Text = string | Buffer
const isText = (payload: unknown): payload is Text => typeof payload === 'string' || Buffer.isBuffer(payload)

/**
 * "The response includes the same data output as the regular API, plus the relevant HTTP Header information"
 * ("JSON-P Callbacks"). A script tag sees no other status, so it is always 200 outside.
 */
function inCallback(reply: FastifyReply, call: Call, payload: Text | null): string {
  const { data, pagination } = partsOf(payload)
  const meta = {
    status: reply.statusCode,
    ...(call.rate === null ? {} : rateNumbers(call.rate)),
    ...(pagination === undefined ? {} : { pagination }),
  }
  reply.code(200).header('content-type', SCRIPT_TYPE).header('x-content-type-options', 'nosniff')
  return `${wrapInCallback(call.callback ?? '', JSON.stringify({ meta, data }))};`
}

/** `data` of the plain answer and the pagination beside it; of an error, the whole body. */
function partsOf(payload: Text | null): { data: unknown; pagination?: unknown } {
  if (payload === null || payload.length === 0) return { data: null }
  const body: unknown = JSON.parse(payload.toString())
  if (typeof body !== 'object' || body === null || !('data' in body)) return { data: body }
  const meta = 'meta' in body ? body.meta : undefined
  const hasPages = typeof meta === 'object' && meta !== null && 'pagination' in meta
  return { data: body.data, ...(hasPages ? { pagination: meta.pagination } : {}) }
}
