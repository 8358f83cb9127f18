import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import type { openAdmissions } from '../../faces/admission.ts'
import { rateHeaders, rateNumbers } from '../../faces/rate-answers.ts'
import { isText, type RenderedAnswers, type Text } from '../../faces/rendered-answers.ts'
import { isRead } from '../../faces/request-parts.ts'
import { httpDate } from '../../http/etag.ts'
import { wrapInCallback } from '../../http/jsonp.ts'
import { formatLinks, type Link } from '../../http/link-header.ts'
import type { Admission } from '../../http/response-cache.ts'
import { statusText } from '../../http/status-line.ts'
import { callOf, findCall, type Call } from './call.ts'
import type { Door } from './door.ts'
import { Refusal } from './errors.ts'
import { rateCaller, windowsFor } from './limits.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const SCRIPT_TYPE = 'application/javascript; charset=utf-8'

interface Means {
  door: Door
  answers: RenderedAnswers
  /** How a kept answer is counted. */
  admission: (call: Call) => Admission
}

/** A read from memory is counted as one that is rendered: a 304 is free. The status line is a header, too. */
export function openAdmission(
  { config }: Pick<Context, 'config'>,
  admit: ReturnType<typeof openAdmissions>,
): Means['admission'] {
  return ({ version, viewer, tokenId }) => {
    const windows = windowsFor(config, { version, viewer })
    const caller = (address: string) => rateCaller({ version, viewer, address })
    const counted = admit({ tokenId, windows, caller, unchangedIsFree: true })
    return (request, unchanged) => {
      const own = counted(request, unchanged)
      own?.push('Status', unchanged ? UNCHANGED : OK)
      return own
    }
  }
}

const OK = statusText(200)
const UNCHANGED = statusText(304)

/**
 * Everything an answer of the APIs gets on its way out: entity tag and 304, payment, limit headers, the JSONP
 * envelope, the status line as a header.
 */
export function finish(deps: Means, request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const call = findCall(request)
  if (call === undefined || call.version === 'site' || request.method === 'OPTIONS') return payload
  if (payload !== undefined && payload !== null && !isText(payload)) return payload

  let body = conditional(deps, request, reply, payload ?? null)
  if (reply.statusCode !== 304 && !call.rules.free) {
    try {
      deps.door.pay(call)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      body = refusedLate(reply, error)
    }
  }
  if (call.rate !== null) reply.headers(rateHeaders(call.rate))
  if (call.callback !== null && reply.statusCode !== 304) body = inCallback(reply, call, body)
  reply.header('status', statusText(reply.statusCode))
  return body
}

/** Entity tag and 304 (API v1 overview, "Conditional requests"). The tag covers all a client sees. */
function conditional(
  { answers, admission }: Means,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: Text | null,
): Text | null {
  if (!isRead(request) || reply.statusCode !== 200 || payload === null) return payload

  const call = callOf(request)
  const links = formatLinks(call.links)
  reply.header('cache-control', 'max-age=0, private, must-revalidate')
  if (links !== '') reply.header('link', links)
  if (call.lastModifiedMs !== null) reply.header('last-modified', httpDate(call.lastModifiedMs))
  const isKept = !call.rules.free && !call.rules.fresh && call.callback === null
  const body = answers.finish(request, reply, payload, {
    seen: `${call.base} ${call.version} ${call.viewer.accountId} ${call.callback ?? ''} ${links}`,
    lastModifiedMs: call.lastModifiedMs,
    admit: isKept ? admission(call) : null,
  })
  return isText(body) ? body : null
}

/** The answer was ready, but nothing is left to pay it with. */
function refusedLate(reply: FastifyReply, refusal: Refusal): string {
  for (const name of ['etag', 'link', 'last-modified']) reply.removeHeader(name)
  reply.code(refusal.status).headers(refusal.headers).header('content-type', JSON_TYPE)
  return JSON.stringify(refusal.body)
}

/** API v1 overview, "JSON-P Callbacks". A script tag sees no other status, so it is always 200 outside. */
function inCallback(reply: FastifyReply, call: Call, body: Text | null): string {
  const links = reply.statusCode === 200 ? reply.getHeader('link') : undefined
  const meta = {
    status: reply.statusCode,
    ...(call.rate === null ? {} : rateNumbers(call.rate)),
    ...(typeof links === 'string' && call.links.length > 0 ? { Link: call.links.map(asTuple) } : {}),
  }
  const data = body === null || body.length === 0 ? 'null' : body.toString()
  reply.code(200).header('content-type', SCRIPT_TYPE).header('x-content-type-options', 'nosniff')
  return wrapInCallback(call.callback ?? '', `{"meta":${JSON.stringify(meta)},"data":${data}}`)
}

/** "Link headers are pre-parsed for you and come through as an array of [url, options] tuples." */
function asTuple({ url, ...options }: Link): [string, Record<string, string>] {
  return [url, options]
}
