import type { Db } from '../../database/open.ts'
import { recordChanges } from './changes.ts'
import { insertTagChanges, type Author } from './histories.ts'
import { lockRows } from './ids.ts'

/** Tags that items with one tag are to get; the one they have goes when `remove` says so. */
export interface Retagging {
  tagId: number
  add: readonly number[]
  remove: boolean
}

/**
 * Retags some of the items that have a tag, in the order of their ids: each is locked, and its tags and their counters
 * change together; its history names the author.
 *
 * @returns The last item looked at, or null when there are no more.
 */
export async function retagSome(
  db: Db,
  author: Author,
  { tagId, add, remove }: Retagging,
  { after, limit }: { after: number; limit: number },
): Promise<number | null> {
  const found = await itemsWith(db, tagId, after, limit)
  await lockRows(db, 'item', found)
  const rows = await tagsAmong(db, found, [tagId, ...add])
  const has = new Set(rows.map(({ item_id, tag_id }) => `${item_id} ${tag_id}`))
  // Locked, and still so tagged: somebody else may have come first.
  const items = found.filter((id) => has.has(`${id} ${tagId}`))
  const fresh = items.flatMap((item_id) =>
    add.filter((tag_id) => !has.has(`${item_id} ${tag_id}`)).map((tag_id) => ({ item_id, tag_id })),
  )
  const changed = remove ? items : [...new Set(fresh.map(({ item_id }) => item_id))]
  if (changed.length > 0) {
    if (fresh.length > 0) await db.insertInto('item_tag').values(fresh).execute()
    if (remove)
      await db.deleteFrom('item_tag').where('tag_id', '=', tagId).where('item_id', 'in', items).execute()
    await count(db, fresh, remove ? { tagId, lost: items.length } : null)
    const gone = remove ? items.map((item_id) => ({ item_id, tag_id: tagId })) : []
    await keepHistory(db, author, { gone, fresh })
    await recordChanges(
      db,
      author.at,
      changed.map((id) => ({ noun: 'item', id, op: 'change' })),
    )
  }
  return found.length < limit ? null : (found.at(-1) ?? null)
}

async function itemsWith(db: Db, tagId: number, after: number, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom('item_tag')
    .select('item_id')
    .where('tag_id', '=', tagId)
    .where('item_id', '>', after)
    .orderBy('item_id')
    .limit(limit)
    .execute()
  return rows.map(({ item_id }) => item_id)
}

async function tagsAmong(db: Db, items: readonly number[], tags: readonly number[]) {
  if (items.length === 0) return []
  return db
    .selectFrom('item_tag')
    .selectAll()
    .where('item_id', 'in', items)
    .where('tag_id', 'in', tags)
    .execute()
}

interface Tagged {
  item_id: number
  tag_id: number
}

async function keepHistory(
  db: Db,
  { by, at }: Author,
  { gone, fresh }: Record<'gone' | 'fresh', readonly Tagged[]>,
): Promise<void> {
  const ids = [...new Set([...gone, ...fresh].map(({ tag_id }) => tag_id))]
  const tags = await db.selectFrom('tag').select(['id', 'name']).where('id', 'in', ids).execute()
  const names = new Map(tags.map(({ id, name }) => [id, name]))
  const rows = (changes: readonly Tagged[], added: 0 | 1) =>
    changes.flatMap(({ item_id, tag_id }) => {
      const tag_name = names.get(tag_id)
      if (tag_name === undefined) return []
      return [{ item_id, tag_name, added, account_id: by, created_ms: at.getTime() }]
    })
  await insertTagChanges(db, [...rows(gone, 0), ...rows(fresh, 1)])
}

async function count(
  db: Db,
  fresh: readonly { tag_id: number }[],
  gone: { tagId: number; lost: number } | null,
): Promise<void> {
  const by = new Map<number, number>()
  for (const { tag_id } of fresh) by.set(tag_id, (by.get(tag_id) ?? 0) + 1)
  if (gone) by.set(gone.tagId, (by.get(gone.tagId) ?? 0) - gone.lost)
  await lockRows(db, 'tag', [...by.keys()])
  for (const [id, more] of by)
    await db
      .updateTable('tag')
      .set((eb) => ({ items_count: eb('items_count', '+', more) }))
      .where('id', '=', id)
      .execute()
}
