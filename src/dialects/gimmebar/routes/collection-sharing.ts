import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { listCollected } from '../../../library/collected-lists.ts'
import { addOwnItems, removeOwnItems } from '../../../library/collection-sharing.ts'
import { removeCollaborator, setCollaborator, type Level } from '../../../library/collaborators.ts'
import { LibraryError } from '../../../library/errors.ts'
import {
  acceptInvitation,
  declineInvitation,
  inviteToCollection,
  withdrawInvitations,
} from '../../../library/invitations.ts'
import type { CollectionRow } from '../../../library/rows.ts'
import { OPERATOR } from '../../../library/viewer.ts'
import { unwatchCollection, watchCollection } from '../../../library/watching.ts'
import { callOf, listOf, textOf, type Call } from '../call.ts'
import { invalidInput, notAuthorized, Refusal } from '../errors.ts'
import { assetOf, collectionOf, userOf } from '../finding.ts'
import { BOTH, method, V0 } from '../formats.ts'
import { kindsOf } from '../list-input.ts'
import { pageOf } from '../paging.ts'
import { showAssetPage, showCollection } from '../showing.ts'
import { changeable } from './collections.ts'

interface CollectionPath {
  Params: { id: string }
}
type ChangePath = { Params: { id: string; user: string } }

const WRITE = { scope: 'write' } as const

export function collectionAssetRoutes(face: FastifyInstance, ctx: Context): void {
  const path = '/collection/:id/assets'
  method<CollectionPath>(face, { verb: 'GET', path, versions: BOTH }, async (request) => {
    const { viewer } = callOf(request)
    // The page gives this one case of NOT_AUTHORIZED the code 404.
    const found = await collectionOf(ctx, viewer, request.params.id).catch((error: unknown) => {
      const isHidden = error instanceof LibraryError && error.reason.kind === 'not_allowed'
      throw isHidden ? notAuthorized('Not authorized to view this collection', 404) : error
    })
    return showInside(ctx, request, found)
  })

  const change = async (request: FastifyRequest<CollectionPath>, isAdded: boolean) => {
    const { viewer } = callOf(request)
    const found = await changeable(ctx, request, request.params.id)
    const putting = { collectionId: found.id, itemIds: await assetIds(ctx, callOf(request)) }
    const done = isAdded ? addOwnItems(ctx, viewer, putting) : removeOwnItems(ctx, viewer, putting)
    await done.catch((error: unknown) => {
      throw refusePutting(error)
    })
    return showInside(ctx, request, found)
  }
  const rules = { ...WRITE, failure: 'Error adding asset to collection' }
  const removal = { ...WRITE, failure: 'Error removing asset from collection' }
  const add = { verb: 'POST', rules } as const
  method<CollectionPath>(face, { ...add, path, versions: BOTH }, (request) => change(request, true))
  method<CollectionPath>(face, { ...add, path: '/collection/:id/add', versions: V0 }, (request) =>
    change(request, true),
  )
  const remove = { verb: 'POST', path: '/collection/:id/remove', rules: removal, versions: V0 } as const
  method<CollectionPath>(face, remove, (request) => change(request, false))
  method<CollectionPath>(face, { verb: 'DELETE', path, rules: removal, versions: BOTH }, (request) =>
    change(request, false),
  )
}

async function showInside(ctx: Context, request: FastifyRequest, { id }: CollectionRow) {
  const call = callOf(request)
  const page = pageOf(call)
  const query = { collectionId: id, ...kindsOf(call) }
  return showAssetPage(ctx, request, page, await listCollected(ctx, call.viewer, query, page))
}

/** `asset_id`, an ARRAY, required. */
async function assetIds(ctx: Context, call: Call): Promise<number[]> {
  const uids = (listOf(call, 'asset_id') ?? []).filter((uid) => uid !== '')
  if (uids.length === 0) throw invalidInput('asset_id is required')
  const ids: number[] = []
  for (const uid of uids) ids.push((await assetOf(ctx, call.viewer, uid)).item.id)
  return ids
}

function refusePutting(error: unknown): unknown {
  const isCollection =
    error instanceof LibraryError && error.reason.kind === 'not_allowed' && error.reason.what === 'collection'
  return isCollection ? notAuthorized('User may not change this collection') : error
}

export function collectionPeopleRoutes(face: FastifyInstance, ctx: Context): void {
  const act = async (
    request: FastifyRequest<CollectionPath>,
    act_: (id: number, call: Call) => Promise<CollectionRow>,
  ) => {
    const { id } = await changeable(ctx, request, request.params.id)
    await act_(id, callOf(request)).catch((error: unknown) => {
      throw refusePeople(error)
    })
    return showCollection(ctx, request, await collectionOf(ctx, OPERATOR, request.params.id))
  }
  const invitation = '/collection/:id/invitation'

  method<CollectionPath>(face, { verb: 'POST', path: invitation, rules: WRITE }, (request) =>
    act(request, async (id, call) => {
      const access = levelOf(call)
      const { id: accountId } = await userOf(ctx, textOf(call, 'user_id') ?? '')
      return inviteToCollection(ctx, call.viewer, id, { accountId, access })
    }),
  )
  method<CollectionPath>(face, { verb: 'DELETE', path: invitation, rules: WRITE }, (request) =>
    act(request, async (id, call) => {
      const user = textOf(call, 'user_id')
      const accountId = user ? (await userOf(ctx, user)).id : undefined
      return withdrawInvitations(ctx, call.viewer, id, accountId)
    }),
  )
  mineRoutes(face, ctx)

  const user = '/collection/:id/user/:user'
  method<ChangePath>(face, { verb: 'POST', path: user, rules: WRITE }, (request) =>
    act(request, async (id, call) => {
      const access = levelOf(call)
      const { id: accountId } = await userOf(ctx, request.params.user)
      return setCollaborator(ctx, call.viewer, id, { accountId, access })
    }),
  )
  method<ChangePath>(face, { verb: 'DELETE', path: user, rules: WRITE }, (request) =>
    act(request, async (id, { viewer }) => {
      const { id: accountId } = await userOf(ctx, request.params.user)
      return removeCollaborator(ctx, viewer, id, accountId)
    }),
  )
}

/** An invited person may not see a private collection yet. */
function mineRoutes(face: FastifyInstance, ctx: Context): void {
  const path = '/collection/:id/invitation/mine'
  const verbs = [
    ['POST', acceptInvitation],
    ['DELETE', declineInvitation],
  ] as const
  for (const [verb, act] of verbs)
    method<CollectionPath>(face, { verb, path, rules: WRITE }, async (request) => {
      const { id } = await collectionOf(ctx, OPERATOR, request.params.id)
      return showCollection(ctx, request, await act(ctx, callOf(request).viewer, id))
    })
}

export function watchRoutes(face: FastifyInstance, ctx: Context): void {
  const path = '/collection/:id/watch'
  const verbs = [
    ['POST', watchCollection],
    ['DELETE', unwatchCollection],
  ] as const
  const rules = { ...WRITE, failure: 'Error watching collection' }
  for (const [verb, act] of verbs)
    method<CollectionPath>(face, { verb, path, rules }, async (request) => {
      const { viewer } = callOf(request)
      const { id } = await collectionOf(ctx, viewer, request.params.id)
      return showCollection(ctx, request, await act(ctx, viewer, id))
    })
}

/** One method calls it `access_level`, the other `access`: both take both. */
function levelOf(call: Call): Level {
  const level = textOf(call, 'access_level') ?? textOf(call, 'access')
  if (level !== 'owner' && level !== 'member') throw invalidInput('access must be owner or member')
  return level
}

function refusePeople(error: unknown): unknown {
  if (!(error instanceof LibraryError)) return error
  if (error.reason.kind === 'not_found' && error.reason.what === 'account')
    return new Refusal(404, 'RESOURCE_NOT_FOUND', 'The user does not work on this collection')
  return error
}
