import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { listCollected } from '../../../library/collected-lists.ts'
import { findCollectionBySlug } from '../../../library/collection-lists.ts'
import { ANONYMOUS } from '../../../library/viewer.ts'
import { callOf } from '../call.ts'
import { notFound } from '../errors.ts'
import { assetOf, orElse, userCalled } from '../finding.ts'
import { BOTH, method } from '../formats.ts'
import { kindsOf, tagsOf } from '../list-input.ts'
import { pageOf } from '../paging.ts'
import { showAsset, showAssetPage } from '../showing.ts'

const OPEN = { open: true }

/** "Public": what everybody may see, whoever asks. */
export function publicRoutes(face: FastifyInstance, ctx: Context): void {
  const verb = 'GET'

  method<{ Params: { username: string } }>(
    face,
    { verb, path: '/public/assets/:username', rules: OPEN, versions: BOTH },
    async (request) => {
      const call = callOf(request)
      const { id: ownerId } = await userCalled(ctx, request.params.username)
      const page = pageOf(call)
      const query = { ownerId, private: false, ...kindsOf(call), ...tagsOf(call) }
      return showAssetPage(ctx, request, page, await listCollected(ctx, ANONYMOUS, query, page))
    },
  )

  method<{ Params: { username: string; slug: string } }>(
    face,
    { verb, path: '/public/assets/:username/:slug', rules: OPEN, versions: BOTH },
    async (request) => {
      const call = callOf(request)
      const { id: ownerId } = await userCalled(ctx, request.params.username)
      const { id: collectionId } = await orElse(
        findCollectionBySlug(ctx, ANONYMOUS, { ownerId, slug: request.params.slug }),
        'collection',
        () => notFound('No collection with that slug'),
      )
      const page = pageOf(call)
      const query = { collectionId, private: false, ...kindsOf(call), ...tagsOf(call) }
      return showAssetPage(ctx, request, page, await listCollected(ctx, ANONYMOUS, query, page))
    },
  )

  method<{ Params: { id: string } }>(
    face,
    { verb, path: '/public/asset/:id', rules: OPEN, versions: BOTH },
    async (request) => showAsset(ctx, request, await assetOf(ctx, ANONYMOUS, request.params.id)),
  )
}
