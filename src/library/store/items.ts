import { sql, type Insertable, type Updateable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { visibleTo } from '../access.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { ItemRow } from '../rows.ts'
import { ANONYMOUS } from '../viewer.ts'
import { lockRows } from './ids.ts'
import { totalOf } from './total-of.ts'

export type NewItemRow = Insertable<Schema['item']>
export type ItemChangeRow = Updateable<Schema['item']>

/** Null when an item with this id or uid exists. */
export async function insertItem(db: Db, row: NewItemRow): Promise<number | null> {
  const made = await db
    .insertInto('item')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return made?.id ?? null
}

export async function itemById(db: Db, id: number): Promise<ItemRow | null> {
  const row = await db.selectFrom('item').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

/** Those that exist, in no order. */
export async function itemsByIds(db: Db, ids: readonly number[]): Promise<ItemRow[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('item')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .execute()
}

export async function itemsMergedInto(db: Db, id: number): Promise<number[]> {
  const rows = await db.selectFrom('item').select('id').where('merged_into', '=', id).orderBy('id').execute()
  return rows.map((row) => row.id)
}

/** The row as it stands, locked until the end of the transaction. */
export async function itemToChange(db: Db, id: number): Promise<ItemRow | null> {
  await lockRows(db, 'item', [id])
  return itemById(db, id)
}

export async function updateItem(db: Db, id: number, change: ItemChangeRow): Promise<void> {
  await db.updateTable('item').set(change).where('id', '=', id).execute()
}

/** Everything that belongs to the item goes with it; its rebounds stay. */
export async function deleteItem(db: Db, id: number): Promise<void> {
  await db.deleteFrom('item').where('id', '=', id).execute()
}

/** Items of an owner since a time, whatever became of them. */
export async function countItemsSince(db: Db, ownerId: number, sinceMs: number): Promise<number> {
  const { n } = await db
    .selectFrom('item')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('owner_id', '=', ownerId)
    .where('created_ms', '>=', sinceMs)
    .executeTakeFirstOrThrow()
  return n
}

/** Publishes what is due and returns it. The time of publication is the one it was scheduled for. */
export function publishScheduled(db: Db, at: Date): Promise<{ id: number; rebound_of: number | null }[]> {
  return db
    .updateTable('item')
    .set((eb) => ({ published_ms: eb.ref('scheduled_ms'), scheduled_ms: null, updated_ms: at.getTime() }))
    .where('scheduled_ms', '<=', at.getTime())
    .returning(['id', 'rebound_of'])
    .execute()
}

/**
 * Counts the rebounds of these items that everybody may see. The rows are locked before they are counted, so that
 * the later of two transactions sees what the earlier one did.
 */
export async function recountRebounds(db: Db, ids: readonly (number | null)[]): Promise<void> {
  const parents = [...new Set(ids)].filter((id) => id !== null)
  if (parents.length === 0) return
  await lockRows(db, 'item', parents)
  for (const id of parents)
    await db
      .updateTable('item')
      .set({ rebounds_count: await countRebounds(db, id) })
      .where('id', '=', id)
      .execute()
}

async function countRebounds(db: Db, id: number): Promise<number> {
  const { n } = await db
    .selectFrom('item')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('rebound_of', '=', id)
    .where(visibleTo(ANONYMOUS))
    .executeTakeFirstOrThrow()
  return n
}

/** Counts the attachments that are ready. */
export async function recountAttachments(db: Db, id: number): Promise<void> {
  await lockRows(db, 'item', [id])
  const { n } = await db
    .selectFrom('attachment')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('item_id', '=', id)
    .where('state', '=', 'ready')
    .executeTakeFirstOrThrow()
  await updateItem(db, id, { attachments_count: n })
}

/** Collections that are about to lose an item: their counters, and their ids. */
export async function releaseFromCollections(db: Db, itemId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('collection_item')
    .select('collection_id')
    .where('item_id', '=', itemId)
    .execute()
  const ids = rows.map(({ collection_id }) => collection_id)
  if (ids.length === 0) return []
  await lockRows(db, 'collection', ids)
  await db.deleteFrom('collection_item').where('item_id', '=', itemId).execute()
  await db
    .updateTable('collection')
    .set({
      items_count: sql`(select count(*) from collection_item where collection_item.collection_id = collection.id)`,
    })
    .where('id', 'in', ids)
    .execute()
  return ids
}

/** Items of an owner that are not ready, newest first. */
export async function selectUnfinished(db: Db, ownerId: number, page: Page): Promise<Paged<ItemRow>> {
  const matching = db.selectFrom('item').where('owner_id', '=', ownerId).where('state', '<>', 'ready')
  const rows = await matching
    .selectAll()
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(rows, page, () => totalOf(matching))
}
