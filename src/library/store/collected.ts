import type { Db } from '../../database/open.ts'
import type { ItemRow } from '../rows.ts'

export async function itemByUid(db: Db, uid: string): Promise<ItemRow | null> {
  const row = await db.selectFrom('item').selectAll().where('uid', '=', uid).executeTakeFirst()
  return row ?? null
}

/** The newest item of an owner that came from this address. */
export async function newestFrom(db: Db, ownerId: number, sourceUrl: string): Promise<ItemRow | null> {
  const row = await db
    .selectFrom('item')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('source_url', '=', sourceUrl)
    .where('visibility', 'in', ['public', 'private'])
    .where('state', '<>', 'failed')
    .orderBy('created_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** Collections that hold an item, by id. */
export async function collectionIdsWith(db: Db, itemId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('collection_item')
    .select('collection_id')
    .where('item_id', '=', itemId)
    .orderBy('collection_id')
    .execute()
  return rows.map(({ collection_id }) => collection_id)
}

/** What searches find in an item besides what people wrote about it, in lower case. */
export async function putItemText(db: Db, itemId: number, text: string): Promise<void> {
  await db
    .insertInto('item_text')
    .values({ item_id: itemId, text })
    .onConflict((conflict) => conflict.column('item_id').doUpdateSet({ text }))
    .execute()
}

export async function hasItemText(db: Db, itemId: number): Promise<boolean> {
  const row = await db
    .selectFrom('item_text')
    .select('item_id')
    .where('item_id', '=', itemId)
    .executeTakeFirst()
  return row !== undefined
}

/** Gives an item the text and the pictures of another. */
export async function copyParts(db: Db, fromId: number, toId: number): Promise<void> {
  const text = await db
    .selectFrom('item_text')
    .select('text')
    .where('item_id', '=', fromId)
    .executeTakeFirst()
  if (text) await putItemText(db, toId, text.text)
  const renditions = await db.selectFrom('rendition').selectAll().where('item_id', '=', fromId).execute()
  const rows = renditions.map((row) => ({ ...row, item_id: toId }))
  if (rows.length > 0) await db.insertInto('rendition').values(rows).execute()
}
