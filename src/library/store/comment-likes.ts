import type { Db } from '../../database/open.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { AccountRow } from '../rows.ts'
import { accountsByIds } from './accounts.ts'
import type { CommentLikeRow } from './comments.ts'

/** A like as the list of a comment shows it. */
export interface CommentLike {
  id: number
  created_ms: number
  account: AccountRow
}

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
export async function likesOfComment(db: Db, commentId: number, page: Page): Promise<Paged<CommentLike>> {
  const rows = await db
    .selectFrom('comment_like')
    .selectAll()
    .where('comment_id', '=', commentId)
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  const accounts = await accountsByIds(
    db,
    rows.map((row) => row.account_id),
  )
  const likes = rows.flatMap(({ id, created_ms, account_id }) => {
    const account = accounts.get(account_id)
    return account ? [{ id, created_ms, account }] : []
  })
  return counted(likes, page, async () => {
    const { total } = await db
      .selectFrom('comment_like')
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .where('comment_id', '=', commentId)
      .executeTakeFirstOrThrow()
    return total
  })
}
