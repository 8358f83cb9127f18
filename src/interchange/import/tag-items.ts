import { engineOf } from '../../database/engine.ts'
import type { Db } from '../../database/open.ts'
import { lockRows } from '../../library/store/ids.ts'
import { addToCounts } from '../store/bulk.ts'
import { insertItemTags, tagsNamed } from '../store/tags.ts'

/** Gives tags to items that have none yet, many at once. Unknown names become tags; the counters are kept. */
export async function tagNewItems(
  db: Db,
  at: Date,
  items: readonly { id: number; names: readonly string[] }[],
): Promise<void> {
  const tags = await tagsNamed(
    db,
    at,
    items.flatMap(({ names }) => names),
  )
  const counts = new Map<number, [number]>()
  const rows = items.flatMap(({ id, names }) =>
    names.map((name) => {
      const tag_id = tags.get(name) ?? 0
      counts.set(tag_id, [(counts.get(tag_id)?.[0] ?? 0) + 1])
      return { item_id: id, tag_id }
    }),
  )
  await insertItemTags(db, rows)
  // One writer has SQLite to itself; many rows at once are then not asked for by number for nothing.
  if (engineOf(db) === 'postgres') await lockRows(db, 'tag', [...counts.keys()])
  await addToCounts(db, 'tag', ['items_count'], counts)
}
