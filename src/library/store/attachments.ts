import type { Insertable, Updateable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { AttachmentRow } from '../rows.ts'
import { grouped } from './grouped.ts'
import { totalOf } from './total-of.ts'

export async function insertAttachment(db: Db, row: Insertable<Schema['attachment']>): Promise<number> {
  const { id } = await db.insertInto('attachment').values(row).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function attachmentById(db: Db, id: number): Promise<AttachmentRow | null> {
  const row = await db.selectFrom('attachment').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

/** @returns False when the attachment is gone, or is not being processed any more. */
export async function finishAttachmentRow(
  db: Db,
  id: number,
  change: Updateable<Schema['attachment']>,
): Promise<boolean> {
  const row = await db
    .updateTable('attachment')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', 'processing')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function deleteAttachment(db: Db, id: number): Promise<void> {
  await db.deleteFrom('attachment').where('id', '=', id).execute()
}

/** Attachments that are ready, oldest first. */
export async function attachmentsOf(db: Db, itemId: number, page: Page): Promise<Paged<AttachmentRow>> {
  const matching = db.selectFrom('attachment').where('item_id', '=', itemId).where('state', '=', 'ready')
  const rows = await matching.selectAll().orderBy('id').limit(page.limit).offset(page.offset).execute()
  return counted(rows, page, () => totalOf(matching))
}

/** The same of many items in one query, keyed by item. */
export async function attachmentsOfItems(
  db: Db,
  ids: readonly number[],
): Promise<Map<number, AttachmentRow[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('attachment')
    .selectAll()
    .where('item_id', 'in', ids)
    .where('state', '=', 'ready')
    .orderBy('id')
    .execute()
  return grouped(rows, ({ item_id }) => item_id)
}
