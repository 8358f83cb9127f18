import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { queryOf } from '../../../faces/request-parts.ts'
import {
  findGallery,
  galleryItemIds,
  listGalleries,
  type Gallery,
  type GalleryOrder,
  type GalleryQuery,
} from '../../../library/galleries.ts'
import type { Page } from '../../../library/page.ts'
import { term } from '../../../search/language/tree.ts'
import { accountMeant, accountNamed } from '../accounts.ts'
import { callOf, idIn, isOn, isSet, textOf, wholeNumber, type Call } from '../call.ts'
import { NOT_FOUND } from '../errors.ts'
import { findImages, ownPage } from '../finding.ts'
import { read } from '../formats.ts'
import { fixedPage } from '../paging.ts'
import { presentGallery } from '../presenters/galleries.ts'
import { listOfImages } from '../showing.ts'

/** "Showing 20 items per page." (Image Galleries) */
const GALLERIES_A_PAGE = 20

interface UserPath {
  Params: { user: string }
}
interface GalleryPath {
  Params: { user: string; id: string }
}

/** Newest-updated first, unless asked otherwise. */
const ORDERS: ReadonlyMap<string, GalleryOrder['by']> = new Map([
  ['created_at', 'created'],
  ['updated_at', 'updated'],
  ['image_count', 'items'],
  ['watcher_count', 'watchers'],
])

export function galleryRoutes(face: FastifyInstance, ctx: Context): void {
  read(face, '/galleries', async (request) => {
    const call = callOf(request)
    const query = await readQuery(ctx, call)
    return presentGalleries(ctx, call, query, await ownPage(ctx, call))
  })

  // "Returns all galleries belonging to the specified user."
  read<UserPath>(face, '/galleries/:user', async (request) => {
    const call = callOf(request)
    const { user } = request.params
    const owner = await accountNamed(ctx, user)
    if (owner !== null)
      return presentGalleries(
        ctx,
        call,
        { ownerId: owner.id, showEmpty: true },
        fixedPage(call, GALLERIES_A_PAGE),
      )
    // A later form of the address: the gallery alone.
    const id = wholeNumber(user)
    if (id === null) throw NOT_FOUND
    return showGallery(ctx, request, await findGallery(ctx, call.viewer, id))
  })

  // "Returns images featured in the specified gallery along with information about the gallery itself."
  read<GalleryPath>(face, '/galleries/:user/:id', async (request, reply) => {
    const gallery = await findGallery(ctx, callOf(request).viewer, idIn(request.params.id, 'collection'))
    const named = await accountNamed(ctx, request.params.user)
    if (named?.id !== gallery.owner.id) return toOwner(request, reply, gallery)
    return showGallery(ctx, request, gallery)
  })
}

async function presentGalleries(ctx: Context, call: Call, query: GalleryQuery, page: Page) {
  const order = readOrder(call)
  const { rows } = await listGalleries(ctx, call.viewer, { query, order }, page)
  if (!isSet(call, 'include_images')) return rows.map((gallery) => presentGallery(gallery))
  const ids = await galleryItemIds(ctx, call.viewer, rows)
  return rows.map((gallery) => presentGallery(gallery, ids.get(gallery.collection.id) ?? []))
}

/** "Content filters are respected as well." In the owner's order, a page of the caller's own size. */
async function showGallery(ctx: Context, request: FastifyRequest, gallery: Gallery) {
  const { id, order_position_asc: ascending } = gallery.collection
  const order = {
    by: { collection: id },
    direction: ascending === 1 ? 'asc' : 'desc',
    ties: 'desc',
  } as const
  const { rows } = await findImages(ctx, request, { query: term({ op: 'collection', id }), order })
  return { gallery: presentGallery(gallery), ...(await listOfImages(ctx, request, rows)) }
}

/** "{user_name} is not required to refer to the gallery owner, however if it does not, the request is redirected (301)" */
function toOwner(request: FastifyRequest<GalleryPath>, reply: FastifyReply, gallery: Gallery) {
  const { base } = callOf(request)
  const path = request.url.slice(0, request.url.length - queryOf(request).length)
  const suffix = /\.json\/*$/.test(path) ? '.json' : ''
  const address = `${base}/galleries/${encodeURIComponent(gallery.owner.login)}/${gallery.collection.id}`
  return reply.redirect(address + suffix + queryOf(request), 301)
}

async function readQuery(ctx: Context, call: Call): Promise<GalleryQuery> {
  const texts = (['title', 'description', 'creator'] as const).flatMap((name) => {
    const text = textOf(call, name).trim()
    return text === '' ? [] : [[name, text] as const]
  })
  const user = textOf(call, 'user')
  const itemId = wholeNumber(textOf(call, 'include_image'))
  const { accountId } = call.viewer
  return {
    ...Object.fromEntries(texts),
    ...(user === '' ? {} : { ownerId: (await accountMeant(ctx, user)).id }),
    ...(itemId === null ? {} : { itemId }),
    ...(isOn(call, 'my_subs') && accountId !== null ? { watchedBy: accountId } : {}),
    showEmpty: isOn(call, 'show_empty'),
  }
}

function readOrder(call: Call): GalleryOrder {
  return {
    by: ORDERS.get(textOf(call, 'sf')) ?? 'updated',
    direction: textOf(call, 'sd') === 'asc' ? 'asc' : 'desc',
  }
}
