import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { mayChange } from '../../../library/access.ts'
import { changeCollected } from '../../../library/collected-change.ts'
import { collectItem } from '../../../library/collecting.ts'
import { copyItem } from '../../../library/copying.ts'
import { dupesOf } from '../../../library/dupes.ts'
import { LibraryError } from '../../../library/errors.ts'
import { removeItem } from '../../../library/items.ts'
import type { LoadedItem } from '../../../library/loaded-items.ts'
import { MOST_FILE_BYTES, readAsset, refuseAsset } from '../asset-input.ts'
import { callOf, flagOf, textOf } from '../call.ts'
import { invalidInput, notAuthorized } from '../errors.ts'
import { assetOf, collectionOf } from '../finding.ts'
import { BOTH, method } from '../formats.ts'
import { included } from '../records.ts'
import { plainAssets, showAsset } from '../showing.ts'

interface AssetPath {
  Params: { id: string }
}

const WRITE = { scope: 'write' } as const
export const DONE = { success: true }

export function assetRoutes(face: FastifyInstance, ctx: Context): void {
  const rules = { scope: 'upload', fileBytes: MOST_FILE_BYTES, failure: 'Error creating asset' } as const
  method(face, { verb: 'POST', path: '/asset', rules, versions: BOTH }, async (request) => {
    const call = callOf(request)
    const input = await readAsset(ctx, call)
    const { uid } = await collectItem(ctx, call.viewer, input).catch((error: unknown) => {
      throw refuseAsset(error)
    })
    return showAsset(ctx, request, await assetOf(ctx, call.viewer, uid))
  })

  method<AssetPath>(face, { verb: 'GET', path: '/asset/:id', versions: BOTH }, (request) =>
    showOne(ctx, request, request.params.id),
  )

  method<AssetPath>(
    face,
    { verb: 'POST', path: '/asset/:id', rules: WRITE, versions: BOTH },
    async (request) => {
      const call = callOf(request)
      const { item } = await ownAsset(ctx, request, request.params.id)
      const [title, description] = [textOf(call, 'title'), textOf(call, 'description')]
      const isPrivate = flagOf(call, 'private')
      await changeCollected(ctx, call.viewer, item.id, {
        ...(title === undefined ? {} : { title }),
        ...(description === undefined ? {} : { description }),
        ...(isPrivate === undefined ? {} : { private: isPrivate }),
      })
      return showAsset(ctx, request, await assetOf(ctx, call.viewer, item.uid))
    },
  )

  method<AssetPath>(
    face,
    { verb: 'DELETE', path: '/asset/:id', rules: WRITE, versions: BOTH },
    async (request) => {
      const { item } = await ownAsset(ctx, request, request.params.id)
      await removeItem(ctx, callOf(request).viewer, item.id)
      return DONE
    },
  )

  copyRoute(face, ctx)
}

function copyRoute(face: FastifyInstance, ctx: Context): void {
  const rules = { scope: 'upload', failure: 'Problem copying asset' } as const
  method<AssetPath>(
    face,
    { verb: 'POST', path: '/asset/:id/copy', rules, versions: BOTH },
    async (request) => {
      const { viewer } = callOf(request)
      const { item } = await assetOf(ctx, viewer, request.params.id)
      const { uid } = await copyItem(ctx, viewer, item.id).catch((error: unknown) => {
        throw refuseCopy(error)
      })
      return showAsset(ctx, request, await assetOf(ctx, viewer, uid))
    },
  )
}

/** A single asset also says who else has one like it ("repeat"). The context it is looked at in must be there. */
async function showOne(ctx: Context, request: FastifyRequest, id: string) {
  const call = callOf(request)
  const loaded = await assetOf(ctx, call.viewer, id)
  const context = textOf(call, 'collection_id')
  if (context) await collectionOf(ctx, call.viewer, context)
  const shown = await showAsset(ctx, request, loaded)
  const dupes = await dupesOf(ctx, loaded.item, { repeat: flagOf(call, 'repeat') === true })
  const [whole] = included(call, [{ ...shown, dupes: await plainAssets(ctx, call, dupes) }])
  return whole
}

async function ownAsset(ctx: Context, request: FastifyRequest, id: string): Promise<LoadedItem> {
  const { viewer } = callOf(request)
  const loaded = await assetOf(ctx, viewer, id)
  if (!mayChange(viewer, loaded.item)) throw notAuthorized('User does not own this asset')
  return loaded
}

/** The error rows of "POST asset/:asset_id/copy". */
function refuseCopy(error: unknown): unknown {
  if (!(error instanceof LibraryError) || error.reason.kind !== 'invalid') return error
  const isOwn = error.reason.problems.some(({ field }) => field === 'owner')
  return invalidInput(isOwn ? 'You cannot copy your own asset' : 'You already own this asset')
}
