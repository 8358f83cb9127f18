import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { createFittedPictures, shownOriginal, type Shown } from '../../faces/fitted-pictures.ts'
import { itemForReader, sendBlob, sendDrawn, sendPlaceholder } from '../../faces/media-files.ts'
import { findAccount } from '../../library/accounts.ts'
import type { LoadedItem } from '../../library/items.ts'
import { VERSIONS, versionNames } from './addresses.ts'
import { idIn } from './call.ts'
import { NOT_FOUND } from './errors.ts'

interface Dated {
  Params: { year: string; month: string; day: string; id: string; file: string }
  Querystring: { signature?: string }
}

const SITE = { config: { derpibooru: { site: true } } } as const
const AVATAR_PIXELS = 125

/**
 * The addresses of pictures: `/img/2016/9/13/ID/thumb.png`, `/img/view/2016/9/13/ID__tags.png` and the same under
 * `/img/download/`. Everything after the leading number of a name is decoration.
 */
export function mediaRoutes(face: FastifyInstance, ctx: Context): void {
  const pictures = createFittedPictures(ctx)

  face.get<Dated>('/img/:year/:month/:day/:id/:file', SITE, async (request, reply) => {
    const loaded = await openToReader(ctx, request, request.params.id)
    const name = request.params.file.replace(/\.[^.]*$/, '')
    if (name === 'full') return sendPicture(ctx, request, reply, { loaded, shown: shownOriginal(loaded) })
    const version = versionNames.find((known) => known === name)
    if (version === undefined) throw NOT_FOUND
    const shown = await pictures.fit(loaded, VERSIONS[version])
    return sendPicture(ctx, request, reply, { loaded, shown })
  })

  for (const way of ['view', 'download'] as const)
    face.get<Dated>(`/img/${way}/:year/:month/:day/:file`, SITE, async (request, reply) => {
      const loaded = await openToReader(ctx, request, request.params.file)
      const shown = shownOriginal(loaded)
      const fileName = decodedName(request.params.file)
      return sendPicture(ctx, request, reply, {
        loaded,
        shown,
        ...(way === 'download' ? { fileName } : {}),
      })
    })

  face.get<{ Params: { id: string } }>('/avatars/:id/:file', SITE, async (request, reply) => {
    const { login_key: seed } = await findAccount(ctx.db, idIn(request.params.id, 'account'))
    return sendDrawn(request, reply, { seed, pixels: AVATAR_PIXELS })
  })
}

/** `ID`, `ID-SIGNATURE` (the form of what is not for everybody), `ID__decoration.ext`, `ID.ext`. */
const NAME = /^(\d{1,15})(?:-([\w-]{8,100}))?(?:__.*|\.[^.]*)?$/s

/** The item of an address, after its three date segments. */
async function openToReader(ctx: Context, request: FastifyRequest<Dated>, name: string): Promise<LoadedItem> {
  const { year, month, day } = request.params
  const [, id, signature] = NAME.exec(name) ?? []
  if (id === undefined || ![year, month, day].every((part) => /^\d{1,4}$/.test(part))) throw NOT_FOUND
  return itemForReader(ctx, Number(id), signature ?? request.query.signature)
}

interface Sent {
  loaded: LoadedItem
  shown: Shown | null
  /** Given when it is to be saved, not shown. */
  fileName?: string
}

/** Types that run nothing are shown; anything else is only ever saved. */
const SHOWABLE = /^(?:image\/(?:png|jpeg|gif|webp|avif)|video\/|audio\/)/

function sendPicture(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { loaded: { item }, shown, fileName }: Sent,
): Promise<FastifyReply> | FastifyReply {
  if (shown === null) return sendPlaceholder(request, reply, item)
  const { sha256, mimeType } = shown
  const disposition = fileName === undefined && SHOWABLE.test(mimeType) ? 'inline' : 'attachment'
  return sendBlob(ctx, request, reply, {
    item,
    sha256,
    mimeType,
    disposition,
    ...(fileName === undefined ? {} : { fileName }),
  })
}

/** In a name, `+` stands for a space, as in the slugs it is made of. */
const decodedName = (name: string) => name.replaceAll('+', ' ')
