import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'
import { BlobStoreFull } from '../../blobs/blobs.ts'
import type { Context } from '../../context.ts'
import { BodyError } from '../../http/body-error.ts'
import type { Parameters } from '../../http/form.ts'
import { readMultipart, type MultipartLimits } from '../../http/multipart.ts'
import { mediaType, mergeParameters, parseBody } from '../../http/parameters.ts'
import { minimumRate } from '../../http/server-limits.ts'
import { LibraryError } from '../../library/errors.ts'
import type { Call } from './call.ts'

const MB = 1024 * 1024

/** "no larger than eight megabytes" (Create a shot). */
export const IMAGE_BYTES = 8 * MB
/** Attachments of the later pages: 10 MB. */
export const ATTACHMENT_BYTES = 10 * MB
/** A picture may also come as a data URL in a text field, which takes a third more. */
const TEXT_BODY_BYTES = 12 * MB

const MULTIPART: MultipartLimits = {
  fileBytes: ATTACHMENT_BYTES,
  totalBytes: ATTACHMENT_BYTES + 4 * MB,
  parts: 200,
  fieldBytes: TEXT_BODY_BYTES,
}

/** Leaves every body unread until the method is known: the types clients name are not to be trusted. */
export function acceptAnyBody(face: FastifyInstance): void {
  face.removeAllContentTypeParsers()
  face.addContentTypeParser('*', (_request, body, done) => done(null, body))
}

/**
 * Reads the body of a write and merges it with the query ("parameters not included in the URL should be encoded as
 * JSON with a Content-Type of application/x-www-form-urlencoded"; forms, JSON types and multipart as well).
 * Files go to `incoming/` while they arrive; the call knows them, and {@link discardFiles} drops what nobody kept.
 *
 * @throws BodyError, LibraryError `storage_full`
 */
export async function readParameters(
  ctx: Pick<Context, 'blobs'>,
  request: FastifyRequest<{ Body?: unknown }>,
  call: Call,
): Promise<void> {
  const stream = request.body
  if (!isStream(stream)) return
  const type = request.headers['content-type']
  const body =
    mediaType(type) === 'multipart/form-data'
      ? await readParts(ctx, request, stream, call)
      : parseBody(plainType(type), await readWhole(stream, TEXT_BODY_BYTES))
  call.parameters = mergeParameters(call.parameters, body)
}

async function readParts(
  ctx: Pick<Context, 'blobs'>,
  request: FastifyRequest,
  stream: Readable,
  call: Call,
): Promise<Parameters> {
  minimumRate(request.raw, { bytesPerSecond: 1024, graceMs: 10_000 })
  try {
    const { fields, files } = await readMultipart(
      stream,
      request.headers['content-type'],
      MULTIPART,
      async (part) => {
        const incoming = await ctx.blobs.receive(part.stream, { maxBytes: ATTACHMENT_BYTES })
        part.onDiscard(() => ctx.blobs.discard(incoming))
        return incoming
      },
    )
    call.files = files.map(({ field, fileName, stored }) => ({ field, fileName, incoming: stored }))
    return fields
  } catch (error) {
    if (error instanceof BlobStoreFull) throw new LibraryError({ kind: 'storage_full' }, { cause: error })
    throw error
  }
}

/** Drops the files of a call that no method took over. */
export async function discardFiles(ctx: Pick<Context, 'blobs'>, call: Call): Promise<void> {
  const files = call.files.splice(0)
  await Promise.all(files.map(({ incoming }) => ctx.blobs.discard(incoming)))
}

/** Types that browsers send with scripts' plain texts are read like forms: clients of old name them wrongly. */
function plainType(type: string | undefined): string | undefined {
  return mediaType(type) === 'text/plain' ? undefined : type
}

async function readWhole(stream: Readable, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > limitBytes) throw new BodyError('too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function isStream(body: unknown): body is Readable {
  return typeof body === 'object' && body !== null && 'pipe' in body
}
