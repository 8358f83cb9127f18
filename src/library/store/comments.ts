import type { Selectable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { listed } from '../access.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { AccountRow } from '../rows.ts'
import { accountsByIds } from './accounts.ts'
import { totalOf } from './total-of.ts'

export type CommentRow = Selectable<Schema['comment']>
export type CommentLikeRow = Selectable<Schema['comment_like']>

/** A comment with its author. */
export interface LoadedComment {
  comment: CommentRow
  account: AccountRow
}

export function insertComment(db: Db, row: Omit<CommentRow, 'id' | 'likes_count'>): Promise<CommentRow> {
  return db.insertInto('comment').values(row).returningAll().executeTakeFirstOrThrow()
}

export async function commentById(db: Db, id: number): Promise<CommentRow | null> {
  const row = await db.selectFrom('comment').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

export async function updateComment(
  db: Db,
  id: number,
  change: Pick<CommentRow, 'body' | 'updated_ms'>,
): Promise<void> {
  await db.updateTable('comment').set(change).where('id', '=', id).execute()
}

export async function deleteComment(db: Db, id: number): Promise<void> {
  await db.deleteFrom('comment').where('id', '=', id).execute()
}

export async function addCommentCount(db: Db, itemId: number, by: 1 | -1): Promise<void> {
  await db
    .updateTable('item')
    .set((eb) => ({ comments_count: eb('comments_count', '+', by) }))
    .where('id', '=', itemId)
    .execute()
}

/** When an account wrote the comment that is `back` comments before its next one, in ms; null when there is none. */
export async function commentTimeBack(db: Db, accountId: number, back: number): Promise<number | null> {
  const row = await db
    .selectFrom('comment')
    .select('created_ms')
    .where('account_id', '=', accountId)
    .orderBy('created_ms', 'desc')
    .limit(1)
    .offset(back - 1)
    .executeTakeFirst()
  return row?.created_ms ?? null
}

export async function commentsOfItem(
  db: Db,
  itemId: number,
  order: 'oldest' | 'newest',
  page: Page,
): Promise<Paged<LoadedComment>> {
  const matching = db.selectFrom('comment').where('item_id', '=', itemId)
  const rows = await matching
    .selectAll()
    .orderBy('id', order === 'oldest' ? 'asc' : 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(await withAuthors(db, rows), page, () => totalOf(matching))
}

/** Comments on items that are listed, newest first. */
export async function commentsOnListed(
  db: Db,
  { accountId, exceptTagIds = [] }: { accountId?: number; exceptTagIds?: readonly number[] },
  page: Page,
): Promise<Paged<LoadedComment>> {
  const matching = db
    .selectFrom('comment')
    .innerJoin('item', 'item.id', 'comment.item_id')
    .where(listed())
    .$if(accountId !== undefined, (qb) => qb.where('comment.account_id', '=', accountId ?? 0))
    .$if(exceptTagIds.length > 0, (qb) =>
      qb.where((eb) => {
        const tagged = eb
          .selectFrom('item_tag')
          .select('item_tag.tag_id')
          .whereRef('item_tag.item_id', '=', 'comment.item_id')
          .where('item_tag.tag_id', 'in', exceptTagIds)
        return eb.not(eb.exists(tagged))
      }),
    )
  const rows = await matching
    .selectAll('comment')
    .orderBy('comment.id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(await withAuthors(db, rows), page, () => totalOf(matching))
}

export async function withAuthors(db: Db, rows: readonly CommentRow[]): Promise<LoadedComment[]> {
  const accounts = await accountsByIds(
    db,
    rows.map((row) => row.account_id),
  )
  return rows.flatMap((comment) => {
    const account = accounts.get(comment.account_id)
    return account ? [{ comment, account }] : []
  })
}
