import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { signedIn } from './accounts.ts'
import { readableCollection } from './collection-access.ts'
import { isFirehose } from './firehose.ts'
import { follow, unfollow } from './follows.ts'
import type { AccountRow, CollectionRow } from './rows.ts'
import { deleteWatch, insertWatch, watchedAmong } from './store/watches.ts'
import type { Viewer } from './viewer.ts'

/**
 * Watches a collection: what comes into it is in the viewer's stream. Watching a firehose is following its account.
 * Nothing happens when the viewer does so already.
 *
 * @throws LibraryError `not_signed_in`, `not_found`, `invalid` (a firehose of one's own, blocked by its account).
 */
export async function watchCollection(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  collectionId: number,
): Promise<CollectionRow> {
  const me = signedIn(viewer)
  const collection = await readableCollection(ctx.db, viewer, collectionId)
  if (isFirehose(collection)) await follow(ctx, viewer, collection.owner_id)
  else
    await insertWatch(ctx.db, {
      collection_id: collectionId,
      account_id: me,
      created_ms: ctx.clock().getTime(),
    })
  return collection
}

/** Ends that; nothing happens when there is nothing to end. @throws LibraryError `not_signed_in`, `not_found`. */
export async function unwatchCollection(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  collectionId: number,
): Promise<CollectionRow> {
  const me = signedIn(viewer)
  const collection = await readableCollection(ctx.db, viewer, collectionId)
  if (isFirehose(collection)) await unfollow(ctx, viewer, collection.owner_id)
  else await deleteWatch(ctx.db, collectionId, me)
  return collection
}

/** Which of these the viewer watches, by id. */
export async function watchedOf(
  db: Db,
  viewer: Viewer,
  collections: readonly CollectionRow[],
): Promise<Set<number>> {
  if (viewer.accountId === null || collections.length === 0) return new Set()
  return watchedAmong(
    db,
    viewer.accountId,
    collections.map(({ id }) => id),
  )
}

/** Which of these accounts the viewer follows, by id. */
export async function followedOf(
  db: Db,
  viewer: Viewer,
  accounts: readonly Pick<AccountRow, 'id'>[],
): Promise<Set<number>> {
  if (viewer.accountId === null || accounts.length === 0) return new Set()
  const firehoses = accounts.map(({ id }) => -id)
  const watched = await watchedAmong(db, viewer.accountId, firehoses)
  return new Set([...watched].map((id) => -id))
}
