import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { Values } from '../../../faces/values.ts'
import { addToCollection, removeFromCollection } from '../../../library/collection-items.ts'
import { addCollection } from '../../../library/collections.ts'
import { presentSaved, readNewCollection } from '../buckets-and-projects.ts'
import { callOf, type Call, type RouteRules } from '../call.ts'
import { locatedAt } from '../created.ts'
import {
  changingRoutes,
  findNamed,
  ownListRoute,
  readingRoutes,
  type CollectionPath,
} from './buckets-and-projects.ts'

const RULES: RouteRules = { scope: 'write', account: true }
const WRITE = { config: { dribbble: RULES } }

/** API v1, Buckets and Users, "Buckets". */
export function bucketRoutes(face: FastifyInstance, ctx: Context): void {
  readingRoutes(face, ctx, 'bucket')
  ownListRoute(face, ctx, { path: '/v1/user/buckets', kind: 'bucket' })

  // Create a bucket
  face.post('/v1/buckets', WRITE, async (request, reply) => {
    const call = callOf(request)
    const bucket = await addCollection(ctx, call.viewer, { kind: 'bucket', ...readNewCollection(call) })
    const body = await presentSaved(ctx, request, bucket)
    return locatedAt(reply, `${call.base}/v1/buckets/${bucket.id}`).code(201).send(body)
  })

  changingRoutes(face, ctx, { path: '/v1/buckets/:id', kind: 'bucket', rules: RULES })

  // Add a shot to a bucket
  face.put<CollectionPath>('/v1/buckets/:id/shots', WRITE, async (request, reply) => {
    const call = callOf(request)
    const { id } = await findNamed(ctx, request, 'bucket')
    await addToCollection(ctx, call.viewer, id, readShotId(call))
    return reply.code(204).send()
  })

  // Remove a shot from a bucket
  face.delete<CollectionPath>('/v1/buckets/:id/shots', WRITE, async (request, reply) => {
    const call = callOf(request)
    const { id } = await findNamed(ctx, request, 'bucket')
    await removeFromCollection(ctx, call.viewer, id, readShotId(call))
    return reply.code(204).send()
  })
}

/** `shot_id`, in the query or the body. @throws Refusal 422. */
function readShotId(call: Call): number {
  const values = new Values(call.parameters)
  const id = values.id('shot_id')
  if (typeof id !== 'number' && values.problems.length === 0) values.refuse('shot_id', "can't be blank")
  values.finish()
  return id ?? 0
}
