import type { Context } from '../context.ts'
import { accessTo } from './collection-access.ts'
import { LibraryError } from './errors.ts'
import { firehoseByUid, firehosesOf, firehoseSlug } from './firehose.ts'
import type { Page, Paged } from './page.ts'
import type { CollectionRow } from './rows.ts'
import { accountById } from './store/accounts.ts'
import {
  collectionBySlug,
  collectionByUid,
  firehoseOwners,
  selectCollections,
  type CollectionListQuery,
} from './store/collection-lists.ts'
import type { Viewer } from './viewer.ts'

export type { CollectionListQuery } from './store/collection-lists.ts'

/**
 * One page of the collections that a viewer may see, newest first, and after all others the firehoses that belong to
 * the same list: of the account asked for, of the accounts watched, of the owners of the items asked for.
 */
export async function listCollectionsWithFirehoses(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  query: CollectionListQuery,
  page: Page,
): Promise<Paged<CollectionRow>> {
  const { rows, total } = await selectCollections(ctx.db, viewer, query, page)
  const rest = { offset: Math.max(0, page.offset - total), limit: page.limit - rows.length }
  const owners = await firehoseOwners(ctx.db, viewer, query, rest)
  return { rows: [...rows, ...(await firehosesOf(ctx.db, owners.rows))], total: total + owners.total }
}

/**
 * The collection of a uid, firehoses included.
 *
 * @throws LibraryError `not_found`; `not_allowed` (`see`) where there is one that the viewer may not see.
 */
export async function findCollectionByUid(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  uid: string,
): Promise<CollectionRow> {
  const collection = (await collectionByUid(ctx.db, uid)) ?? (await firehoseByUid(ctx.db, uid))
  if (!collection) throw new LibraryError({ kind: 'not_found', what: 'collection' })
  if ((await accessTo(ctx.db, viewer, collection)) === null)
    throw new LibraryError({ kind: 'not_allowed', what: 'collection', action: 'see' })
  return collection
}

/** Somebody's collection by its slug, `firehose` included. @throws LibraryError `not_found`, also for a private one. */
export async function findCollectionBySlug(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  { ownerId, slug }: { ownerId: number; slug: string },
): Promise<CollectionRow> {
  const account = slug === firehoseSlug ? await accountById(ctx.db, ownerId) : null
  const [firehose] = account ? await firehosesOf(ctx.db, [account]) : []
  const collection = firehose ?? (await collectionBySlug(ctx.db, ownerId, slug))
  if (collection && (await accessTo(ctx.db, viewer, collection))) return collection
  throw new LibraryError({ kind: 'not_found', what: 'collection' })
}
