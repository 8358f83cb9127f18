import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { BlobStoreFull, type Blobs, type Incoming } from '../blobs/blobs.ts'
import { BodyError } from '../http/body-error.ts'
import { noParameters, type Parameters } from '../http/form.ts'
import { readMultipart, type MultipartLimits } from '../http/multipart.ts'
import { mediaType, parseBody } from '../http/parameters.ts'
import { minimumRate } from '../http/server-limits.ts'
import { LibraryError } from '../library/errors.ts'

/** One received file of a multipart body, already in `incoming/`. */
export interface ReceivedPart {
  field: string
  fileName: string
  incoming: Incoming
}

export interface BodyLimits extends MultipartLimits {
  /** Bytes of a body that is not multipart. */
  textBytes: number
}

/** Leaves every body unread until the method is known: the types clients name are not to be trusted. */
export function acceptAnyBody(face: FastifyInstance): void {
  face.removeAllContentTypeParsers()
  face.addContentTypeParser('*', (_request, body, done) => done(null, body))
}

/**
 * Reads the body of a write: forms, JSON (also under the form type) and multipart. Files go to `incoming/` while they
 * arrive; {@link discardParts} drops what nobody kept.
 *
 * @throws BodyError, LibraryError `storage_full`. Nothing is left then.
 */
export async function readBody(
  blobs: Blobs,
  request: FastifyRequest<{ Body?: unknown }>,
  limits: BodyLimits,
): Promise<{ parameters: Parameters; parts: ReceivedPart[] }> {
  const stream = request.body
  const type = request.headers['content-type']
  if (!isStream(stream)) return { parameters: noParameters(), parts: [] }
  if (mediaType(type) === 'multipart/form-data') return readParts(blobs, request, stream, limits)
  return { parameters: parseBody(plainType(type), await readWhole(stream, limits.textBytes)), parts: [] }
}

/** Drops files that no method took over. */
export async function discardParts(blobs: Blobs, parts: ReceivedPart[]): Promise<void> {
  await Promise.all(parts.splice(0).map(({ incoming }) => blobs.discard(incoming)))
}

async function readParts(blobs: Blobs, request: FastifyRequest, stream: Readable, limits: BodyLimits) {
  minimumRate(request.raw, { bytesPerSecond: 1024, graceMs: 10_000 })
  const type = request.headers['content-type']
  try {
    const { fields, files } = await readMultipart(stream, type, limits, async (part) => {
      const incoming = await blobs.receive(part.stream, { maxBytes: limits.fileBytes })
      part.onDiscard(() => blobs.discard(incoming))
      return incoming
    })
    const parts = files.map(({ field, fileName, stored }) => ({ field, fileName, incoming: stored }))
    return { parameters: fields, parts }
  } catch (error) {
    if (error instanceof BlobStoreFull) throw new LibraryError({ kind: 'storage_full' }, { cause: error })
    throw error
  }
}

/** Types that browsers send with scripts' plain texts are read like forms: clients of old name them wrongly. */
function plainType(type: string | undefined): string | undefined {
  return mediaType(type) === 'text/plain' ? undefined : type
}

async function readWhole(stream: Readable, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > limitBytes) throw new BodyError('too_large')
      chunks.push(chunk)
    }
  } catch (error) {
    // Whatever ends the stream early, the client went away or was cut off: no fault of ours.
    throw error instanceof BodyError ? error : new BodyError('truncated')
  }
  return Buffer.concat(chunks)
}

function isStream(body: unknown): body is Readable {
  return typeof body === 'object' && body !== null && 'pipe' in body
}
