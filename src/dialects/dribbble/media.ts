import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { sameText } from '../../identity/secrets.ts'
import { sendStored, type StoredFile } from '../../http/send-file.ts'
import { isPublic } from '../../library/access.ts'
import { accountsByIds } from '../../library/accounts.ts'
import { findItem, type LoadedItem } from '../../library/items.ts'
import { publicOriginal } from '../../library/renditions.ts'
import { OPERATOR } from '../../library/viewer.ts'
import { drawIdenticon } from '../../media/identicon.ts'
import { mediaTicket, signerOf, SIZES, sizeFileName, type SizeName } from './addresses.ts'
import { NOT_FOUND } from './errors.ts'

interface PicturePath {
  Params: { owner: string; id: string; file: string }
  Querystring: { signature?: string }
}
interface AttachmentPath {
  Params: { owner: string; id: string; attachment: string; file: string }
  Querystring: { signature?: string }
}

const AVATAR_PIXELS = 80

/** The addresses of pictures, beside the APIs: no token, no limit, no User-Agent needed. */
export function mediaRoutes(face: FastifyInstance, ctx: Context): void {
  face.get<PicturePath>('/users/:owner/screenshots/:id/:file', async (request, reply) => {
    const loaded = await openToReader(ctx, request)
    const size = sizeNamed(loaded, request.params.file)
    if (size === null) throw NOT_FOUND
    const rendition = loaded.renditions.get(SIZES[size])
    if (rendition === undefined) return sendPlaceholder(reply, request, loaded)
    const { blob_sha256: sha256, mime_type: mimeType } = rendition
    return sendBlob(ctx, request, reply, { loaded, sha256, mimeType, disposition: 'inline' })
  })

  face.get<PicturePath>('/users/:owner/videos/:id/:file', async (request, reply) => {
    const loaded = await openToReader(ctx, request)
    const { blob_sha256: original, mime_type: mimeType, kind } = loaded.item
    if (kind !== 'video' || original === null) throw NOT_FOUND
    const sha256 = loaded.renditions.get(publicOriginal)?.blob_sha256 ?? original
    return sendBlob(ctx, request, reply, {
      loaded,
      sha256,
      mimeType: mimeType ?? BYTES,
      disposition: 'inline',
    })
  })

  face.get<AttachmentPath>('/users/:owner/screenshots/:id/attachments/:attachment/:file', (request, reply) =>
    sendAttachment(ctx, request, reply, 'file'),
  )
  face.get<AttachmentPath>(
    '/users/:owner/screenshots/:id/attachments/:attachment/thumbnail/:file',
    (request, reply) => sendAttachment(ctx, request, reply, 'thumbnail'),
  )

  face.get<{ Params: { owner: string } }>('/users/:owner/avatars/normal/:file', async (request, reply) => {
    const account = (await accountsByIds(ctx.db, [idOf(request.params.owner)])).get(
      idOf(request.params.owner),
    )
    if (account === undefined) throw NOT_FOUND
    const picture = drawIdenticon(account.login_key, AVATAR_PIXELS)
    return sendDrawn(reply, request, picture, `avatar-${account.login_key}`)
  })
}

const BYTES = 'application/octet-stream'

/** The item of a picture's address: for everybody if it is public, for the holder of a signed address otherwise. */
async function openToReader(
  ctx: Context,
  request: FastifyRequest<{ Params: { owner: string; id: string }; Querystring: { signature?: string } }>,
): Promise<LoadedItem> {
  const { owner, id } = request.params
  const loaded = await findItem(ctx, OPERATOR, idOf(id))
  if (loaded.item.owner_id !== idOf(owner)) throw NOT_FOUND
  if (isPublic(loaded.item)) return loaded
  const { signature } = request.query
  const isSigned =
    typeof signature === 'string' && sameText(signature, signerOf(ctx).sign(mediaTicket(loaded.item)))
  const isGone = loaded.item.visibility === 'removed' || loaded.item.visibility === 'merged'
  if (!isSigned || isGone) throw NOT_FOUND
  return loaded
}

function idOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw NOT_FOUND
  return Number(text)
}

/** Which size a file name means: the one whose address says so. */
function sizeNamed({ item, renditions }: LoadedItem, file: string): SizeName | null {
  const hasHidpi = renditions.has(SIZES.hidpi)
  const sizes = (['hidpi', 'normal', 'teaser'] as const).filter((size) => hasHidpi || size !== 'hidpi')
  const nameOf = (size: SizeName) =>
    sizeFileName(item, size, renditions.get(SIZES[size]) ?? { format: 'png' }, hasHidpi)
  return sizes.find((size) => nameOf(size) === file) ?? null
}

interface Sent {
  loaded: LoadedItem
  sha256: string
  mimeType: string
  disposition: 'inline' | 'attachment'
  fileName?: string
}

async function sendBlob(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { loaded, sha256, mimeType, disposition, fileName }: Sent,
): Promise<FastifyReply> {
  const sizeBytes = await ctx.blobs.size(sha256)
  if (sizeBytes === null) throw NOT_FOUND
  const file: StoredFile = {
    sizeBytes,
    etag: `"${sha256.slice(0, 32)}"`,
    lastModifiedMs: loaded.item.updated_ms,
    mimeType,
    open: (range) => ctx.blobs.open(sha256, range),
  }
  const visibility = isPublic(loaded.item) ? 'public' : 'private'
  return sendStored(reply, file, request, {
    visibility,
    disposition,
    ...(fileName === undefined ? {} : { fileName }),
  })
}

/** Pictures are shown, anything else is downloaded. */
async function sendAttachment(
  ctx: Context,
  request: FastifyRequest<AttachmentPath>,
  reply: FastifyReply,
  part: 'file' | 'thumbnail',
): Promise<FastifyReply> {
  const loaded = await openToReader(ctx, request)
  const attachment = loaded.attachments.find(({ id }) => id === idOf(request.params.attachment))
  if (attachment === undefined) throw NOT_FOUND
  const { blob_sha256, thumbnail_sha256, mime_type, thumbnail_mime_type, file_name: fileName } = attachment
  const sha256 = part === 'file' ? blob_sha256 : thumbnail_sha256
  const mimeType = part === 'file' ? mime_type : (thumbnail_mime_type ?? BYTES)
  if (sha256 === null) throw NOT_FOUND
  const disposition = thumbnail_sha256 === null ? 'attachment' : 'inline'
  return sendBlob(ctx, request, reply, { loaded, sha256, mimeType, disposition, fileName })
}

/** Where an item's picture is not at hand, a drawn one of its own stands in. */
function sendPlaceholder(reply: FastifyReply, request: FastifyRequest, { item }: LoadedItem): FastifyReply {
  return sendDrawn(reply, request, drawIdenticon(item.uid, 300), `placeholder-${item.uid}`)
}

function sendDrawn(
  reply: FastifyReply,
  request: FastifyRequest,
  picture: Buffer,
  name: string,
): FastifyReply {
  const file: StoredFile = {
    sizeBytes: picture.length,
    etag: `"${name}"`,
    lastModifiedMs: 0,
    mimeType: 'image/png',
    open: (range) => Readable.from([range ? picture.subarray(range.first, range.last + 1) : picture]),
  }
  return sendStored(reply, file, request, { visibility: 'public', disposition: 'inline' })
}
