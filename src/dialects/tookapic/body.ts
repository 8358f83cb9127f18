import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { readBody } from '../../faces/bodies.ts'
import { mergeParameters } from '../../http/parameters.ts'
import type { Call } from './call.ts'

const MB = 1024 * 1024
/** A picture in JSON is a data URL, which takes a third more, and is held in memory whole. Larger ones come as files. */
const TEXT_BYTES = 28 * MB

/**
 * Reads the body of a write and merges it with the query: "parameters not included in the URL should be encoded as
 * JSON with a Content-Type of 'application/json'" ("Parameters"); forms and multipart as well. The body wins.
 *
 * @throws BodyError, LibraryError `storage_full`
 */
export async function readParameters(
  ctx: Pick<Context, 'blobs' | 'config'>,
  request: FastifyRequest,
  call: Call,
): Promise<void> {
  const fileBytes = ctx.config.VITRINE_UPLOAD_MAX_BYTES
  const { parameters, parts } = await readBody(ctx.blobs, request, {
    fileBytes,
    totalBytes: fileBytes + MB,
    parts: 100,
    fieldBytes: TEXT_BYTES,
    textBytes: TEXT_BYTES,
  })
  call.files = parts
  call.parameters = mergeParameters(call.parameters, parameters)
}
