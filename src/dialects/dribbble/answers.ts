import type { FastifyReply, FastifyRequest } from 'fastify'
import { rateNumbers } from '../../faces/rate-answers.ts'
import { isRead } from '../../faces/request-parts.ts'
import { httpDate, isNotModified, strongEtag } from '../../http/etag.ts'
import { wrapInCallback } from '../../http/jsonp.ts'
import { formatLinks, type Link } from '../../http/link-header.ts'
import type { RenderedAnswer, ResponseCache } from '../../http/response-cache.ts'
import { statusText } from '../../http/status-line.ts'
import { callOf, findCall, type Call } from './call.ts'
import type { Door } from './door.ts'
import { Refusal } from './errors.ts'
import { rateHeaders } from './limits.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const SCRIPT_TYPE = 'application/javascript; charset=utf-8'

interface Means {
  door: Door
  cache: ResponseCache
}

/**
 * A read that was rendered before, while the library was as it is now, is answered from memory.
 * Anything an answer depends on is in the key: the address, who asks through what, the wished media type.
 *
 * Such an answer is complete but for the caller's limit, so it goes out at once, past everything that makes one.
 *
 * @returns Whether it was answered. @throws Refusal past the limit.
 */
export async function answerFromMemory(
  { door, cache }: Means,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const call = callOf(request)
  const { free, fresh } = call.rules
  if (!isRead(request) || free || fresh || call.callback !== null) return false

  const { accountId, app } = call.viewer
  const version = call.libraryVersion
  const key = `${call.base} ${request.url} ${accountId} ${app?.id} ${app?.approved} ${request.headers.accept}`
  call.keep = { key, version }

  const known = cache.get(key, version)
  if (known === undefined || !door.maySee(call)) return false
  const unchanged = isNotModified(request.headers, {
    etag: known.etag,
    lastModified: 'if-modified-since' in request.headers ? dateOf(known.headers['last-modified']) : null,
  })
  await (unchanged ? door.look(request, call) : door.pay(call))
  sendKnown(reply, call, known, unchanged)
  return true
}

const dateOf = (header: string | undefined) => (header === undefined ? null : new Date(header))

/**
 * On the wire, with what has been put on the answer before; a 304 says nothing of a body. Names and values in turn are
 * the form that Node writes without copying.
 */
function sendKnown(reply: FastifyReply, { rate }: Call, known: RenderedAnswer, unchanged: boolean): void {
  const status = unchanged ? 304 : known.status
  const headers = ['status', statusText(status)]
  const put = (all: Readonly<Record<string, unknown>>) => {
    for (const name in all) if (!unchanged || name !== 'content-type') headers.push(name, String(all[name]))
  }
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (!(name in known.headers)) headers.push(name, String(value))
  put(known.headers)
  if (rate !== null) put(rateHeaders(rate))
  if (!unchanged) headers.push('content-length', String(known.body.length))
  const { raw } = reply.hijack()
  raw.writeHead(status, headers).end(unchanged ? undefined : known.body)
}

/**
 * Everything an answer of the APIs gets on its way out: entity tag and 304, payment, limit headers, the JSONP
 * envelope, the status line as a header.
 */
export async function finish(
  deps: Means,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  const call = findCall(request)
  if (call === undefined || call.version === 'site' || request.method === 'OPTIONS') return payload
  if (payload !== undefined && payload !== null && !isText(payload)) return payload

  const { answer, free } = conditional(deps.cache, request, reply, payload ?? null)
  let body = answer
  if (!free && !call.rules.free) {
    try {
      await deps.door.pay(call)
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

type Text = string | Buffer
const isText = (payload: unknown): payload is Text => typeof payload === 'string' || Buffer.isBuffer(payload)

/** Entity tag and 304 (API v1 overview, "Conditional requests"). A 304 is free. */
function conditional(
  cache: ResponseCache,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: Text | null,
): { answer: Text | null; free: boolean } {
  if (!isRead(request) || reply.statusCode !== 200 || payload === null)
    return { answer: payload, free: false }

  const call = callOf(request)
  const lastModified = call.lastModifiedMs === null ? null : httpDate(call.lastModifiedMs)
  const links = formatLinks(call.links)
  const etag = tagFor(call, payload, links)
  reply.header('etag', etag).header('cache-control', 'max-age=0, private, must-revalidate')
  if (links !== '') reply.header('link', links)
  if (lastModified !== null) reply.header('last-modified', lastModified)
  rememberAnswer(reply, call, cache, { etag, payload })
  const validators = {
    etag,
    lastModified: call.lastModifiedMs === null ? null : new Date(call.lastModifiedMs),
  }
  if (!isNotModified(request.headers, validators)) return { answer: payload, free: false }
  reply.code(304).removeHeader('content-type').removeHeader('content-length')
  return { answer: null, free: true }
}

/** The tag covers all a client sees: bytes, links, callback, and for whom it was made. */
function tagFor(call: Call, payload: Text, links: string): string {
  const seen = `${call.base} ${call.version} ${call.viewer.accountId} ${call.callback ?? ''} ${links}\n`
  return strongEtag(
    Buffer.concat([Buffer.from(seen), typeof payload === 'string' ? Buffer.from(payload) : payload]),
  )
}

const KEPT_HEADERS = ['content-type', 'etag', 'cache-control', 'link', 'last-modified', 'vary'] as const

function rememberAnswer(
  reply: FastifyReply,
  { keep }: Call,
  cache: ResponseCache,
  { etag, payload }: { etag: string; payload: Text },
): void {
  if (keep === null) return
  const headers: Record<string, string> = {}
  for (const name of KEPT_HEADERS) {
    const value = reply.getHeader(name)
    if (typeof value === 'string') headers[name] = value
  }
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload
  cache.set(keep.key, keep.version, { status: 200, headers, body, etag })
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
