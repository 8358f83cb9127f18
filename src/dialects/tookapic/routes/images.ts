import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { createFittedPictures } from '../../../faces/fitted-pictures.ts'
import { itemForReader, sendBlob, sendDrawn, sendPlaceholder } from '../../../faces/media-files.ts'
import { accountsByIds } from '../../../library/accounts.ts'
import type { LoadedItem } from '../../../library/loaded-items.ts'
import { BOXES, sizeNamed, THUMBNAIL, type SizeName } from '../addresses.ts'
import { NOT_FOUND } from '../errors.ts'
import { idIn } from '../ids.ts'

interface PicturePath {
  Params: { id: string; file: string }
  Querystring: { signature?: string }
}

const AVATAR_PIXELS = 160

/** The addresses of pictures, beside the API: no token, no limit. */
export function imageRoutes(face: FastifyInstance, ctx: Context): void {
  const pictures = createFittedPictures(ctx)

  async function shownAs(photo: LoadedItem, size: SizeName) {
    if (size !== 'thumb') return pictures.fit(photo, BOXES[size])
    const thumbnail = photo.renditions.get(THUMBNAIL)
    return thumbnail ? { sha256: thumbnail.blob_sha256, mimeType: thumbnail.mime_type } : null
  }

  face.get<{ Params: { file: string } }>('/images/avatars/:file', async (request, reply) => {
    const id = idIn(/^(\d+)\.png$/.exec(request.params.file)?.[1] ?? '', 'account')
    const account = (await accountsByIds(ctx.db, [id])).get(id)
    if (account === undefined) throw NOT_FOUND
    return sendDrawn(request, reply, { seed: account.login_key, pixels: AVATAR_PIXELS })
  })

  face.get<PicturePath>('/images/:id/:file', async (request, reply) => {
    const size = sizeNamed(request.params.file)
    const photo = await itemForReader(ctx, idIn(request.params.id, 'item'), request.query.signature)
    if (size === null || photo.item.kind !== 'image') throw NOT_FOUND
    const shown = await shownAs(photo, size)
    if (shown === null) return sendPlaceholder(request, reply, photo.item)
    return sendBlob(ctx, request, reply, { item: photo.item, ...shown, disposition: 'inline' })
  })
}
