import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from '../database/open.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import type { LogEntry } from './change-log.ts'
import { type CategoryOf, readItems } from './item-facts.ts'
import { term } from './language/tree.ts'
import type { TagCategory } from './tag-categories.ts'
import { itemsWithTag, readTags } from './tag-facts.ts'

/** A catalogue and what its items are read with. */
export interface Followed {
  catalogue: Catalogue
  /** Of every tag; null for those without. */
  categories: Map<number, TagCategory | null>
}

/** Items read in one go. */
const PIECE = 500

export const categoryIn =
  ({ categories }: Followed): CategoryOf =>
  (tagId) =>
    categories.get(tagId) ?? null

/** Reads again what entries of the change log name. */
export async function applyEntries(db: Db, followed: Followed, entries: readonly LogEntry[]): Promise<void> {
  const named = (noun: string) =>
    new Set(entries.filter((one) => one.noun === noun).map((one) => one.noun_id))
  const items = named('item')
  for (const id of await applyTags(db, followed, [...named('tag')])) items.add(id)
  for (const collection of named('collection'))
    for (const id of await movedItems(db, followed.catalogue, collection)) items.add(id)
  for (const { noun, noun_id, op } of entries)
    if (noun === 'item' && op === 'delete')
      for (const id of duplicatesOf(followed.catalogue, noun_id)) items.add(id)
  await refreshItems(
    db,
    followed,
    [...items].toSorted((left, right) => left - right),
  )
}

/** Names and categories; returns the items that must be read again because a category changed. */
async function applyTags(db: Db, followed: Followed, ids: readonly number[]): Promise<Set<number>> {
  const { catalogue, categories } = followed
  const stale = new Set<number>()
  const known = new Map((ids.length === 0 ? [] : await readTags(db, ids)).map((tag) => [tag.id, tag]))
  for (const id of ids) {
    const tag = known.get(id)
    const before = categories.get(id)
    if (!tag) {
      catalogue.removeTag(id)
      categories.delete(id)
      continue
    }
    catalogue.putTag(tag)
    categories.set(id, tag.category)
    if (before === undefined || before === tag.category) continue
    for (const item of await itemsWithTag(db, id)) stale.add(item)
  }
  return stale
}

async function refreshItems(db: Db, followed: Followed, ids: readonly number[]): Promise<void> {
  for (let at = 0; at < ids.length; at += PIECE) {
    if (at > 0) await nextTurn()
    const piece = ids.slice(at, at + PIECE)
    const items = await readItems(db, { ids: piece }, categoryIn(followed))
    const gone = new Set(piece)
    for (const item of items) {
      followed.catalogue.put(item)
      gone.delete(item.id)
    }
    for (const id of gone) followed.catalogue.remove(id)
  }
}

/** Items whose place in a collection, or whose being in it, is not what the catalogue says. */
async function movedItems(db: Db, { inventory }: Catalogue, collectionId: number): Promise<Set<number>> {
  const { positions, collections, places } = inventory
  const known = places.get(collections.get(collectionId) ?? -1) ?? new Map<number, number>()
  const moved = new Set<number>()
  const left = new Set(known.keys())
  for (let after = 0; ;) {
    const { rows } = await sql<{ item_id: number; position: number }>`
      select item_id, position from collection_item where collection_id = ${collectionId} and item_id > ${after}
      order by item_id limit 5000`.execute(db)
    for (const { item_id, position } of rows) {
      const at = positions.find(item_id)
      if (at !== -1 && known.get(at) !== position) moved.add(item_id)
      left.delete(at)
      after = item_id
    }
    if (rows.length < 5000) break
  }
  for (const at of left) moved.add(positions.idAt(at))
  return moved
}

/** Items merged into one that is gone: nothing else says that they are no duplicates any more. */
function duplicatesOf(catalogue: Catalogue, id: number): number[] {
  return catalogue.search({
    query: term({ op: 'id', field: 'duplicate_of_id', value: id }),
    seer: { accountId: null, role: 'admin' },
    order: { by: 'id', direction: 'asc', ties: 'asc' },
    page: { offset: 0, limit: Number.MAX_SAFE_INTEGER },
  }).ids
}
