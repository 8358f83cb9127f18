import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { signedIn } from './accounts.ts'
import { ownedCollection, readableCollection } from './collection-access.ts'
import { invalid, LibraryError } from './errors.ts'
import type { CollectionRow } from './rows.ts'
import { freeSlug, slugOf } from './slug.ts'
import { recordChange } from './store/changes.ts'
import {
  collaboratorAccess,
  collaboratorsOf,
  deleteCollaborator,
  putCollaborator,
  type Level,
} from './store/collaborators.ts'
import { collectionById, slugsLike, updateCollection } from './store/collections.ts'
import { lockRows } from './store/ids.ts'
import type { Viewer } from './viewer.ts'

export type { Level } from './store/collaborators.ts'

export interface Participant {
  accountId: number
  access: Level
}

type Sharing = Pick<Context, 'db' | 'clock'>

/** Everybody who works on each of these collections; whoever it belongs to comes first. */
export async function participantsOf(
  db: Db,
  collections: readonly CollectionRow[],
): Promise<Map<number, Participant[]>> {
  const others = await collaboratorsOf(
    db,
    collections.map(({ id }) => id),
  )
  return new Map(
    collections.map(({ id, owner_id }) => [
      id,
      [
        { accountId: owner_id, access: 'owner' },
        ...(others.get(id) ?? []).map(({ account_id, access }) => ({ accountId: account_id, access })),
      ],
    ]),
  )
}

/**
 * Changes the level of somebody who works on a collection already.
 *
 * @throws LibraryError `not_found` (`collection`; `account` when they do not work on it), `not_allowed` unless the
 *   viewer owns it, `invalid` (`access`) for the last owner.
 */
export function setCollaborator(
  ctx: Sharing,
  viewer: Viewer,
  collectionId: number,
  { accountId, access }: Participant,
): Promise<CollectionRow> {
  return ctx.db.transaction().execute(async (db) => {
    const now = ctx.clock()
    const collection = await lockOwned(db, viewer, collectionId)
    if (accountId === collection.owner_id && access === 'owner') return collection
    const row = { collection_id: collectionId, account_id: accountId, access, created_ms: now.getTime() }
    if (accountId === collection.owner_id) {
      await handOver(db, collection)
      await putCollaborator(db, row)
    } else {
      await mustTakePart(db, collectionId, accountId)
      await putCollaborator(db, row)
    }
    await recordChange(db, now, { noun: 'collection', id: collectionId, op: 'change' })
    return (await collectionById(db, collectionId)) ?? collection
  })
}

/**
 * Ends somebody's part in a collection. Owners may remove anybody, and everybody themselves; what they put in stays.
 *
 * @throws LibraryError `not_found` (`collection`, `account`), `not_allowed`, `invalid` (`access`) for the last owner.
 */
export function removeCollaborator(
  ctx: Sharing,
  viewer: Viewer,
  collectionId: number,
  accountId: number,
): Promise<CollectionRow> {
  return ctx.db.transaction().execute(async (db) => {
    const now = ctx.clock()
    const collection =
      accountId === signedIn(viewer)
        ? await lockReadable(db, viewer, collectionId)
        : await lockOwned(db, viewer, collectionId)
    if (accountId === collection.owner_id) await handOver(db, collection)
    else await mustTakePart(db, collectionId, accountId)
    await deleteCollaborator(db, collectionId, accountId)
    await recordChange(db, now, { noun: 'collection', id: collectionId, op: 'change' })
    return (await collectionById(db, collectionId)) ?? collection
  })
}

async function lockReadable(db: Db, viewer: Viewer, id: number): Promise<CollectionRow> {
  const before = await readableCollection(db, viewer, id)
  await lockRows(db, 'account', await everybody(db, before))
  await lockRows(db, 'collection', [id])
  return readableCollection(db, viewer, id)
}

async function lockOwned(db: Db, viewer: Viewer, id: number): Promise<CollectionRow> {
  await lockReadable(db, viewer, id)
  return ownedCollection(db, viewer, id, 'change')
}

/** Whoever it may come to belong to: a slug of theirs may have to be chosen, one at a time. */
async function everybody(db: Db, collection: CollectionRow): Promise<number[]> {
  return [...(await participantsOf(db, [collection])).values()].flat().map(({ accountId }) => accountId)
}

async function mustTakePart(db: Db, collectionId: number, accountId: number): Promise<void> {
  if ((await collaboratorAccess(db, collectionId, accountId)) === null)
    throw new LibraryError({ kind: 'not_found', what: 'account' })
}

/** Gives a collection to the one who has been an owner of it for longest. */
async function handOver(db: Db, { id, title }: CollectionRow): Promise<void> {
  const others = (await collaboratorsOf(db, [id])).get(id) ?? []
  const next = others.find(({ access }) => access === 'owner')
  if (!next) throw invalid('access', 'would leave the collection without an owner')
  const stem = slugOf(title)
  const slug = freeSlug(stem, await slugsLike(db, { ownerId: next.account_id, stem }))
  await updateCollection(db, id, { owner_id: next.account_id, slug })
  await deleteCollaborator(db, id, next.account_id)
}
