import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { findAccount, signedIn } from '../../../library/accounts.ts'
import { changeCollection, listCollections, removeCollection } from '../../../library/collections.ts'
import {
  findOfKind,
  presentCollections,
  presentOne,
  presentSaved,
  presentShotsIn,
  readCollectionChange,
  type Kind,
} from '../buckets-and-projects.ts'
import { callOf, type RouteRules } from '../call.ts'
import { idIn } from '../ids.ts'
import { pageOf } from '../paging.ts'

export interface CollectionPath {
  Params: { id: string }
}

/** The one that the address names. @throws LibraryError `not_found`. */
export const findNamed = (ctx: Context, request: FastifyRequest<CollectionPath>, kind: Kind) =>
  findOfKind(ctx, callOf(request).viewer, idIn(request.params.id, 'collection'), kind)

/** API v1, Buckets and Projects: one of the kind, the shots in it, and those of a user. */
export function readingRoutes(face: FastifyInstance, ctx: Context, kind: Kind): void {
  // Get a bucket, Get a project
  face.get<CollectionPath>(`/v1/${kind}s/:id`, async (request, reply) =>
    presentOne(ctx, request, reply, await findNamed(ctx, request, kind)),
  )

  // List shots for a bucket, List shots for a project
  face.get<CollectionPath>(`/v1/${kind}s/:id/shots`, async (request, reply) => {
    const { id } = await findNamed(ctx, request, kind)
    return presentShotsIn(ctx, request, reply, id)
  })

  // List a user's buckets, List a user's projects
  face.get<{ Params: { user: string } }>(`/v1/users/:user/${kind}s`, async (request) => {
    const { id } = await findAccount(ctx.db, request.params.user)
    return presentCollectionsOf(ctx, request, { ownerId: id, kind })
  })
}

/** Those of the caller, at an address of either version. */
export function ownListRoute(
  face: FastifyInstance,
  ctx: Context,
  { path, kind }: { path: string; kind: Kind },
): void {
  const rules: RouteRules = { account: true }
  face.get(path, { config: { dribbble: rules } }, async (request) =>
    presentCollectionsOf(ctx, request, { ownerId: signedIn(callOf(request).viewer), kind }),
  )
}

async function presentCollectionsOf(
  ctx: Context,
  request: FastifyRequest,
  query: { ownerId: number; kind: Kind },
) {
  const found = await listCollections(ctx, callOf(request).viewer, query, pageOf(request))
  return presentCollections(ctx, request, found)
}

/** Update and delete one of the kind. The shots in it stay. */
export function changingRoutes(
  face: FastifyInstance,
  ctx: Context,
  { path, kind, rules }: { path: string; kind: Kind; rules: RouteRules },
): void {
  const config = { dribbble: rules }
  face.route<CollectionPath>({
    method: ['PUT', 'PATCH'],
    url: path,
    config,
    handler: async (request) => {
      const call = callOf(request)
      const { id } = await findNamed(ctx, request, kind)
      const changed = await changeCollection(ctx, call.viewer, id, readCollectionChange(call))
      return presentSaved(ctx, request, changed)
    },
  })

  face.delete<CollectionPath>(path, { config }, async (request, reply) => {
    const { id } = await findNamed(ctx, request, kind)
    await removeCollection(ctx, callOf(request).viewer, id)
    return reply.code(204).send()
  })
}
