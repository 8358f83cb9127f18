import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { findAccount, signedIn } from '../../../library/accounts.ts'
import { addToCollection, removeFromCollection } from '../../../library/collection-items.ts'
import {
  addCollection,
  changeCollection,
  listCollections,
  removeCollection,
} from '../../../library/collections.ts'
import {
  findOfKind,
  presentCollections,
  presentOne,
  presentShotsIn,
  readCollectionChange,
  readNewCollection,
} from '../buckets-and-projects.ts'
import { callOf, type Call } from '../call.ts'
import { locatedAt } from '../created.ts'
import { idIn } from '../ids.ts'
import { pageOf } from '../paging.ts'
import { presentCollection } from '../presenters/gathered-v1.ts'
import { showingOf } from '../showing.ts'
import { Values } from '../../../faces/values.ts'

const OWN = { config: { dribbble: { account: true } } } as const
const WRITE = { config: { dribbble: { scope: 'write', account: true } } } as const

interface BucketPath {
  Params: { id: string }
}

/** API v1, Buckets and Users, "Buckets", in the order of the pages. */
export function bucketRoutes(face: FastifyInstance, ctx: Context): void {
  // Get a bucket
  face.get<BucketPath>('/v1/buckets/:id', async (request, reply) =>
    presentOne(ctx, request, reply, await findBucket(ctx, request)),
  )

  // Create a bucket
  face.post('/v1/buckets', WRITE, async (request, reply) => {
    const call = callOf(request)
    const bucket = await addCollection(ctx, call.viewer, { kind: 'bucket', ...readNewCollection(call) })
    const showing = await showingOf(ctx, request, { collections: [bucket] })
    return locatedAt(reply, `${call.base}/v1/buckets/${bucket.id}`)
      .code(201)
      .send(presentCollection(bucket, showing))
  })

  // Update a bucket
  face.route<BucketPath>({
    method: ['PUT', 'PATCH'],
    url: '/v1/buckets/:id',
    ...WRITE,
    handler: async (request) => {
      const call = callOf(request)
      const { id } = await findBucket(ctx, request)
      const bucket = await changeCollection(ctx, call.viewer, id, readCollectionChange(call))
      return presentCollection(bucket, await showingOf(ctx, request, { collections: [bucket] }))
    },
  })

  // Delete a bucket
  face.delete<BucketPath>('/v1/buckets/:id', WRITE, async (request, reply) => {
    const { id } = await findBucket(ctx, request)
    await removeCollection(ctx, callOf(request).viewer, id)
    return reply.code(204).send()
  })

  shotsOfBuckets(face, ctx)
  bucketsOfUsers(face, ctx)
}

function shotsOfBuckets(face: FastifyInstance, ctx: Context): void {
  // List shots for a bucket
  face.get<BucketPath>('/v1/buckets/:id/shots', async (request, reply) => {
    const { id } = await findBucket(ctx, request)
    return presentShotsIn(ctx, request, reply, id)
  })

  // Add a shot to a bucket
  face.put<BucketPath>('/v1/buckets/:id/shots', WRITE, async (request, reply) => {
    const call = callOf(request)
    const { id } = await findBucket(ctx, request)
    await addToCollection(ctx, call.viewer, id, readShotId(call))
    return reply.code(204).send()
  })

  // Remove a shot from a bucket
  face.delete<BucketPath>('/v1/buckets/:id/shots', WRITE, async (request, reply) => {
    const call = callOf(request)
    const { id } = await findBucket(ctx, request)
    await removeFromCollection(ctx, call.viewer, id, readShotId(call))
    return reply.code(204).send()
  })
}

function bucketsOfUsers(face: FastifyInstance, ctx: Context): void {
  // List a user's buckets
  face.get<{ Params: { user: string } }>('/v1/users/:user/buckets', async (request) => {
    const owner = await findAccount(ctx.db, request.params.user)
    const query = { ownerId: owner.id, kind: 'bucket' } as const
    const found = await listCollections(ctx, callOf(request).viewer, query, pageOf(request))
    return presentCollections(ctx, request, found)
  })
  face.get('/v1/user/buckets', OWN, async (request) => {
    const { viewer } = callOf(request)
    const query = { ownerId: signedIn(viewer), kind: 'bucket' } as const
    return presentCollections(ctx, request, await listCollections(ctx, viewer, query, pageOf(request)))
  })
}

const findBucket = (ctx: Context, request: FastifyRequest<BucketPath>) =>
  findOfKind(ctx, callOf(request).viewer, idIn(request.params.id, 'collection'), 'bucket')

/** `shot_id`, in the query or the body. @throws Refusal 422. */
function readShotId(call: Call): number {
  const values = new Values(call.parameters)
  const id = values.id('shot_id')
  if (typeof id !== 'number' && values.problems.length === 0) values.refuse('shot_id', "can't be blank")
  values.finish()
  return id ?? 0
}
