import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { LibraryError } from '../../../library/errors.ts'
import {
  changeItem,
  findInAnyState,
  findItem,
  listItems,
  removeItem,
  type ItemOrder,
  type LoadedItem,
  type Trait,
} from '../../../library/items.ts'
import { reactionsOf, setReaction } from '../../../library/reactions.ts'
import { callOf } from '../call.ts'
import { idIn } from '../ids.ts'
import { pageOf, presentPage, presentRows } from '../paging.ts'
import { createPhoto, readPhotoChange } from '../photo-input.ts'
import { presentLike } from '../presenters/around-photos.ts'
import { showPhoto, showPhotos } from '../showing.ts'

const UPLOAD = { config: { tookapic: { account: true, scope: 'upload' } } } as const
const WRITE = { config: { tookapic: { account: true, scope: 'write' } } } as const

/** Every picture of the library is a photo here, whichever face it came in by. */
export const PHOTOS = { kinds: ['image'] } as const

export interface PhotoPath {
  Params: { id: string }
}

/** The parameter `sort`; a value that is none of those named is as good as none. */
const SORTS: ReadonlyMap<unknown, { order: ItemOrder; trait?: Trait }> = new Map([
  ['recent', { order: 'newest' }],
  ['popular', { order: 'popular' }],
  ['oldest', { order: 'oldest' }],
  // Everybody's first photo
  ['debuts', { order: 'newest', trait: 'debut' }],
])

export const sortOf = (request: FastifyRequest) =>
  SORTS.get(callOf(request).parameters.values['sort']) ?? { order: 'newest' }

/** A photo the caller may see. @throws LibraryError `not_found`, also for an item that is no photo. */
export async function findPhoto(
  ctx: Context,
  request: FastifyRequest<PhotoPath>,
  find: typeof findItem = findItem,
): Promise<LoadedItem> {
  const photo = await find(ctx, callOf(request).viewer, idIn(request.params.id, 'item'))
  if (photo.item.kind === 'image') return photo
  throw new LibraryError({ kind: 'not_found', what: 'item' })
}

export function photoRoutes(face: FastifyInstance, ctx: Context): void {
  face.get('/photos', async (request) => {
    const query = { ...PHOTOS, ...sortOf(request) }
    const { rows, total } = await listItems(ctx, callOf(request).viewer, query, pageOf(request))
    return presentPage(request, total, await showPhotos(ctx, request, rows))
  })

  face.get<PhotoPath>('/photos/:id', async (request) => ({
    data: await showPhoto(ctx, request, await findPhoto(ctx, request)),
  }))

  face.post('/photos', UPLOAD, (request, reply) => createPhoto(ctx, request, reply))

  // The page names PATCH once and explains PUT: both do the same
  face.route<PhotoPath>({
    method: ['PUT', 'PATCH'],
    url: '/photos/:id',
    ...UPLOAD,
    handler: async (request) => {
      const { item } = await findPhoto(ctx, request)
      await changeItem(ctx, callOf(request).viewer, item.id, readPhotoChange(callOf(request)))
      return { data: await showPhoto(ctx, request, await findPhoto(ctx, request)) }
    },
  })

  // Its owner may take back a photo that is still being made ready
  face.delete<PhotoPath>('/photos/:id', UPLOAD, async (request, reply) => {
    const { item } = await findPhoto(ctx, request, findInAnyState)
    await removeItem(ctx, callOf(request).viewer, item.id)
    return reply.code(204).send()
  })

  likeRoutes(face, ctx)
}

function likeRoutes(face: FastifyInstance, ctx: Context): void {
  face.get<PhotoPath>('/photos/:id/likes', async (request) => {
    const { item } = await findPhoto(ctx, request)
    const of = { itemId: item.id, sort: 'fave' } as const
    const likes = await reactionsOf(ctx, callOf(request).viewer, of, pageOf(request))
    return presentRows(request, likes, (like) => presentLike(like, item.id))
  })

  // Twice is once, and nothing to take back is no error
  face.put<PhotoPath>('/photos/:id/like', WRITE, async (request, reply) => {
    await like(ctx, request, true)
    return reply.code(204).send()
  })
  face.delete<PhotoPath>('/photos/:id/like', WRITE, async (request, reply) => {
    await like(ctx, request, false)
    return reply.code(204).send()
  })
}

async function like(ctx: Context, request: FastifyRequest<PhotoPath>, on: boolean): Promise<void> {
  const { item } = await findPhoto(ctx, request)
  await setReaction(ctx, callOf(request).viewer, item.id, { sort: 'fave', on })
}
