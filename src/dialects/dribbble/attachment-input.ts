import { open } from 'node:fs/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Incoming } from '../../blobs/blobs.ts'
import type { Context } from '../../context.ts'
import { addAttachment } from '../../library/attachments.ts'
import { MediaError } from '../../media/errors.ts'
import type { PictureFacts } from '../../media/facts.ts'
import { inspectPicture } from '../../media/inspect.ts'
import { ATTACHMENT_BYTES } from './body.ts'
import { callOf } from './call.ts'
import { locatedAt } from './created.ts'
import { validationFailed } from './errors.ts'

/** Types beside pictures that are told by their first bytes; what a client calls its file counts for nothing. */
const SIGNATURES: readonly (readonly [magic: string, mimeType: string])[] = [
  ['%PDF-', 'application/pdf'],
  ['PK\x03\x04', 'application/zip'],
  ['\x1f\x8b', 'application/gzip'],
  ['8BPS', 'image/vnd.adobe.photoshop'],
]

/**
 * "Create an attachment": a file of any type, ten megabytes at the most. Answers 202 with the address of the
 * attachment, whose last part is its bare id, and no body; pictures take a moment until they are there.
 */
export async function createAttachment(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  shotId: number,
): Promise<FastifyReply> {
  const { base, version, viewer, files } = callOf(request)
  const file = files.find(({ field }) => field === 'file')
  if (file === undefined || file.incoming.sizeBytes === 0)
    throw validationFailed([{ field: 'file', problem: "can't be blank" }])
  if (file.incoming.sizeBytes > ATTACHMENT_BYTES)
    throw validationFailed([{ field: 'file', problem: 'is too large (at most 10 MB)' }])

  const picture = await pictureIn(file.incoming)
  const mimeType = picture?.mimeType ?? (await sniffType(file.incoming))
  const { incoming, fileName } = file
  const id = await addAttachment(ctx, viewer, shotId, { incoming, fileName, mimeType, picture })
  return locatedAt(reply, `${base}/${version}/shots/${shotId}/attachments/${id}`).code(202).send()
}

/** Null for what is no picture that we can show; then it is a file like any other. */
async function pictureIn({ path }: Incoming): Promise<PictureFacts | null> {
  try {
    return await inspectPicture(path)
  } catch (error) {
    if (error instanceof MediaError) return null
    throw error
  }
}

async function sniffType({ path }: Incoming): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
    const head = buffer.toString('latin1', 0, bytesRead)
    return SIGNATURES.find(([magic]) => head.startsWith(magic))?.[1] ?? 'application/octet-stream'
  } finally {
    await file.close()
  }
}
