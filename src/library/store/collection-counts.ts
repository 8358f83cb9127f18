import type { Db } from '../../database/open.ts'
import type { CollectionKind } from './collections.ts'

/** How many public collections of a kind hold each of these items, in one query. An item in none has no key. */
export async function collectionsHolding(
  db: Db,
  kind: CollectionKind,
  itemIds: readonly number[],
): Promise<Map<number, number>> {
  if (itemIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('collection_item')
    .innerJoin('collection', 'collection.id', 'collection_item.collection_id')
    .select(({ fn }) => ['collection_item.item_id as item', fn.countAll<number>().as('total')])
    .where('collection_item.item_id', 'in', itemIds)
    .where('collection.kind', '=', kind)
    .where('collection.private', '=', 0)
    .groupBy('collection_item.item_id')
    .execute()
  return new Map(rows.map(({ item, total }) => [item, total]))
}
