import { isAscii } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { requestHost } from './addressed.ts'
import { canonicalName } from './canonical-headers.ts'
import { isNotModified } from './etag.ts'
import { createResponseCache, type Admission, type RenderedAnswer } from './response-cache.ts'

type HeadersToKeep = Readonly<Record<string, string | number | string[] | undefined>>

/** A rendered answer of 200 to a read. */
export interface AnswerToKeep {
  /** By their names in lower case. */
  headers: HeadersToKeep
  body: Buffer | string
  etag: string
  lastModified: Date | null
  admit: Admission
}

/**
 * Reads that are answered from memory as long as the library is as it was when they were rendered. They stand before
 * everything else: a request that is answered here meets no router, no hook and no face.
 */
export interface KeptAnswers {
  /** Answers with what is kept, or hands the request on. */
  answer: (request: IncomingMessage, response: ServerResponse, otherwise: () => void) => void
  /**
   * @param url The address as the client wrote it.
   * @param version What `libraryVersion` told before anything was read for this answer.
   */
  keep: (request: IncomingMessage, url: string, version: string, answer: AnswerToKeep) => void
  /** From now on every request is handed on. */
  close: () => void
}

/** Longer bodies are cheaper to write as they are than to join with their headers. */
const LONGEST_TEXT = 16 * 1024

/** @param options.version What the library is now; see `libraryVersion`. */
export function createKeptAnswers({
  version,
  maxBytes,
}: {
  version: () => string | Promise<string>
  maxBytes: number
}): KeptAnswers {
  const cache = createResponseCache({ maxBytes })
  let closed = false

  function replay(request: IncomingMessage, response: ServerResponse, key: string, now: string): boolean {
    const known = cache.get(key, now)
    if (known === undefined) return false
    const unchanged = isNotModified(request.headers, known)
    const own = known.admit(request, unchanged)
    if (own === null) return false
    if (unchanged) response.writeHead(304, known.headers.unchanged.concat(own)).end()
    else response.writeHead(200, known.headers.whole.concat(own)).end(known.body, 'latin1')
    return true
  }

  return {
    answer(request, response, otherwise) {
      const key = closed ? null : keyOf(request, request.url ?? '')
      if (key === null || !cache.has(key)) return otherwise()
      const go = (now: string | null) => {
        if (now === null || !replay(request, response, key, now)) otherwise()
      }
      const now = attempt(version)
      if (typeof now === 'string') go(now)
      else void now.then(go, () => go(null))
    },
    keep(request, url, at, { headers, body, ...rest }) {
      const key = keyOf(request, url)
      // Without a host, addresses in the answer are those of the connection.
      if (key === null || requestHost(request) === null || !mayBeKept(headers)) return
      cache.set(key, at, { ...rest, headers: written(headers, body), body: asWritten(body) })
    },
    close() {
      closed = true
      cache.clear()
    },
  }
}

/** A database that fails is the business of whoever handles the request. */
function attempt(version: () => string | Promise<string>): string | Promise<string> {
  try {
    return version()
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)))
  }
}

/**
 * Everything in a request that an answer may depend on besides the library. Whatever else a face reads of a request,
 * for an answer that it keeps, has to be added here. The times of clients and their addresses are not in it: they
 * matter to {@link Admission} alone.
 *
 * @returns null for a request that is no plain read.
 */
function keyOf(request: IncomingMessage, url: string): string | null {
  const { headers, method } = request
  if (method !== 'GET' && method !== 'HEAD') return null
  if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) return null
  const { authorization, accept, origin } = headers
  // Believed of trusted peers only, so who sent it counts too.
  const scheme = headers['x-forwarded-proto']
  const reach = scheme === undefined ? '' : `${request.socket.remoteAddress} ${String(scheme)}`
  const agent = (headers['user-agent'] ?? '').trim() === '' ? '' : 'agent'
  // What browsers add to a request that another site made them send.
  const site = headers['sec-fetch-site'] === undefined ? '' : fetchedBy(headers)
  return `${url}\n${headers.host}\n${part(authorization && sender(authorization))}${part(accept)}${part(origin)}${reach}\n${site}\n${agent}`
}

/** No value of a header holds a line feed, so a header that is missing is none that is there. */
const part = (value: string | undefined) => (value === undefined ? '\n' : `=${value}\n`)

const fetchedBy = (headers: IncomingMessage['headers']) =>
  `${String(headers['sec-fetch-site'])} ${String(headers['sec-fetch-mode'])}`

const DIGEST = /^digest\s.*?\busername="([^"]*)"/i

/** A credential as it was sent. With HTTP Digest it is another one each time: whose it is, then, and admission decides. */
const sender = (authorization: string) => {
  const login = /^d/i.test(authorization) ? DIGEST.exec(authorization)?.[1] : undefined
  return login === undefined ? authorization : `Digest ${login}`
}

/** Cookies are one client's; and for what Node refuses to write, nobody would answer the second time. */
function mayBeKept(headers: HeadersToKeep): boolean {
  const values = Object.values(headers).flatMap((value) => value ?? [])
  return !('set-cookie' in headers) && values.every((value) => !UNWRITABLE.test(String(value)))
}

const UNWRITABLE = /[^\t\x20-\x7e\x80-\xff]/

function written(headers: HeadersToKeep, body: Buffer | string): RenderedAnswer['headers'] {
  const unchanged: string[] = []
  const aboutBody = ['Content-Length', String(Buffer.byteLength(body))]
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'content-length') continue
    const list = name === 'content-type' ? aboutBody : unchanged
    for (const one of [value].flat()) list.push(canonicalName(name), String(one))
  }
  return { unchanged, whole: [...unchanged, ...aboutBody] }
}

/** A short text in ASCII goes on the wire in one piece with its headers. */
function asWritten(body: Buffer | string): Buffer | string {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  return bytes.length <= LONGEST_TEXT && isAscii(bytes) ? bytes.toString('latin1') : bytes
}
