import type { Db } from '../../database/open.ts'

/** The names of the tags that an account's own items carry, the most used first. */
export async function tagNamesOfOwner(db: Db, ownerId: number, most: number): Promise<string[]> {
  const rows = await db
    .selectFrom('item_tag')
    .innerJoin('item', 'item.id', 'item_tag.item_id')
    .innerJoin('tag', 'tag.id', 'item_tag.tag_id')
    .select(({ fn }) => ['tag.name', fn.countAll<number>().as('uses')])
    .where('item.owner_id', '=', ownerId)
    .where('item.state', '=', 'ready')
    .where('item.visibility', 'in', ['public', 'private'])
    .groupBy('tag.name')
    .orderBy('uses', 'desc')
    .orderBy('tag.name')
    .limit(most)
    .execute()
  return rows.map(({ name }) => name)
}
