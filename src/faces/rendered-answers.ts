import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { isNotModified, strongEtag } from '../http/etag.ts'
import type { KeptAnswers } from '../http/kept-answers.ts'
import type { Admission } from '../http/response-cache.ts'
import { libraryVersion } from './library-version.ts'

/** What is known of an answer besides its bytes and its headers. */
export interface AboutAnswer {
  /** Whatever a client sees or is that the bytes do not show, such as for whom they were made: the tag covers it. */
  seen: string
  lastModifiedMs?: number | null
  /** What is asked before the answer is given again; null for one that must not be kept. */
  admit: Admission | null
}

/** The rendering side of {@link KeptAnswers}. */
export interface RenderedAnswers {
  /**
   * To be called before anything is read for a request, its credentials included: what is rendered from here on is
   * true of this version of the library, which is returned.
   */
  begin: (request: FastifyRequest) => Promise<string>
  /**
   * On its way out, an answer of 200 to a read gets its entity tag, is kept, and becomes a 304 for a client that has
   * it. Headers that are put on it later belong to this one answer. Returns the payload to send.
   */
  finish: (request: FastifyRequest, reply: FastifyReply, payload: unknown, about: AboutAnswer) => unknown
}

export function createRenderedAnswers(
  ctx: Pick<Context, 'database' | 'clock'>,
  kept: KeptAnswers,
): RenderedAnswers {
  const versions = new WeakMap<FastifyRequest, string>()

  return {
    async begin(request) {
      const version = await libraryVersion(ctx)
      versions.set(request, version)
      return version
    },
    finish(request, reply, payload, { seen, lastModifiedMs = null, admit }) {
      if (reply.statusCode !== 200 || !isText(payload)) return payload
      const etag = strongEtag(`${seen}\n${payload.toString()}`)
      const lastModified = lastModifiedMs === null ? null : new Date(lastModifiedMs)
      reply.header('etag', etag)
      const version = versions.get(request)
      if (admit !== null && version !== undefined) {
        const answer = { headers: reply.getHeaders(), body: payload, etag, lastModified, admit }
        kept.keep(request.raw, request.originalUrl, version, answer)
      }
      if (!isNotModified(request.headers, { etag, lastModified })) return payload
      reply.code(304).removeHeader('content-type').removeHeader('content-length')
      return null
    },
  }
}

export type Text = string | Buffer
export const isText = (payload: unknown): payload is Text =>
  typeof payload === 'string' || Buffer.isBuffer(payload)
