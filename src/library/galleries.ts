import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { isListed } from './access.ts'
import { accountsByIds, signedIn } from './accounts.ts'
import { putIntoCollection } from './collection-items.ts'
import { readableCollection } from './collections.ts'
import { invalid, LibraryError } from './errors.ts'
import { fieldProblems, refuseProblems } from './fields.ts'
import type { Page, Paged } from './page.ts'
import type { AccountRow, CollectionRow } from './rows.ts'
import { recordChanges } from './store/changes.ts'
import {
  firstItems,
  itemIdsIn,
  moveInCollection,
  selectGalleries,
  setWatch,
  watchersOf,
  type GalleryOrder,
  type GalleryQuery,
} from './store/galleries.ts'
import { itemsByIds } from './store/items.ts'
import { updateCollection } from './store/collections.ts'
import type { Viewer } from './viewer.ts'

export type { GalleryOrder, GalleryQuery } from './store/galleries.ts'

/** A gallery (a collection of that kind) with what a list shows about it. */
export interface Gallery {
  collection: CollectionRow
  owner: AccountRow
  watchersCount: number
  /** The item whose picture stands for it: the one chosen, else the first one; null when it is empty. */
  thumbnailItemId: number | null
}

/** One page of the galleries a viewer may see. @throws LibraryError `invalid` for a text that is too long. */
export async function listGalleries(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  wanted: { query: GalleryQuery; order: GalleryOrder },
  page: Page,
): Promise<Paged<Gallery>> {
  const { title, description, creator } = wanted.query
  refuseProblems([
    ...fieldProblems('title', title, { most: 255 }),
    ...fieldProblems('description', description, { most: 255 }),
    ...fieldProblems('creator', creator, { most: 255 }),
  ])
  const { rows, total } = await selectGalleries(ctx.db, viewer, wanted, page)
  return { rows: await loadGalleries(ctx.db, rows), total }
}

/** @throws LibraryError `not_found`, also for a collection of another kind. */
export async function findGallery(ctx: Pick<Context, 'db'>, viewer: Viewer, id: number): Promise<Gallery> {
  const row = await readableCollection(ctx.db, viewer, id)
  const [gallery] = row.kind === 'gallery' ? await loadGalleries(ctx.db, [row]) : []
  if (!gallery) throw new LibraryError({ kind: 'not_found', what: 'collection' })
  return gallery
}

/** The items of galleries, whatever filters say, each list in its own direction. */
export function galleryItemIds(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  galleries: readonly Gallery[],
): Promise<Map<number, number[]>> {
  return itemIdsIn(
    ctx.db,
    viewer,
    galleries.map(({ collection }) => collection),
  )
}

/**
 * Puts an item into a gallery at a place, counted from 1 in the owner's order, or moves it there if it is in it. It
 * goes to the end when the place is left out or past the end.
 *
 * @throws LibraryError `not_signed_in`, `not_found` (either), `not_allowed`, `invalid` (`position`).
 */
export async function addToGallery(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  galleryId: number,
  { itemId, position }: { itemId: number; position?: number },
): Promise<void> {
  if (position !== undefined && (!Number.isSafeInteger(position) || position < 1))
    throw invalid('position', 'must be a whole number from 1 on')
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (db) => {
    await putIntoCollection(db, viewer, { collectionId: galleryId, itemId }, now)
    if (position === undefined) return
    await moveInCollection(db, { collectionId: galleryId, itemId, place: position })
    await updateCollection(db, galleryId, { updated_ms: now.getTime() })
    // Every item behind it has another place now.
    await recordChanges(db, now, [{ noun: 'collection', id: galleryId, op: 'change' }])
  })
}

/** Watches a collection, or no longer; twice is once. @throws LibraryError `not_signed_in`, `not_found`. */
export async function watchCollection(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  id: number,
  on: boolean,
): Promise<void> {
  const me = signedIn(viewer)
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (db) => {
    await readableCollection(db, viewer, id)
    await setWatch(db, { collection_id: id, account_id: me, created_ms: now.getTime() }, on)
    await recordChanges(db, now, [{ noun: 'collection', id, op: 'change' }])
  })
}

async function loadGalleries(db: Db, rows: readonly CollectionRow[]): Promise<Gallery[]> {
  const owners = await accountsByIds(
    db,
    rows.map(({ owner_id }) => owner_id),
  )
  const watchers = await watchersOf(
    db,
    rows.map(({ id }) => id),
  )
  const chosen = await itemsByIds(
    db,
    rows.flatMap(({ thumbnail_item_id }) => thumbnail_item_id ?? []),
  )
  const shown = new Set(chosen.filter(isListed).map(({ id }) => id))
  const first = await firstItems(
    db,
    rows.filter(({ thumbnail_item_id }) => !shown.has(thumbnail_item_id ?? 0)),
  )
  return rows.flatMap((collection) => {
    const owner = owners.get(collection.owner_id)
    // Deleted between two of the queries.
    if (!owner) return []
    const { id, thumbnail_item_id: chosenId } = collection
    const thumbnailItemId = chosenId !== null && shown.has(chosenId) ? chosenId : (first.get(id) ?? null)
    return [{ collection, owner, watchersCount: watchers.get(id) ?? 0, thumbnailItemId }]
  })
}
