import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { isNotModified, strongEtag } from '../http/etag.ts'
import { createResponseCache, type RenderedAnswer } from '../http/response-cache.ts'
import { libraryVersion } from './library-version.ts'

/** Reads that are answered from memory as long as the library is as it was when they were rendered. */
export interface RenderedAnswers {
  /**
   * Answers with what was rendered before under the same key, or undefined; then the answer to come is kept.
   *
   * @param key Everything an answer depends on besides the library: the address, who asks, what they accept.
   */
  fromMemory: (request: FastifyRequest, reply: FastifyReply, key: string) => Promise<FastifyReply | undefined>
  /** The answer to come depends on something else too: it is not kept. */
  forget: (request: FastifyRequest) => void
  /**
   * On its way out, an answer of 200 to a read gets its entity tag, and becomes a 304 for a client that has it.
   * Returns the payload to send.
   */
  finish: (request: FastifyRequest, reply: FastifyReply, payload: unknown) => unknown
}

interface Pending {
  key: string
  version: string
  /** The entity tag of an answer from memory. */
  etag: string | null
  keep: boolean
}

const KEPT_HEADERS = ['content-type', 'etag', 'cache-control', 'vary'] as const

/**
 * @param options.atOnce An answer from memory is complete as it was kept, so it goes out past everything that makes one.
 */
export function createRenderedAnswers(
  ctx: Pick<Context, 'database' | 'clock'>,
  { maxBytes, atOnce = false }: { maxBytes: number; atOnce?: boolean },
): RenderedAnswers {
  const cache = createResponseCache({ maxBytes })
  const pending = new WeakMap<FastifyRequest, Pending>()

  return {
    async fromMemory(request, reply, key) {
      const stored = libraryVersion(ctx)
      const version = typeof stored === 'string' ? stored : await stored
      const known = cache.get(key, version)
      if (known !== undefined && atOnce) return sendKnown(request, reply, known)
      pending.set(request, { key, version, etag: known?.etag ?? null, keep: known === undefined })
      return known && reply.headers(known.headers).send(known.body)
    },
    forget(request) {
      const answer = pending.get(request)
      if (answer) answer.keep = false
    },
    finish(request, reply, payload) {
      const answer = pending.get(request)
      if (answer === undefined || reply.statusCode !== 200 || !isText(payload)) return payload
      const etag = answer.etag ?? strongEtag(`${answer.key}\n${payload.toString()}`)
      reply.header('etag', etag)
      if (answer.keep) {
        const body = typeof payload === 'string' ? Buffer.from(payload) : payload
        cache.set(answer.key, answer.version, { status: 200, headers: keptHeaders(reply), body, etag })
      }
      if (!isNotModified(request.headers, { etag })) return payload
      reply.code(304).removeHeader('content-type').removeHeader('content-length')
      return null
    },
  }
}

/** On the wire, with what has been put on the answer before; a 304 says nothing of a body. */
function sendKnown(request: FastifyRequest, reply: FastifyReply, known: RenderedAnswer): FastifyReply {
  const unchanged = isNotModified(request.headers, { etag: known.etag })
  const { raw } = reply.hijack()
  for (const [name, value] of Object.entries({ ...reply.getHeaders(), ...known.headers }))
    if (value !== undefined) raw.setHeader(name, value)
  if (unchanged) raw.removeHeader('content-type')
  else raw.setHeader('content-length', known.body.length)
  raw.writeHead(unchanged ? 304 : known.status).end(unchanged ? undefined : known.body)
  return reply
}

const isText = (payload: unknown): payload is string | Buffer =>
  typeof payload === 'string' || Buffer.isBuffer(payload)

function keptHeaders(reply: FastifyReply): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of KEPT_HEADERS) {
    const value = reply.getHeader(name)
    if (typeof value === 'string') headers[name] = value
  }
  return headers
}
