import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { LibraryError } from '../../../library/errors.ts'
import { changeItem, findItem, listItems, removeItem, type LoadedItem } from '../../../library/items.ts'
import { callOf } from '../call.ts'
import { BAD_CREDENTIALS } from '../errors.ts'
import { idIn } from '../ids.ts'
import { pageOf, presentPage } from '../paging.ts'
import { presentShot } from '../presenters/shots-v2.ts'
import { createShot, readShotChange } from '../shot-input.ts'
import { showingOf } from '../showing.ts'

const UPLOAD = { config: { dribbble: { scope: 'upload', account: true } } } as const
const OWN = { config: { dribbble: { account: true } } } as const

/** API v2, Shots, in the order of the page. */
export function shotRoutes(face: FastifyInstance, ctx: Context): void {
  // List shots: "List the authenticated user's shots."
  face.get('/v2/user/shots', OWN, async (request) => {
    const { viewer } = callOf(request)
    if (viewer.accountId === null) throw BAD_CREDENTIALS
    const found = await listItems(
      ctx,
      viewer,
      { ownerId: viewer.accountId, includeUnpublished: true, ...SHOTS },
      pageOf(request),
    )
    const showing = await showingOf(ctx, request, { items: found.rows })
    return presentPage(request, found, (loaded) => presentShot(loaded, showing))
  })

  // Get a shot: "This endpoint returns only shots owned by the currently authenticated user."
  face.get<ShotPath>('/v2/shots/:id', OWN, async (request) => {
    const loaded = await ownShot(ctx, request)
    callOf(request).lastModifiedMs = loaded.item.updated_ms
    return presentShot(loaded, await showingOf(ctx, request, { items: [loaded] }))
  })

  // Create a shot
  face.post('/v2/shots', UPLOAD, (request, reply) => createShot(ctx, request, reply))

  // Update a shot; the overview names PATCH beside PUT once, so both do
  face.route<ShotPath>({
    method: ['PUT', 'PATCH'],
    url: '/v2/shots/:id',
    ...UPLOAD,
    handler: async (request) => {
      const id = idIn(request.params.id, 'item')
      await changeItem(ctx, callOf(request).viewer, id, readShotChange(callOf(request)))
      const loaded = await findItem(ctx, callOf(request).viewer, id)
      return presentShot(loaded, await showingOf(ctx, request, { items: [loaded] }))
    },
  })

  // Delete a shot
  face.delete<ShotPath>('/v2/shots/:id', UPLOAD, async (request, reply) => {
    await removeItem(ctx, callOf(request).viewer, idIn(request.params.id, 'item'))
    return reply.code(204).send()
  })
}

/** What shows as a shot: what has or stands for a picture. */
export const SHOTS = { kinds: ['image', 'video'], order: 'newest' } as const

export interface ShotPath {
  Params: { id: string }
}

/** Somebody else's shot is no shot here. */
async function ownShot(ctx: Context, request: FastifyRequest<ShotPath>): Promise<LoadedItem> {
  const { viewer } = callOf(request)
  const loaded = await findItem(ctx, viewer, idIn(request.params.id, 'item'))
  if (loaded.item.owner_id === viewer.accountId) return loaded
  throw new LibraryError({ kind: 'not_found', what: 'item' })
}
