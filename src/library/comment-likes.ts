import type { Context } from '../context.ts'
import { signedIn } from './accounts.ts'
import { commentAt, type CommentPlace } from './comments.ts'
import type { Page, Paged } from './page.ts'
import type { DatedAccount } from './store/dated-accounts.ts'
import { recordChange } from './store/changes.ts'
import {
  addLikeCount,
  commentLike,
  deleteCommentLike,
  insertCommentLike,
  likesOfComment,
} from './store/comment-likes.ts'
import type { CommentLikeRow } from './store/comments.ts'
import { lockRows } from './store/ids.ts'
import type { Viewer } from './viewer.ts'

export type { CommentLikeRow } from './store/comments.ts'

/**
 * Likes a comment or takes that back, whatever it was before: twice is once.
 *
 * @returns The like, or null when it is off.
 * @throws LibraryError `not_signed_in`, `not_found`.
 */
export async function setCommentLike(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  place: CommentPlace,
  on: boolean,
): Promise<CommentLikeRow | null> {
  const me = signedIn(viewer)
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (db) => {
    await lockRows(db, 'comment', [place.id])
    const comment = await commentAt(db, viewer, place)
    const like = await commentLike(db, comment.id, me)
    if ((like !== null) === on) return like

    const change = { noun: 'comment', id: comment.id, op: 'change' } as const
    await addLikeCount(db, comment.id, on ? 1 : -1)
    await recordChange(db, now, change)
    if (like === null)
      return insertCommentLike(db, { comment_id: comment.id, account_id: me, created_ms: now.getTime() })
    await deleteCommentLike(db, like.id)
    return null
  })
}

/** The viewer's own like, or null. @throws LibraryError `not_signed_in`, `not_found`. */
export async function findCommentLike(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  place: CommentPlace,
): Promise<CommentLikeRow | null> {
  const me = signedIn(viewer)
  const comment = await commentAt(ctx.db, viewer, place)
  return commentLike(ctx.db, comment.id, me)
}

/** Who likes a comment, the newest first. @throws LibraryError `not_found`. */
export async function commentLikesOf(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  place: CommentPlace,
  page: Page,
): Promise<Paged<DatedAccount>> {
  const comment = await commentAt(ctx.db, viewer, place)
  return likesOfComment(ctx.db, comment.id, page)
}
