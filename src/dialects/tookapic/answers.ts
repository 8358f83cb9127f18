import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import type { openAdmissions } from '../../faces/admission.ts'
import { rateHeaders, rateNumbers } from '../../faces/rate-answers.ts'
import { isText, type RenderedAnswers, type Text } from '../../faces/rendered-answers.ts'
import { isRead } from '../../faces/request-parts.ts'
import { wrapInCallback } from '../../http/jsonp.ts'
import type { Admission } from '../../http/response-cache.ts'
import { findCall, type Call } from './call.ts'
import { rateCaller, windowsFor } from './limits.ts'

const SCRIPT_TYPE = 'application/javascript; charset=utf-8'

interface Means {
  answers: RenderedAnswers
  /** How a kept answer is counted. */
  admission: (call: Call) => Admission
}

/** A read from memory costs what one costs that is rendered. */
export function openAdmission(
  { config }: Pick<Context, 'config'>,
  admit: ReturnType<typeof openAdmissions>,
): Means['admission'] {
  return ({ viewer, tokenId }) =>
    admit({
      tokenId,
      windows: windowsFor(config, { viewer }),
      caller: (address) => rateCaller({ viewer, address }),
      unchangedIsFree: false,
    })
}

/**
 * Everything an answer of the API gets on its way out: the headers of the page's samples, entity tag and 304, or the
 * JSONP envelope.
 */
export function finish(
  { answers, admission }: Means,
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
  if (call.callback !== null || !isRead(request)) {
    putLimits(reply, call)
    return call.callback === null ? payload : inCallback(reply, call, payload ?? null)
  }
  const seen = `${call.base} ${request.url} ${call.viewer.accountId} ${call.viewer.role}`
  const body = answers.finish(request, reply, payload, { seen, admit: admission(call) })
  putLimits(reply, call)
  return body
}

/** Put on last: they are this answer's alone. */
function putLimits(reply: FastifyReply, { rate }: Call): void {
  if (rate !== null) reply.headers(rateHeaders(rate))
}

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
