import { randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { signedIn } from './accounts.ts'
import { LibraryError } from './errors.ts'
import { fieldProblems, refuseProblems } from './fields.ts'
import type { Page, Paged } from './page.ts'
import type { CollectionRow } from './rows.ts'
import { freeSlug, slugOf } from './slug.ts'
import { recordChange } from './store/changes.ts'
import {
  collectionById,
  collectionsFor,
  deleteCollection,
  insertCollection,
  isCollaborator,
  slugsLike,
  updateCollection,
  type CollectionKind,
  type CollectionQuery,
} from './store/collections.ts'
import { lockRows } from './store/ids.ts'
import { visibleItem } from './store/visible-items.ts'
import type { Viewer } from './viewer.ts'

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
    const collection = await own(db, viewer, id, 'change')
    refuseProblems(collectionProblems(change))
    await lockRows(db, 'account', [collection.owner_id])
    const renamed = title !== undefined && slugOf(title) !== slugOf(collection.title)
    const slug = renamed
      ? await chooseSlug(db, { ownerId: collection.owner_id, title, exceptId: id })
      : collection.slug
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
    await own(db, viewer, id, 'delete')
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

/** The row of a collection the viewer may see: public, or theirs, or one they work on. @throws LibraryError `not_found`. */
export async function readableCollection(db: Db, viewer: Viewer, id: number): Promise<CollectionRow> {
  const collection = await collectionById(db, id)
  const seen =
    collection !== null &&
    (collection.private === 0 ||
      isOwner(viewer, collection) ||
      (viewer.accountId !== null && (await isCollaborator(db, id, viewer.accountId))))
  if (!seen) throw new LibraryError({ kind: 'not_found', what: 'collection' })
  return collection
}

export function isOwner(viewer: Viewer, { owner_id }: Pick<CollectionRow, 'owner_id'>): boolean {
  return viewer.role === 'admin' || (viewer.accountId !== null && viewer.accountId === owner_id)
}

async function own(db: Db, viewer: Viewer, id: number, action: string): Promise<CollectionRow> {
  const collection = await readableCollection(db, viewer, id)
  if (!isOwner(viewer, collection))
    throw new LibraryError({ kind: 'not_allowed', what: 'collection', action })
  return collection
}
