import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import type { ItemKind } from '../database/schema/items.ts'
import type { DocumentFacts } from '../reading/facts.ts'
import { searchableText } from './collecting-content.ts'
import type { ItemRow } from './rows.ts'
import { recordChange } from './store/changes.ts'
import { hasItemText, putItemText } from './store/collected.ts'
import { itemById, itemToChange } from './store/items.ts'

/** Orders the text of a document for searches; in the transaction that adds its item. */
export function readDocumentLater(ctx: Pick<Context, 'queue'>, db: Db, itemId: number): Promise<void> {
  return ctx.queue.enqueue(db, { kind: 'read-document', payload: { item: itemId } })
}

/** A document whose text nobody has read yet; null when there is nothing to do. */
export async function documentToRead(
  db: Db,
  id: number,
): Promise<(ItemRow & { blob_sha256: string }) | null> {
  const item = await itemById(db, id)
  if (!item || !isDocument(item) || (await hasItemText(db, id))) return null
  return item
}

/** Makes a document found by what it says. That of an item which is gone, or has a text, is dropped. */
export function keepDocumentText(
  ctx: Pick<Context, 'db' | 'clock'>,
  itemId: number,
  { title, author, text }: DocumentFacts,
): Promise<void> {
  const words = searchableText({ text: [title, author, text].filter((part) => part).join('\n') })
  if (words === '') return Promise.resolve()
  return ctx.db.transaction().execute(async (db) => {
    const item = await itemToChange(db, itemId)
    if (!item || !isDocument(item) || (await hasItemText(db, itemId))) return
    await putItemText(db, itemId, words)
    await recordChange(db, ctx.clock(), { noun: 'item', id: itemId, op: 'change' })
  })
}

/** Whether an item is a file that may hold text. */
export function isDocument<Row extends { kind: ItemKind; blob_sha256?: string | null }>(
  item: Row,
): item is Row & { blob_sha256: string } {
  return item.kind === 'document' && typeof item.blob_sha256 === 'string'
}
