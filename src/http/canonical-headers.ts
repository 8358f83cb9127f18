import { ServerResponse } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http'

/** Names whose usual spelling is not simply a capital after each hyphen. */
const SPELLINGS = [
  'ETag', 'WWW-Authenticate', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset',
  'X-Request-ID', 'X-UA-Compatible', 'X-XSS-Protection', 'X-DNS-Prefetch-Control', 'Content-MD5', 'DNT', 'NEL',
  'TE', 'SourceMap', 'Sec-WebSocket-Accept', 'Sec-WebSocket-Protocol',
] // prettier-ignore
const spelled = new Map(SPELLINGS.map((name) => [name.toLowerCase(), name]))

/** Answers have a small vocabulary; a face that made up names without end must not fill the memory. */
const MOST_NAMES = 1_000

/** The forms `writeHead` takes: an object, names and values in turn, or pairs. */
type HeadersToWrite = OutgoingHttpHeaders | OutgoingHttpHeader[]

/**
 * The usual spelling of a header name given in lower case: `content-type` is `Content-Type`, `etag` is `ETag`.
 * A name that already has a capital is left as it is.
 */
export function canonicalName(name: string): string {
  const known = spelled.get(name)
  if (known !== undefined) return known
  const spelling = /[A-Z]/.test(name)
    ? name
    : name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())
  if (spelled.size < MOST_NAMES) spelled.set(name, spelling)
  return spelling
}

function canonical(headers: HeadersToWrite | undefined): HeadersToWrite | undefined {
  if (headers === undefined) return undefined
  if (!Array.isArray(headers)) {
    const renamed: OutgoingHttpHeaders = {}
    for (const name of Object.keys(headers)) renamed[canonicalName(name)] = headers[name]
    return renamed
  }
  return headers.map((entry, at) => {
    if (Array.isArray(entry)) return entry.map((text, place) => (place === 0 ? canonicalName(text) : text))
    return at % 2 === 0 ? canonicalName(String(entry)) : entry
  })
}

/**
 * A response that writes header names the way the documented samples spell them, whatever case they were set in;
 * Fastify sets all of them in lower case. Use it with `http.createServer({ ServerResponse: CanonicalResponse })`.
 */
export class CanonicalResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends ServerResponse<Request> {
  override setHeader(name: string, value: number | string | readonly string[]): this {
    return super.setHeader(canonicalName(name), value)
  }

  override writeHead(statusCode: number, statusMessage?: string, headers?: HeadersToWrite): this
  override writeHead(statusCode: number, headers?: HeadersToWrite): this
  override writeHead(statusCode: number, second?: string | HeadersToWrite, third?: HeadersToWrite): this {
    if (typeof second !== 'string') return super.writeHead(statusCode, canonical(second ?? third))
    return super.writeHead(statusCode, second, canonical(third))
  }
}
