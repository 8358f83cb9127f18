import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { readBody } from '../../faces/bodies.ts'
import { BodyError } from '../../http/body-error.ts'
import { mediaType, mergeParameters } from '../../http/parameters.ts'
import { minimumRate } from '../../http/server-limits.ts'
import { rulesOf, type Call } from './call.ts'
import { boundaryOf, mendMultipart } from './mended-multipart.ts'

/** Forms of methods that take no file. */
const FORM_BYTES = 256 * 1024

/**
 * Reads the body of a request and merges it with the query, on every verb ("URL parameters": "the query string or
 * POST/DELETE parameters"). The body wins.
 *
 * @throws BodyError, LibraryError `storage_full`
 */
export async function readParameters(
  ctx: Pick<Context, 'blobs'>,
  request: FastifyRequest,
  call: Call,
): Promise<void> {
  const fileBytes = rulesOf(request).fileBytes ?? 0
  // A file as a data URL takes a third more; escaped in a form, up to three times that of its plus signs.
  const textBytes = FORM_BYTES + fileBytes * 2
  if (mediaType(request.headers['content-type']) === 'multipart/form-data')
    request.body = await mended(request, fileBytes + textBytes)
  const { parameters, parts } = await readBody(ctx.blobs, request, {
    fileBytes,
    totalBytes: fileBytes + textBytes,
    parts: 100,
    fieldBytes: textBytes,
    textBytes,
  })
  call.files = parts
  call.parameters = mergeParameters(call.parameters, parameters)
}

/** Some clients write multipart by hand and get its line ends and its end wrong. Files here are small. */
async function mended(request: FastifyRequest<{ Body?: unknown }>, limitBytes: number): Promise<Readable> {
  const boundary = boundaryOf(request.headers['content-type'])
  if (!(request.body instanceof Readable) || boundary === null) throw new BodyError('malformed')
  minimumRate(request.raw, { bytesPerSecond: 1024, graceMs: 10_000 })
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request.body as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > limitBytes) throw new BodyError('too_large')
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof BodyError ? error : new BodyError('truncated')
  }
  return Readable.from([mendMultipart(Buffer.concat(chunks), boundary)])
}
