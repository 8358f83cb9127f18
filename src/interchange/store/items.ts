import type { Db } from '../../database/open.ts'
import type { NewItemRow } from '../../library/store/items.ts'
import { gather, inPieces, mostWide } from './bulk.ts'
import { insertPiece } from './statements.ts'

/** Writes new items, all with ids or all without, and returns the ids by uid. */
export async function insertItems(db: Db, rows: readonly NewItemRow[]): Promise<Map<string, number>> {
  const made = await gather(
    rows,
    (piece) => insertPiece<{ id: number; uid: string }>(db, 'item', piece, ['id', 'uid']),
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

/** What searches find in new items besides what people wrote about them, in lower case. */
export function insertItemTexts(db: Db, rows: readonly { item_id: number; text: string }[]): Promise<void> {
  return inPieces(rows, (piece) => insertPiece(db, 'item_text', piece))
}
