import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { findAccount, signedIn } from '../../../library/accounts.ts'
import { collectionsWith } from '../../../library/collection-items.ts'
import { changeItem, findItem, listItems, removeItem, type ItemQuery } from '../../../library/items.ts'
import { presentOwnedCollections, type Kind } from '../buckets-and-projects.ts'
import { callOf } from '../call.ts'
import { idIn } from '../ids.ts'
import { pageOf, presentPage } from '../paging.ts'
import { presentShot, type LeftOut } from '../presenters/shots-v1.ts'
import { createShot, readShotChange } from '../shot-input.ts'
import { readShotList } from '../shot-lists.ts'
import { showingV1 } from '../showing-v1.ts'
import { SHOTS } from './shots.ts'

const OWN = { config: { dribbble: { account: true } } } as const
const UPLOAD = { config: { dribbble: { scope: 'upload', account: true } } } as const

interface ShotPath {
  Params: { id: string }
}
interface PartPath {
  Params: { shot: string }
}

/** API v1, Shots and Users, "Shots", in the order of the pages. Unlike in v2, everybody's shots are here. */
export function shotV1Routes(face: FastifyInstance, ctx: Context): void {
  // List shots
  face.get('/v1/shots', (request, reply) =>
    presentShots(ctx, request, reply, { query: readShotList(callOf(request), ctx.clock()) }),
  )

  // Get a shot
  face.get<ShotPath>('/v1/shots/:id', async (request, reply) => {
    const loaded = await findItem(ctx, callOf(request).viewer, idIn(request.params.id, 'item'))
    callOf(request).lastModifiedMs = loaded.item.updated_ms
    return presentShot(loaded, await showingV1(ctx, request, reply, { items: [loaded] }))
  })

  // Create a shot
  face.post('/v1/shots', UPLOAD, (request, reply) => createShot(ctx, request, reply))

  // Update a shot: the answer is without its user
  face.route<ShotPath>({
    method: ['PUT', 'PATCH'],
    url: '/v1/shots/:id',
    ...UPLOAD,
    handler: async (request, reply) => {
      const call = callOf(request)
      const id = idIn(request.params.id, 'item')
      await changeItem(ctx, call.viewer, id, readShotChange(call))
      const loaded = await findItem(ctx, call.viewer, id)
      return presentShot(loaded, await showingV1(ctx, request, reply, { items: [loaded] }), 'user')
    },
  })

  // Delete a shot
  face.delete<ShotPath>('/v1/shots/:id', UPLOAD, async (request, reply) => {
    await removeItem(ctx, callOf(request).viewer, idIn(request.params.id, 'item'))
    return reply.code(204).send()
  })

  partsOfShots(face, ctx)
  shotsOfUsers(face, ctx)
}

function partsOfShots(face: FastifyInstance, ctx: Context): void {
  // List buckets for a shot
  face.get<PartPath>('/v1/shots/:shot/buckets', (request, reply) =>
    presentHolders(ctx, request, reply, 'bucket'),
  )

  // List projects for a shot
  face.get<PartPath>('/v1/shots/:shot/projects', (request, reply) =>
    presentHolders(ctx, request, reply, 'project'),
  )

  // List rebounds for a shot
  face.get<PartPath>('/v1/shots/:shot/rebounds', async (request, reply) => {
    const { item } = await findItem(ctx, callOf(request).viewer, idIn(request.params.shot, 'item'))
    return presentShots(ctx, request, reply, { query: { ...SHOTS, reboundOf: item.id, order: 'newest' } })
  })
}

/** Lists of one user leave the user out. A shot that is still to be published has no place in this version's lists. */
function shotsOfUsers(face: FastifyInstance, ctx: Context): void {
  // List shots for a user
  face.get<{ Params: { user: string } }>('/v1/users/:user/shots', async (request, reply) => {
    const { id } = await findAccount(ctx.db, request.params.user)
    const query = { ...SHOTS, ownerId: id, order: 'newest' } as const
    return presentShots(ctx, request, reply, { query, leftOut: 'user' })
  })
  face.get('/v1/user/shots', OWN, (request, reply) => {
    const query = { ...SHOTS, ownerId: signedIn(callOf(request).viewer), order: 'newest' } as const
    return presentShots(ctx, request, reply, { query, leftOut: 'user' })
  })
}

async function presentShots(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { query, leftOut = null }: { query: ItemQuery; leftOut?: LeftOut },
) {
  const found = await listItems(ctx, callOf(request).viewer, query, pageOf(request))
  const showing = await showingV1(ctx, request, reply, { items: found.rows })
  return presentPage(request, found, (loaded) => presentShot(loaded, showing, leftOut))
}

async function presentHolders(
  ctx: Context,
  request: FastifyRequest<PartPath>,
  reply: FastifyReply,
  kind: Kind,
) {
  const of = { itemId: idIn(request.params.shot, 'item'), kind }
  const found = await collectionsWith(ctx, callOf(request).viewer, of, pageOf(request))
  return presentOwnedCollections(ctx, request, reply, found)
}
