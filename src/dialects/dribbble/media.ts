import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { BYTES, itemForReader, sendBlob, sendDrawn, sendPlaceholder } from '../../faces/media-files.ts'
import { findAccount } from '../../library/accounts.ts'
import type { LoadedItem } from '../../library/items.ts'
import { publicOriginal } from '../../library/renditions.ts'
import { SIZES, sizeFileName, type SizeName } from './addresses.ts'
import { NOT_FOUND } from './errors.ts'
import { idIn } from './ids.ts'

interface Signed {
  Querystring: { signature?: string }
}
interface PicturePath extends Signed {
  Params: { owner: string; id: string; file: string }
}
interface AttachmentPath extends Signed {
  Params: { owner: string; id: string; attachment: string; file: string }
}

const AVATAR_PIXELS = 80

/** The addresses of pictures, beside the APIs: no token, no limit, no User-Agent needed. */
export function mediaRoutes(face: FastifyInstance, ctx: Context): void {
  face.get<PicturePath>('/users/:owner/screenshots/:id/:file', async (request, reply) => {
    const { item, renditions, ...more } = await openToReader(ctx, request)
    const size = sizeNamed({ item, renditions, ...more }, request.params.file)
    if (size === null) throw NOT_FOUND
    const rendition = renditions.get(SIZES[size])
    if (rendition === undefined) return sendPlaceholder(request, reply, item)
    const { blob_sha256: sha256, mime_type: mimeType } = rendition
    return sendBlob(ctx, request, reply, { item, sha256, mimeType, disposition: 'inline' })
  })

  face.get<PicturePath>('/users/:owner/videos/:id/:file', async (request, reply) => {
    const { item, renditions } = await openToReader(ctx, request)
    const sha256 = renditions.get(publicOriginal)?.blob_sha256 ?? item.blob_sha256
    if (item.kind !== 'video' || sha256 === null) throw NOT_FOUND
    return sendBlob(ctx, request, reply, {
      item,
      sha256,
      mimeType: item.mime_type ?? BYTES,
      disposition: 'inline',
    })
  })

  const attachments = '/users/:owner/screenshots/:id/attachments/:attachment'
  face.get<AttachmentPath>(`${attachments}/:file`, (request, reply) => sendAttachment(ctx, request, reply))
  face.get<AttachmentPath>(`${attachments}/thumbnail/:file`, (request, reply) =>
    sendThumbnail(ctx, request, reply),
  )

  face.get<{ Params: { owner: string } }>('/users/:owner/avatars/normal/:file', async (request, reply) => {
    const { login_key: seed } = await findAccount(ctx.db, idIn(request.params.owner, 'account'))
    return sendDrawn(request, reply, { seed, pixels: AVATAR_PIXELS })
  })
}

/** The item of an address, which names its owner as well. */
async function openToReader(
  ctx: Context,
  request: FastifyRequest<PicturePath | AttachmentPath>,
): Promise<LoadedItem> {
  const { owner, id } = request.params
  const loaded = await itemForReader(ctx, idIn(id, 'item'), request.query.signature)
  if (loaded.item.owner_id !== idIn(owner, 'account')) throw NOT_FOUND
  return loaded
}

/** Which size a file name means: the one whose address says so. */
function sizeNamed({ item, renditions }: LoadedItem, file: string): SizeName | null {
  const hasHidpi = renditions.has(SIZES.hidpi)
  const sizes = (['hidpi', 'normal', 'teaser'] as const).filter((size) => hasHidpi || size !== 'hidpi')
  const formatOf = (size: SizeName) => renditions.get(SIZES[size]) ?? { format: 'png' }
  return sizes.find((size) => sizeFileName(item, size, formatOf(size), hasHidpi) === file) ?? null
}

/** Pictures are shown, anything else is downloaded. */
async function sendAttachment(
  ctx: Context,
  request: FastifyRequest<AttachmentPath>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { item, attachment } = await openAttachment(ctx, request)
  const { blob_sha256: sha256, mime_type: mimeType, file_name: fileName } = attachment
  const disposition = attachment.thumbnail_sha256 === null ? 'attachment' : 'inline'
  return sendBlob(ctx, request, reply, { item, sha256, mimeType, disposition, fileName })
}

async function sendThumbnail(
  ctx: Context,
  request: FastifyRequest<AttachmentPath>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { item, attachment } = await openAttachment(ctx, request)
  const { thumbnail_sha256: sha256, thumbnail_mime_type: type } = attachment
  if (sha256 === null) throw NOT_FOUND
  return sendBlob(ctx, request, reply, { item, sha256, mimeType: type ?? BYTES, disposition: 'inline' })
}

async function openAttachment(ctx: Context, request: FastifyRequest<AttachmentPath>) {
  const { item, attachments } = await openToReader(ctx, request)
  const wanted = idIn(request.params.attachment, 'attachment')
  const attachment = attachments.find(({ id }) => id === wanted)
  if (attachment === undefined) throw NOT_FOUND
  return { item, attachment }
}
