import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { signedIn } from './accounts.ts'
import { invalid, LibraryError } from './errors.ts'
import { fieldProblems, refuseProblems } from './fields.ts'
import type { Page, Paged } from './page.ts'
import { isBlocked } from './store/blocks.ts'
import { recordChanges } from './store/changes.ts'
import {
  addCommentCount,
  commentById,
  commentsOfItem,
  commentTimeBack,
  deleteComment,
  insertComment,
  updateComment,
  withAuthors,
  type CommentRow,
  type LoadedComment,
} from './store/comments.ts'
import { lockRows } from './store/ids.ts'
import { lockVisibleItem, visibleItem } from './store/visible-items.ts'
import { mayModerate, type Viewer } from './viewer.ts'

export type { CommentRow, LoadedComment } from './store/comments.ts'

/** Where a comment stands: asked for under another item, it is not found. */
export interface CommentPlace {
  itemId: number
  id: number
}

/** More than so many in so long a time is a flood (a public note on the service's limits of comments). */
const floods = [
  { most: 10, seconds: 120 },
  { most: 100, seconds: 86_400 },
]

const refusedText = (body: string) =>
  refuseProblems(fieldProblems('body', body, { required: true, most: 20_000 }))

/**
 * Comments on an item.
 *
 * @throws LibraryError `not_signed_in`, `not_found`, `invalid` (the text, or blocked by the owner), `too_many`.
 */
export async function addComment(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  itemId: number,
  body: string,
): Promise<LoadedComment> {
  const me = signedIn(viewer)
  refusedText(body)
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (db) => {
    // One comment of an account at a time: two at once would each find the other not yet written.
    await lockRows(db, 'account', [me])
    const item = await lockVisibleItem(db, viewer, itemId)
    if (await isBlocked(db, item.owner_id, me)) throw invalid('base', 'you are blocked by that member')
    await refuseFlood(db, me, now)

    const time = { created_ms: now.getTime(), updated_ms: now.getTime() }
    const comment = await insertComment(db, { item_id: itemId, account_id: me, body, ...time })
    await addCommentCount(db, itemId, 1)
    await recordComment(db, now, comment, 'create')
    return loaded(db, comment)
  })
}

async function refuseFlood(db: Db, accountId: number, now: Date): Promise<void> {
  for (const { most, seconds } of floods) {
    const before = await commentTimeBack(db, accountId, most)
    const wait = before === null ? 0 : before / 1000 + seconds - now.getTime() / 1000
    if (wait > 0)
      throw new LibraryError({
        kind: 'too_many',
        problem: 'too many comments in a short time',
        retryAfterSeconds: Math.ceil(wait),
      })
  }
}

/**
 * Rewrites one's own comment.
 *
 * @throws LibraryError `not_signed_in`, `not_found`, `not_allowed`, `invalid`.
 */
export async function changeComment(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  place: CommentPlace,
  body: string,
): Promise<LoadedComment> {
  const me = signedIn(viewer)
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (db) => {
    await lockRows(db, 'comment', [place.id])
    const comment = await commentAt(db, viewer, place)
    if (comment.account_id !== me)
      throw new LibraryError({ kind: 'not_allowed', what: 'comment', action: 'change' })
    refusedText(body)
    const change = { body, updated_ms: now.getTime() }
    await updateComment(db, comment.id, change)
    await recordComment(db, now, comment, 'change')
    return loaded(db, { ...comment, ...change })
  })
}

/**
 * Removes a comment: for its author, the owner of the item, moderators.
 *
 * @throws LibraryError `not_found`, `not_allowed`.
 */
export async function removeComment(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  place: CommentPlace,
): Promise<void> {
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (db) => {
    const item = await lockVisibleItem(db, viewer, place.itemId)
    const comment = await commentAt(db, viewer, place)
    const theirs = viewer.accountId !== null && [comment.account_id, item.owner_id].includes(viewer.accountId)
    if (!theirs && !mayModerate(viewer))
      throw new LibraryError({ kind: 'not_allowed', what: 'comment', action: 'delete' })
    await deleteComment(db, comment.id)
    await addCommentCount(db, item.id, -1)
    await recordComment(db, now, comment, 'delete')
  })
}

/** @throws LibraryError `not_found`, also when the comment stands under another item. */
export async function findComment(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  place: CommentPlace,
): Promise<LoadedComment> {
  return loaded(ctx.db, await commentAt(ctx.db, viewer, place))
}

/** Where a comment stands that is known by its own id alone. @throws LibraryError `not_found`. */
export async function placeOfComment({ db }: Pick<Context, 'db'>, id: number): Promise<CommentPlace> {
  const comment = await commentById(db, id)
  if (comment === null) throw new LibraryError({ kind: 'not_found', what: 'comment' })
  return { itemId: comment.item_id, id }
}

/** The comments of an item, the oldest first unless asked otherwise. @throws LibraryError `not_found`. */
export async function listComments(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  { itemId, order = 'oldest' }: { itemId: number; order?: 'oldest' | 'newest' },
  page: Page,
): Promise<Paged<LoadedComment>> {
  await visibleItem(ctx.db, viewer, itemId)
  return commentsOfItem(ctx.db, itemId, order, page)
}

/** The row of a comment that the viewer may see. @throws LibraryError `not_found`. */
export async function commentAt(db: Db, viewer: Viewer, { itemId, id }: CommentPlace): Promise<CommentRow> {
  await visibleItem(db, viewer, itemId)
  const comment = await commentById(db, id)
  if (comment?.item_id !== itemId) throw new LibraryError({ kind: 'not_found', what: 'comment' })
  return comment
}

async function loaded(db: Db, comment: CommentRow): Promise<LoadedComment> {
  const [one] = await withAuthors(db, [comment])
  if (!one) throw new LibraryError({ kind: 'not_found', what: 'comment' })
  return one
}

function recordComment(
  db: Db,
  at: Date,
  comment: CommentRow,
  op: 'create' | 'change' | 'delete',
): Promise<void> {
  return recordChanges(db, at, [
    { noun: 'comment', id: comment.id, op },
    { noun: 'item', id: comment.item_id, op: 'change' },
  ])
}
