import type { Selectable, Updateable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { byCodePoint } from '../code-points.ts'
import { recordChanges } from './changes.ts'
import { lockRows } from './ids.ts'
import { holdRelations, withImplied } from './tag-relations.ts'

/** Tag names of many items in one query, in the order of their code points. An item without tags has no key. */
export async function tagsOfItems(db: Db, ids: readonly number[]): Promise<Map<number, string[]>> {
  const names = new Map<number, string[]>()
  if (ids.length === 0) return names

  const rows = await db
    .selectFrom('item_tag')
    .innerJoin('tag', 'tag.id', 'item_tag.tag_id')
    .select(['item_tag.item_id', 'tag.name'])
    .where('item_tag.item_id', 'in', ids)
    .execute()
  for (const { item_id, name } of rows) {
    const known = names.get(item_id)
    if (known) known.push(name)
    else names.set(item_id, [name])
  }
  for (const list of names.values()) list.sort(byCodePoint)
  return names
}

/**
 * Makes these the tags of an item, and keeps the counters of the tags that came and went. Whoever sets them: an alias
 * is replaced by the tag it stands for, and what a tag brings along comes too. The history of an item is kept by
 * `changeTags`; the first tags of an item are not part of it.
 *
 * @returns The names that came and went, in the order of their code points.
 * @throws LibraryError `invalid` when they bring more along than an item can hold.
 */
export async function replaceTags(
  db: Db,
  at: Date,
  itemId: number,
  names: readonly string[],
): Promise<{ added: string[]; removed: string[] }> {
  if (names.length > 0) await holdRelations(db, 'read')
  const wanted = await tagsCalled(db, at, await withImplied(db, names))
  const had = await namesOfTags(db, itemId)
  const added = [...wanted.keys()].filter((id) => !had.has(id))
  const removed = [...had.keys()].filter((id) => !wanted.has(id))

  if (removed.length > 0)
    await db.deleteFrom('item_tag').where('item_id', '=', itemId).where('tag_id', 'in', removed).execute()
  if (added.length > 0)
    await db
      .insertInto('item_tag')
      .values(added.map((tag_id) => ({ item_id: itemId, tag_id })))
      .execute()
  await lockRows(db, 'tag', [...added, ...removed])
  await addToTagCounts(db, added, 1)
  await addToTagCounts(db, removed, -1)
  return { added: namesAmong(wanted, added), removed: namesAmong(had, removed) }
}

const namesAmong = (tags: ReadonlyMap<number, string>, ids: readonly number[]) =>
  ids.flatMap((id) => tags.get(id) ?? []).toSorted(byCodePoint)

/** Tags that are about to lose an item. */
export async function releaseTags(db: Db, itemId: number): Promise<void> {
  const ids = [...(await namesOfTags(db, itemId)).keys()]
  await lockRows(db, 'tag', ids)
  await addToTagCounts(db, ids, -1)
}

/** Names by id for names; unknown names become tags. */
async function tagsCalled(db: Db, at: Date, names: readonly string[]): Promise<Map<number, string>> {
  if (names.length === 0) return new Map()
  await ensureTags(db, at, names)
  const rows = await db.selectFrom('tag').select(['id', 'name']).where('name', 'in', names).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

export async function tagById(db: Db, id: number): Promise<Selectable<Schema['tag']> | null> {
  const row = await db.selectFrom('tag').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

export async function tagByName(db: Db, name: string): Promise<Selectable<Schema['tag']> | null> {
  const row = await db.selectFrom('tag').selectAll().where('name', '=', name).executeTakeFirst()
  return row ?? null
}

/** Makes tags of the names that are none. */
export async function ensureTags(db: Db, at: Date, names: readonly string[]): Promise<void> {
  const created_ms = at.getTime()
  const made = await db
    .insertInto('tag')
    // In one order everywhere, so that two writers of the same names wait for each other and never in a circle.
    .values(names.toSorted(byCodePoint).map((name) => ({ name, created_ms })))
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('id')
    .execute()
  await recordChanges(
    db,
    at,
    made.map(({ id }) => ({ noun: 'tag', id, op: 'create' })),
  )
}

export async function updateTag(db: Db, id: number, change: Updateable<Schema['tag']>): Promise<void> {
  if (Object.keys(change).length > 0) await db.updateTable('tag').set(change).where('id', '=', id).execute()
}

async function namesOfTags(db: Db, itemId: number): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('item_tag')
    .innerJoin('tag', 'tag.id', 'item_tag.tag_id')
    .select(['tag.id', 'tag.name'])
    .where('item_tag.item_id', '=', itemId)
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

async function addToTagCounts(db: Db, ids: readonly number[], by: 1 | -1): Promise<void> {
  if (ids.length === 0) return
  await db
    .updateTable('tag')
    .set((eb) => ({ items_count: eb('items_count', '+', by) }))
    .where('id', 'in', ids)
    .execute()
}
