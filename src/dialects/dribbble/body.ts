import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { readBody, type BodyLimits } from '../../faces/bodies.ts'
import { mergeParameters } from '../../http/parameters.ts'
import type { Call } from './call.ts'

const MB = 1024 * 1024

/** "no larger than eight megabytes" (Create a shot). */
export const IMAGE_BYTES = 8 * MB
/** Attachments of the later pages: 10 MB. */
export const ATTACHMENT_BYTES = 10 * MB
/** A picture may also come as a data URL in a text field, which takes a third more. */
const TEXT_BYTES = 12 * MB

const LIMITS: BodyLimits = {
  fileBytes: ATTACHMENT_BYTES,
  totalBytes: ATTACHMENT_BYTES + 4 * MB,
  parts: 200,
  fieldBytes: TEXT_BYTES,
  textBytes: TEXT_BYTES,
}

/**
 * Reads the body of a write and merges it with the query ("parameters not included in the URL should be encoded as
 * JSON with a Content-Type of application/x-www-form-urlencoded"; forms, JSON types and multipart as well). The body
 * wins.
 *
 * @throws BodyError, LibraryError `storage_full`
 */
export async function readParameters(
  ctx: Pick<Context, 'blobs'>,
  request: FastifyRequest,
  call: Call,
): Promise<void> {
  const { parameters, parts } = await readBody(ctx.blobs, request, LIMITS)
  call.files = parts
  call.parameters = mergeParameters(call.parameters, parameters)
}
