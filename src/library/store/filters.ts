import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { counted, type Page, type Paged } from '../page.ts'
import { systemRules } from '../system-filters.ts'
import { currentTags, tagsByNames } from './tag-lists.ts'
import { contains } from './text-match.ts'
import { totalOf } from './total-of.ts'

type StoredFilter = Selectable<Schema['filter']>

/** A filter, with its tags as they are now: an alias that a tag became since is the tag it stands for. */
export interface FilterRow {
  id: number
  /** Null for a filter of the installation. */
  owner_id: number | null
  name: string
  description: string
  hidden_tag_ids: readonly number[]
  /** In the order of `hidden_tag_ids`. */
  hidden_tags: readonly string[]
  spoilered_tag_ids: readonly number[]
  spoilered_tags: readonly string[]
  /** Searches, one a line, any of which may hold (`parseLines`); '' for none. */
  hidden_complex: string
  spoilered_complex: string
  public: boolean
  system: boolean
  /** Accounts that have it as their current filter. */
  user_count: number
  created_ms: number
  updated_ms: number
}

export async function filtersByIds(db: Db, ids: readonly number[]): Promise<Map<number, FilterRow>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('filter').selectAll().where('id', 'in', ids).execute()
  return new Map((await loaded(db, rows)).map((row) => [row.id, row]))
}

/** Of an account, or of the installation (null); the latter in the order in which they were made. */
export async function filtersOf(db: Db, ownerId: number | null): Promise<FilterRow[]> {
  const query = db.selectFrom('filter').selectAll()
  const rows = await (
    ownerId === null ? query.where('system', '=', 1) : query.where('owner_id', '=', ownerId)
  )
    .orderBy('id')
    .execute()
  return loaded(db, rows)
}

export async function countFilters(db: Db, ownerId: number): Promise<number> {
  const { n } = await db
    .selectFrom('filter')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('owner_id', '=', ownerId)
    .executeTakeFirstOrThrow()
  return n
}

/** Public filters of people whose name or description holds the text, A to Z. */
export async function filtersNamed(
  db: Db,
  { text, descending }: { text: string; descending: boolean },
  page: Page,
): Promise<Paged<FilterRow>> {
  const matching = db
    .selectFrom('filter')
    .where('public', '=', 1)
    .where('system', '=', 0)
    .where((eb) => eb.or([contains('name', text), contains('description', text)]))
  const rows = await matching
    .selectAll()
    .orderBy('name', descending ? 'desc' : 'asc')
    .orderBy('id')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(await loaded(db, rows), page, () => totalOf(matching))
}

export async function insertFilter(db: Db, row: Insertable<Schema['filter']>): Promise<number> {
  const { id } = await db.insertInto('filter').values(row).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function updateFilter(db: Db, id: number, change: Updateable<Schema['filter']>): Promise<void> {
  await db.updateTable('filter').set(change).where('id', '=', id).execute()
}

/** Whoever had it as their current filter has the default one. */
export async function deleteFilter(db: Db, id: number): Promise<void> {
  await db.deleteFrom('filter').where('id', '=', id).execute()
}

/** Adds what the rows only point at, with the same few queries for one filter and for many. */
async function loaded(db: Db, rows: readonly StoredFilter[]): Promise<FilterRow[]> {
  if (rows.length === 0) return []
  const rules = rows.flatMap(({ id }) => systemRules.get(id) ?? [])
  const byName = await tagsByNames(
    db,
    rules.flatMap(({ hidden, spoilered }) => [...hidden, ...spoilered]),
  )
  const idsOf = (stored: string, names: readonly string[] = []) => [
    ...numbersIn(stored),
    ...names.flatMap((name) => byName.get(name)?.id ?? []),
  ]
  const given = rows.map((row) => {
    const rule = systemRules.get(row.id)
    return {
      row,
      hidden: idsOf(row.hidden_tag_ids, rule?.hidden),
      spoilered: idsOf(row.spoilered_tag_ids, rule?.spoilered),
    }
  })
  const tags = await currentTags(
    db,
    given.flatMap(({ hidden, spoilered }) => [...hidden, ...spoilered]),
  )
  const present = (ids: readonly number[]) => [
    ...new Map(ids.flatMap((id) => tags.get(id) ?? []).map(({ id, name }) => [id, name])),
  ]
  const users = await countUsers(
    db,
    rows.map(({ id }) => id),
  )
  return given.map(({ row, hidden, spoilered }) => ({
    ...row,
    hidden_tag_ids: present(hidden).map(([id]) => id),
    hidden_tags: present(hidden).map(([, name]) => name),
    spoilered_tag_ids: present(spoilered).map(([id]) => id),
    spoilered_tags: present(spoilered).map(([, name]) => name),
    public: row.public === 1,
    system: row.system === 1,
    user_count: users.get(row.id) ?? 0,
  }))
}

async function countUsers(db: Db, ids: readonly number[]): Promise<Map<number | null, number>> {
  const rows = await db
    .selectFrom('account_setting')
    .select((eb) => ['current_filter_id as id', eb.fn.countAll<number>().as('n')])
    .where('current_filter_id', 'in', ids)
    .groupBy('current_filter_id')
    .execute()
  return new Map(rows.map(({ id, n }) => [id, n]))
}

function numbersIn(json: string): number[] {
  const read: unknown = JSON.parse(json)
  return Array.isArray(read) ? read.filter((one) => typeof one === 'number') : []
}
