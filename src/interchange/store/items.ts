import type { Db } from '../../database/open.ts'
import type { NewItemRow } from '../../library/store/items.ts'
import { gather, mostWide } from './bulk.ts'

/** Writes new items, all with ids or all without, and returns the ids by uid. */
export async function insertItems(db: Db, rows: readonly NewItemRow[]): Promise<Map<string, number>> {
  const made = await gather(
    rows,
    (piece) => db.insertInto('item').values(piece).returning(['id', 'uid']).execute(),
    mostWide,
  )
  return new Map(made.map(({ id, uid }) => [uid, id]))
}

/** Whether an account has an item with these bytes already. */
export async function ownsOriginal(db: Db, ownerId: number, sha256: string): Promise<boolean> {
  const row = await db
    .selectFrom('item')
    .select('id')
    .where('blob_sha256', '=', sha256)
    .where('owner_id', '=', ownerId)
    .executeTakeFirst()
  return row !== undefined
}
