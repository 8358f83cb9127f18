import type { Selectable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { counted, type Page, type Paged } from '../page.ts'
import { grouped } from './grouped.ts'
import { beginsWith, looksLike } from './text-match.ts'
import { totalOf } from './total-of.ts'

export type TagRow = Selectable<Schema['tag']>

/** Ids in pieces that both databases take as parameters of one statement. */
const piece = 5000

async function inPieces<T, R>(all: readonly T[], find: (some: T[]) => Promise<R[]>): Promise<R[]> {
  const distinct = [...new Set(all)]
  const found: R[] = []
  for (let at = 0; at < distinct.length; at += piece)
    found.push(...(await find(distinct.slice(at, at + piece))))
  return found
}

/** Tags by any of their names: an alias gives the tag it stands for. A name nobody has is left out. */
export async function tagsByNames(db: Db, names: readonly string[]): Promise<Map<string, TagRow>> {
  const plain = await inPieces(names, (some) =>
    db.selectFrom('tag').selectAll().where('name', 'in', some).execute(),
  )
  const aliased = await inPieces(names, (some) =>
    db
      .selectFrom('tag_alias')
      .innerJoin('tag', 'tag.id', 'tag_alias.target_id')
      .selectAll('tag')
      .select('tag_alias.name as alias')
      .where('tag_alias.name', 'in', some)
      .execute(),
  )
  const found = new Map(plain.map((row) => [row.name, row]))
  for (const { alias, ...row } of aliased) found.set(alias, row)
  return found
}

/** Tags by id, each as what it is now: one whose name became an alias is the tag that stands for. */
export async function currentTags(db: Db, ids: readonly number[]): Promise<Map<number, TagRow>> {
  const rows = await inPieces(ids, (some) =>
    db.selectFrom('tag').selectAll().where('id', 'in', some).execute(),
  )
  const current = await tagsByNames(
    db,
    rows.map(({ name }) => name),
  )
  return new Map(rows.map((row) => [row.id, current.get(row.name) ?? row]))
}

/** What of the tags: only those with these names, looking like this, or that are now aliases. */
export interface TagListQuery {
  /** `*` stands for anything, `?` for one character; without either it is the whole name. */
  pattern?: string
  names?: readonly string[]
  aliases?: boolean
}

/** One page of tags: the most used first, A to Z among equals. */
export async function selectTags(db: Db, query: TagListQuery, page: Page): Promise<Paged<TagRow>> {
  if (query.names?.length === 0) return { rows: [], total: 0 }
  const { pattern, names, aliases } = query
  const matching = db
    .selectFrom('tag')
    .$if(pattern !== undefined, (qb) => qb.where(looksLike('tag.name', pattern ?? '')))
    .$if(names !== undefined, (qb) => qb.where('name', 'in', names ?? []))
    .$if(aliases === true, (qb) => qb.where('name', 'in', (eb) => eb.selectFrom('tag_alias').select('name')))
  const rows = await matching
    .selectAll()
    .orderBy('items_count', 'desc')
    .orderBy('name')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(rows, page, () => totalOf(matching))
}

/** Tags in use with a name or an alias that begins with one of these texts, the most used first. */
export async function tagsBeginning(db: Db, starts: readonly string[], limit: number): Promise<TagRow[]> {
  const byName = db
    .selectFrom('tag')
    .select('id')
    .where((eb) => eb.or(starts.map((start) => beginsWith('tag.name', start))))
  const byAlias = db
    .selectFrom('tag_alias')
    .innerJoin('tag', 'tag.id', 'tag_alias.target_id')
    .select('tag.id')
    .where((eb) => eb.or(starts.map((start) => beginsWith('tag_alias.name', start))))
  return db
    .selectFrom('tag')
    .selectAll()
    .where('id', 'in', byName.union(byAlias))
    .where('items_count', '>', 0)
    .orderBy('items_count', 'desc')
    .orderBy('name')
    .limit(limit)
    .execute()
}

/** The tags of many items in one query, keyed by item. An item without tags has no key. */
export async function tagRowsOfItems(db: Db, itemIds: readonly number[]): Promise<Map<number, TagRow[]>> {
  const rows = await inPieces(itemIds, (some) =>
    db
      .selectFrom('item_tag')
      .innerJoin('tag', 'tag.id', 'item_tag.tag_id')
      .selectAll('tag')
      .select('item_tag.item_id')
      .where('item_tag.item_id', 'in', some)
      .execute(),
  )
  return grouped(rows, ({ item_id }) => item_id)
}
