import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { accountsByIds } from '../../library/accounts.ts'
import { collectionProblems, findCollection, type CollectionChange } from '../../library/collections.ts'
import { LibraryError } from '../../library/errors.ts'
import { listItems } from '../../library/items.ts'
import type { Paged } from '../../library/page.ts'
import type { CollectionRow } from '../../library/rows.ts'
import type { Viewer } from '../../library/viewer.ts'
import { callOf, type Call } from './call.ts'
import { pageOf, presentPage } from './paging.ts'
import { presentCollection, presentOwnedCollection } from './presenters/gathered-v1.ts'
import { presentShot } from './presenters/shots-v1.ts'
import { SHOTS } from './routes/shots.ts'
import { showingV1 } from './showing-v1.ts'
import { showingOf } from './showing.ts'
import { Values } from '../../faces/values.ts'

export type Kind = 'bucket' | 'project'

/** @throws LibraryError `not_found`, also for a collection of another kind. */
export async function findOfKind(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  id: number,
  kind: Kind,
): Promise<CollectionRow> {
  const collection = await findCollection(ctx, viewer, id)
  if (collection.kind === kind) return collection
  throw new LibraryError({ kind: 'not_found', what: 'collection' })
}

/** `name` (required) and `description` of a new one. @throws Refusal 422. */
export function readNewCollection(call: Call): { title: string; description: string | null } {
  const { title, description } = readFields(call, true)
  return { title: title ?? '', description: description ?? null }
}

/** What is not said stays as it is; an empty description empties it. @throws Refusal 422. */
export const readCollectionChange = (call: Call): CollectionChange => readFields(call, false)

function readFields(call: Call, isNew: boolean): CollectionChange {
  const values = new Values(call.parameters)
  const name = values.text('name')
  const description = values.text('description')
  const fields: CollectionChange = {}
  if (name !== undefined || isNew) fields.title = name ?? ''
  if (description !== undefined) fields.description = description === '' ? null : description
  for (const { field, problem } of collectionProblems(fields))
    values.refuse(field === 'title' ? 'name' : field, problem)
  values.finish()
  return fields
}

/** One of them as a method of its own account answers it: without `user`. */
export async function presentSaved(ctx: Context, request: FastifyRequest, collection: CollectionRow) {
  return presentCollection(collection, await showingOf(ctx, request, { collections: [collection] }))
}

/** Those of one account, whom the address names: without `user`. */
export async function presentCollections(ctx: Context, request: FastifyRequest, found: Paged<CollectionRow>) {
  const showing = await showingOf(ctx, request, { collections: found.rows })
  return presentPage(request, found, (collection) => presentCollection(collection, showing))
}

/** Anybody's: with `user`. */
export async function presentOwnedCollections(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { rows, total }: Paged<CollectionRow>,
) {
  const owners = await accountsByIds(
    ctx.db,
    rows.map(({ owner_id: owner }) => owner),
  )
  const showing = await showingV1(ctx, request, reply, { accounts: [...owners.values()], collections: rows })
  const owned = rows.flatMap((collection) => {
    const owner = owners.get(collection.owner_id)
    return owner ? [{ collection, owner }] : []
  })
  return presentPage(request, { rows: owned, total }, ({ collection, owner }) =>
    presentOwnedCollection(collection, owner, showing),
  )
}

/** One of them, with `user`. */
export async function presentOne(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  collection: CollectionRow,
) {
  const [one] = await presentOwnedCollections(ctx, request, reply, { rows: [collection], total: 1 })
  // Its owner went while it was being read, and took it along.
  if (one === undefined) throw new LibraryError({ kind: 'not_found', what: 'collection' })
  callOf(request).lastModifiedMs = collection.updated_ms
  return one
}

/** The shots in one of them, in its order. */
export async function presentShotsIn(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  collectionId: number,
) {
  const query = { ...SHOTS, collectionId, order: 'position' } as const
  const found = await listItems(ctx, callOf(request).viewer, query, pageOf(request))
  const showing = await showingV1(ctx, request, reply, { items: found.rows })
  return presentPage(request, found, (loaded) => presentShot(loaded, showing))
}
