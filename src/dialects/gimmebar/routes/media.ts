import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { createFittedPictures } from '../../../faces/fitted-pictures.ts'
import { BYTES, itemForReader, sendBlob, sendDrawn, sendPlaceholder } from '../../../faces/media-files.ts'
import { findCollected } from '../../../library/collected-lists.ts'
import { pageCopy } from '../../../library/collecting.ts'
import type { LoadedItem } from '../../../library/loaded-items.ts'
import { pageCapture, pageThumbnail } from '../../../library/page-captures.ts'
import { OPERATOR } from '../../../library/viewer.ts'
import { BOXES, type PartName } from '../addresses.ts'
import { notFound } from '../errors.ts'
import { userCalled } from '../finding.ts'

interface MediaPath {
  Params: { uid: string; part: string }
  Querystring: { signature?: string }
}

const SITE = { config: { gimmebar: { site: true } } } as const
const AVATAR_PIXELS = 160
/** Types that cannot run anything in a browser; everything else is downloaded. */
const SHOWN = /^(?:image\/(?:jpeg|png|gif|webp|avif)|audio\/[\w.+-]+|video\/[\w.+-]+)$/

/** The addresses of what assets hold, beside the API: no token. */
export function mediaRoutes(face: FastifyInstance, ctx: Context): void {
  const pictures = createFittedPictures(ctx)

  face.get<{ Params: { username: string } }>('/img/avatar/:username', SITE, async (request, reply) => {
    const account = await userCalled(ctx, request.params.username)
    return sendDrawn(request, reply, { seed: account.login_key, pixels: AVATAR_PIXELS })
  })

  face.get<MediaPath>('/media/:uid/:part', SITE, async (request, reply) => {
    const found = await findCollected(ctx, OPERATOR, request.params.uid.toLowerCase())
    const loaded = await itemForReader(ctx, found.item.id, request.query.signature)
    const part = partNamed(request.params.part)
    if (part === null) throw notFound('No such file')
    if (loaded.item.kind !== 'image') return sendPart(ctx, request, reply, { loaded, part })
    if (part === 'fullscreen' || part === 'thumb') throw notFound('No such file')
    const box = part === 'full' ? null : BOXES[part]
    const shown = box === null ? originalOf(loaded) : await pictures.fit(loaded, box)
    if (shown === null) return sendPlaceholder(request, reply, loaded.item)
    return sendBlob(ctx, request, reply, { item: loaded.item, ...shown, disposition: 'inline' })
  })
}

const PARTS: readonly PartName[] = ['full', 'display', 'stash', 'fullscreen', 'thumb']
const partNamed = (text: string): PartName | null => PARTS.find((part) => part === text) ?? null

function originalOf({ item, renditions }: LoadedItem) {
  const stripped = renditions.get('public-original')
  if (stripped) return { sha256: stripped.blob_sha256, mimeType: stripped.mime_type }
  return item.blob_sha256 === null ? null : { sha256: item.blob_sha256, mimeType: item.mime_type ?? BYTES }
}

/** A stranger's page is never shown from here: it would run as a page of ours. */
function sendPart(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { loaded, part }: { loaded: LoadedItem; part: PartName },
) {
  const { item, renditions } = loaded
  const names: Partial<Record<PartName, string>> = {
    full: pageCopy,
    fullscreen: pageCapture,
    thumb: pageThumbnail,
  }
  const row = renditions.get(names[part] ?? '')
  const isOriginal = part === 'full' && item.blob_sha256 !== null
  const sha256 = isOriginal ? item.blob_sha256 : row?.blob_sha256
  const mimeType = (isOriginal ? item.mime_type : row?.mime_type) ?? BYTES
  if (!sha256) throw notFound('No such file')
  const disposition = SHOWN.test(mimeType) ? 'inline' : 'attachment'
  const fileName = isOriginal && item.file_name !== null ? { fileName: item.file_name } : {}
  return sendBlob(ctx, request, reply, { item, sha256, mimeType, disposition, ...fileName })
}
