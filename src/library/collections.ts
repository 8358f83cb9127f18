import { randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { signedIn } from './accounts.ts'
import { ownedCollection, readableCollection } from './collection-access.ts'
import { LibraryError } from './errors.ts'
import { fieldProblems, refuseProblems } from './fields.ts'
import type { Page, Paged } from './page.ts'
import type { CollectionRow } from './rows.ts'
import { freeSlug, slugOf } from './slug.ts'
import { recordChange } from './store/changes.ts'
import {
  collectionsFor,
  deleteCollection,
  insertCollection,
  slugsLike,
  titlesLike,
  updateCollection,
  type CollectionKind,
  type CollectionQuery,
} from './store/collections.ts'
import { lockRows } from './store/ids.ts'
import { visibleItem } from './store/visible-items.ts'
import type { Viewer } from './viewer.ts'

export { readableCollection } from './collection-access.ts'
export type { CollectionRow } from './rows.ts'
export type { CollectionKind, CollectionQuery } from './store/collections.ts'

export interface NewCollection {
  kind?: CollectionKind
  title: string
  description?: string | null
  private?: boolean
  /** What people are told before they look, at most 20 characters. */
  spoilerWarning?: string | null
  /** Whether its first place is shown first; the last one is otherwise. */
  orderPositionAsc?: boolean
  /** The item whose picture stands for it. */
  thumbnailItemId?: number | null
  /** Refuse a title that another of the owner's collections of this kind has, whatever the case of its letters. */
  uniqueTitle?: boolean
}

export type CollectionChange = Partial<Omit<NewCollection, 'kind'>>

/** Title and description as they come in. */
export function collectionProblems({ title, description, spoilerWarning }: CollectionChange) {
  return [
    ...fieldProblems('title', title, { required: true, most: 255 }),
    ...fieldProblems('description', description, { most: 20_000 }),
    ...fieldProblems('spoiler_warning', spoilerWarning, { most: 20 }),
  ]
}

/** The columns of what only galleries have; those that are not said are left out. */
async function galleryColumns(db: Db, viewer: Viewer, change: CollectionChange) {
  const { spoilerWarning, orderPositionAsc, thumbnailItemId } = change
  if (typeof thumbnailItemId === 'number') await visibleItem(db, viewer, thumbnailItemId)
  return {
    ...(spoilerWarning === undefined ? {} : { spoiler_warning: blankIsNull(spoilerWarning) }),
    ...(orderPositionAsc === undefined
      ? {}
      : { order_position_asc: orderPositionAsc ? (1 as const) : (0 as const) }),
    ...(thumbnailItemId === undefined ? {} : { thumbnail_item_id: thumbnailItemId }),
  }
}

const blankIsNull = (text: string | null) => (text === null || text.trim() === '' ? null : text)

/**
 * Makes an empty collection of the viewer's own. Its slug comes from the title and is unique among theirs.
 *
 * @throws LibraryError `not_signed_in`, `not_found` (the item of the thumbnail), `invalid`.
 */
export async function addCollection(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  input: NewCollection,
): Promise<CollectionRow> {
  const me = signedIn(viewer)
  refuseProblems(collectionProblems(input))
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (db) => {
    // One collection of an owner at a time: two at once would choose the same slug.
    await lockRows(db, 'account', [me])
    if (input.uniqueTitle)
      await refuseTitle(db, { ownerId: me, kind: input.kind ?? 'collection', title: input.title })
    const collection = await insertCollection(db, {
      uid: randomBytes(12).toString('hex'),
      owner_id: me,
      kind: input.kind ?? 'collection',
      title: input.title,
      slug: await chooseSlug(db, { ownerId: me, title: input.title }),
      description: blankIsNull(input.description ?? null),
      private: input.private === true ? 1 : 0,
      ...(await galleryColumns(db, viewer, input)),
      created_ms: now.getTime(),
      updated_ms: now.getTime(),
    })
    await recordChange(db, now, { noun: 'collection', id: collection.id, op: 'create' })
    return collection
  })
}

/** @throws LibraryError `conflict` when another collection is called so already. */
async function refuseTitle(
  db: Db,
  { title, ...of }: { ownerId: number; kind: CollectionKind; title: string; exceptId?: number },
): Promise<void> {
  const titles = await titlesLike(db, { ...of, stem: slugOf(title) })
  const same = (other: string) => other.trim().toLowerCase() === title.trim().toLowerCase()
  if (titles.some(same))
    throw new LibraryError({ kind: 'conflict', what: 'collection', problem: 'has this name already' })
}

async function chooseSlug(
  db: Db,
  { title, ...of }: { ownerId: number; title: string; exceptId?: number },
): Promise<string> {
  const stem = slugOf(title)
  return freeSlug(stem, await slugsLike(db, { ...of, stem }))
}

/**
 * Changes the fields given and leaves the others alone. Another title is another slug.
 *
 * @throws LibraryError `not_found`, `not_allowed`, `invalid`.
 */
export async function changeCollection(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  id: number,
  change: CollectionChange,
): Promise<CollectionRow> {
  const { title, description, private: isPrivate } = change
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (db) => {
    const collection = await ownedCollection(db, viewer, id, 'change')
    refuseProblems(collectionProblems(change))
    const { owner_id: ownerId, kind } = collection
    await lockRows(db, 'account', [ownerId])
    if (change.uniqueTitle && title !== undefined)
      await refuseTitle(db, { ownerId, kind, title, exceptId: id })
    const renamed = title !== undefined && slugOf(title) !== slugOf(collection.title)
    const slug = renamed ? await chooseSlug(db, { ownerId, title, exceptId: id }) : collection.slug
    await updateCollection(db, id, {
      slug,
      updated_ms: now.getTime(),
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description: blankIsNull(description) }),
      ...(isPrivate === undefined ? {} : { private: isPrivate ? 1 : 0 }),
      ...(await galleryColumns(db, viewer, change)),
    })
    await recordChange(db, now, { noun: 'collection', id, op: 'change' })
    return readableCollection(db, viewer, id)
  })
}

/** Removes a collection; its items stay. @throws LibraryError `not_found`, `not_allowed`. */
export async function removeCollection(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  id: number,
): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    await lockRows(db, 'collection', [id])
    await ownedCollection(db, viewer, id, 'delete')
    await deleteCollection(db, id)
    await recordChange(db, ctx.clock(), { noun: 'collection', id, op: 'delete' })
  })
}

/** @throws LibraryError `not_found`, also for somebody else's private collection. */
export function findCollection(ctx: Pick<Context, 'db'>, viewer: Viewer, id: number): Promise<CollectionRow> {
  return readableCollection(ctx.db, viewer, id)
}

/** The collections a viewer may see, newest first; all of somebody, of a kind, or with an item, as asked. */
export function listCollections(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  query: CollectionQuery,
  page: Page,
): Promise<Paged<CollectionRow>> {
  return collectionsFor(ctx.db, viewer, query, page)
}
