import type { Db } from '../database/open.ts'
import { signedIn } from './accounts.ts'
import { LibraryError } from './errors.ts'
import { firehoseById, isFirehose } from './firehose.ts'
import type { CollectionRow } from './rows.ts'
import { collaboratorAccess } from './store/collaborators.ts'
import { collectionById } from './store/collections.ts'
import type { Viewer } from './viewer.ts'

/** What somebody may do with a collection: change it and its people, put things of their own in, or look at it. */
export type Access = 'owner' | 'member' | 'reader'

/**
 * The one place of the rules: everybody reads what is public; collaborators also what is private; the account that
 * made it and collaborators of the level `owner` own it. Null for nothing at all.
 */
export async function accessTo(db: Db, viewer: Viewer, collection: CollectionRow): Promise<Access | null> {
  if (isFirehose(collection)) return 'reader'
  if (isOwner(viewer, collection)) return 'owner'
  const given =
    viewer.accountId === null ? null : await collaboratorAccess(db, collection.id, viewer.accountId)
  return given ?? (collection.private === 0 ? 'reader' : null)
}

/** Whether the viewer made it, or may do everything. */
export function isOwner(viewer: Viewer, { owner_id }: Pick<CollectionRow, 'owner_id'>): boolean {
  return viewer.role === 'admin' || (viewer.accountId !== null && viewer.accountId === owner_id)
}

/** The row of a collection the viewer may see: public, or theirs, or one they work on. @throws LibraryError `not_found`. */
export async function readableCollection(db: Db, viewer: Viewer, id: number): Promise<CollectionRow> {
  const collection = id < 0 ? await firehoseById(db, id) : await collectionById(db, id)
  if (collection && (await accessTo(db, viewer, collection))) return collection
  throw new LibraryError({ kind: 'not_found', what: 'collection' })
}

/** One whose owner the viewer is. @throws LibraryError `not_found`, `not_allowed`. */
export async function ownedCollection(
  db: Db,
  viewer: Viewer,
  id: number,
  action: string,
): Promise<CollectionRow> {
  const collection = await readableCollection(db, viewer, id)
  if ((await accessTo(db, viewer, collection)) === 'owner') return collection
  throw new LibraryError({ kind: 'not_allowed', what: 'collection', action })
}

/** One the viewer may put things into. @throws LibraryError `not_found`, `not_signed_in`, `not_allowed`. */
export async function workableCollection(db: Db, viewer: Viewer, id: number): Promise<CollectionRow> {
  const collection = await readableCollection(db, viewer, id)
  signedIn(viewer)
  const access = await accessTo(db, viewer, collection)
  if (access === 'owner' || access === 'member') return collection
  throw new LibraryError({ kind: 'not_allowed', what: 'collection', action: 'change' })
}
