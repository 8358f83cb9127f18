import type { Db } from '../../database/open.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { CommentLikeRow } from './comments.ts'
import { datedAccounts, type DatedAccount } from './dated-accounts.ts'
import { totalOf } from './total-of.ts'

export async function commentLike(
  db: Db,
  commentId: number,
  accountId: number,
): Promise<CommentLikeRow | null> {
  const row = await db
    .selectFrom('comment_like')
    .selectAll()
    .where('comment_id', '=', commentId)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row ?? null
}

export function insertCommentLike(db: Db, row: Omit<CommentLikeRow, 'id'>): Promise<CommentLikeRow> {
  return db.insertInto('comment_like').values(row).returningAll().executeTakeFirstOrThrow()
}

export async function deleteCommentLike(db: Db, id: number): Promise<void> {
  await db.deleteFrom('comment_like').where('id', '=', id).execute()
}

export async function addLikeCount(db: Db, commentId: number, by: 1 | -1): Promise<void> {
  await db
    .updateTable('comment')
    .set((eb) => ({ likes_count: eb('likes_count', '+', by) }))
    .where('id', '=', commentId)
    .execute()
}

/** One page of the likes of a comment, newest first. */
export async function likesOfComment(db: Db, commentId: number, page: Page): Promise<Paged<DatedAccount>> {
  const matching = db.selectFrom('comment_like').where('comment_id', '=', commentId)
  const rows = await matching
    .selectAll()
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(await datedAccounts(db, rows), page, () => totalOf(matching))
}
