import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RenderedAnswers } from '../../faces/rendered-answers.ts'
import { isRead } from '../../faces/request-parts.ts'
import { wrapInCallback } from '../../http/jsonp.ts'
import { findCall, rulesOf } from './call.ts'
import { toXml } from './xml.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const XML_TYPE = 'application/xml; charset=utf-8'
/** "This may change to a proper JavaScript Content-Type in the future" ("Formats by suffix"). */
const SCRIPT_TYPE = 'application/javascript; charset=utf-8'

/** Everything an answer of the API gets on its way out: its format, entity tag and 304, or the JSONP call. */
export function finish(
  answers: RenderedAnswers,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): unknown {
  const call = findCall(request)
  const { site, tokens } = rulesOf(request)
  if (call === undefined || site || request.method === 'OPTIONS') return payload
  if (typeof payload !== 'string') return payload
  reply.header('cache-control', tokens ? 'no-store' : 'private, no-cache')
  reply.header('x-content-type-options', 'nosniff')
  const json = escaped(payload)
  if (call.callback !== null) {
    // A script tag runs nothing that came with an error's status.
    reply.code(200).header('content-type', SCRIPT_TYPE)
    return `${wrapInCallback(call.callback, json)};`
  }
  const isXml = call.format === 'xml'
  reply.header('content-type', isXml ? XML_TYPE : JSON_TYPE)
  const body = isXml ? toXml(JSON.parse(payload)) : json
  if (!isRead(request) || tokens) return body
  const { base, viewer, again } = call
  const seen = `${base} ${request.url} ${viewer.accountId} ${viewer.role}`
  return answers.finish(request, reply, body, { seen, admit: (later) => (again(later) ? [] : null) })
}

/** Everything but ASCII is written as `\u2122`, as in the page's samples ("JSONP Example"). */
function escaped(json: string): string {
  return json.replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
