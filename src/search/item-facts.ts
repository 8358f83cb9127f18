import { sql, type RawBuilder, type Selectable, type SqlBool } from 'kysely'
import { type Engine, engineOf } from '../database/engine.ts'
import type { Db } from '../database/open.ts'
import type { Schema } from '../database/schema.ts'
import type { CatalogueItem } from './catalogue/facts.ts'
import type { IdField, KeywordField, NumberField } from './fields.ts'
import { SEEN_COLUMNS, shownOf } from './seen.ts'
import { among } from './sql-texts.ts'
import type { TagCategory } from './tag-categories.ts'
import { wilsonScore } from './wilson-score.ts'

/** To be raised whenever the same rows would give other facts: then no snapshot of before is used. */
export const FACTS_VERSION = 1

const COLUMNS = [
  ...SEEN_COLUMNS,
  'id',
  'owner_id',
  'anonymous',
  'description',
  'source_url',
  'file_name',
  'mime_type',
  'format',
  'width',
  'height',
  'frames',
  'duration_seconds',
  'size_bytes',
  'merged_into',
  'removal_reason',
  'created_ms',
  'updated_ms',
  'first_seen_ms',
  'faves_count',
  'upvotes_count',
  'downvotes_count',
  'comments_count',
] as const
type Row = Pick<Selectable<Schema['item']>, (typeof COLUMNS)[number]>

/** What belongs to an item in other tables. */
interface Belongings {
  tags: readonly number[]
  reactions: Partial<Record<IdField, readonly number[]>>
  collections: ReadonlyMap<number, number>
}

/** The category of a tag; null for those without. */
export type CategoryOf = (tagId: number) => TagCategory | null

/** Some items: by id, or all whose ids lie after one and up to another. */
export type Which = { ids: readonly number[] } | { after: number; upTo: number }

/**
 * Everything searchable about some items, in the order of ids. Those that exist for nobody yet are left out. Takes
 * four queries however many they are; some thousands at a time keep memory small.
 */
export async function readItems(db: Db, which: Which, categoryOf: CategoryOf): Promise<CatalogueItem[]> {
  const rows: Row[] = await db
    .selectFrom('item')
    .select(COLUMNS)
    .where(isOneOf(engineOf(db), which, 'id'))
    .where('state', '=', 'ready')
    .orderBy('id')
    .execute()
  if (rows.length === 0) return []
  const tags = await tagsOf(db, which)
  const reactions = await reactionsOf(db, which)
  const collections = await placesOf(db, which)
  return rows.flatMap((row) => {
    const shown = shownOf(row)
    if (shown === null) return []
    const own = {
      tags: tags.get(row.id) ?? [],
      reactions: reactions.get(row.id) ?? {},
      collections: collections.get(row.id) ?? new Map<number, number>(),
    }
    return { ...factsOf(row, own, categoryOf), shown }
  })
}

function isOneOf(engine: Engine, which: Which, column: 'id' | 'item_id'): RawBuilder<SqlBool> {
  const id = sql.ref<number>(column)
  if ('ids' in which) return among(engine, id, which.ids)
  return sql`${id} > ${which.after} and ${id} <= ${which.upTo}`
}

/** The fields as `sql-columns.ts` has them, of a row at hand. */
function factsOf(row: Row, own: Belongings, categoryOf: CategoryOf): Omit<CatalogueItem, 'shown'> {
  const ids: Partial<Record<IdField, readonly number[]>> = { ...own.reactions, true_owner_id: [row.owner_id] }
  if (row.anonymous === 0) ids.owner_id = [row.owner_id]
  if (row.merged_into !== null) ids.duplicate_of_id = [row.merged_into]
  return {
    id: row.id,
    tags: own.tags,
    numbers: numbersOf(row, own, categoryOf),
    ids,
    dates: { created_at: row.created_ms, updated_at: row.updated_ms, first_seen_at: row.first_seen_ms },
    keywords: keywordsOf(row),
    flags: {
      ...(row.frames === null ? {} : { animated: row.frames > 1 }),
      processed: true,
      renditions_ready: true,
      anonymous: row.anonymous === 1,
      low_profile: row.low_profile === 1,
      deleted: row.visibility === 'removed' || row.visibility === 'merged',
    },
    ...(row.description ? { texts: { description: row.description } } : {}),
    ...(own.collections.size > 0 ? { collections: own.collections } : {}),
  }
}

function numbersOf(
  row: Row,
  { tags, reactions }: Belongings,
  categoryOf: CategoryOf,
): Partial<Record<NumberField, number>> {
  const numbers: Partial<Record<NumberField, number>> = {
    score: row.upvotes_count - row.downvotes_count,
    upvotes: row.upvotes_count,
    downvotes: row.downvotes_count,
    faves: row.faves_count,
    hides: reactions.hidden_by_id?.length ?? 0,
    comment_count: row.comments_count,
    source_count: row.source_url ? 1 : 0,
    tag_count: tags.length,
    wilson_score: wilsonScore(row.upvotes_count, row.downvotes_count),
    ...categoryCounts(tags, categoryOf),
  }
  const { width, height, size_bytes, duration_seconds } = row
  if (width !== null) numbers.width = width
  if (height !== null) numbers.height = height
  if (width !== null && height !== null) numbers.pixels = width * height
  if (width !== null && height !== null && height > 0) numbers.aspect_ratio = width / height
  if (size_bytes !== null) {
    numbers.size_bytes = size_bytes
    numbers.original_size_bytes = size_bytes
  }
  if (duration_seconds !== null) numbers.duration_seconds = duration_seconds
  return numbers
}

function categoryCounts(tags: readonly number[], categoryOf: CategoryOf) {
  const counts = new Map<TagCategory, number>()
  for (const tag of tags) {
    const category = categoryOf(tag)
    if (category !== null) counts.set(category, (counts.get(category) ?? 0) + 1)
  }
  const count = (category: TagCategory) => counts.get(category) ?? 0
  return {
    error_tag_count: count('error'),
    rating_tag_count: count('rating'),
    origin_tag_count: count('origin'),
    character_tag_count: count('character'),
    oc_tag_count: count('oc'),
    species_tag_count: count('species'),
    body_type_tag_count: count('body-type'),
    content_fanmade_tag_count: count('content-fanmade'),
    content_official_tag_count: count('content-official'),
    spoiler_tag_count: count('spoiler'),
  }
}

function keywordsOf(row: Row): Partial<Record<KeywordField, readonly string[]>> {
  const keywords: Partial<Record<KeywordField, readonly string[]>> = {}
  if (row.source_url) keywords.source_url = [row.source_url]
  if (row.format) keywords.format = [row.format]
  if (row.mime_type) keywords.mime_type = [row.mime_type]
  if (row.file_name) keywords.file_name = [row.file_name]
  if (row.removal_reason) keywords.deletion_reason = [row.removal_reason]
  return keywords
}

async function tagsOf(db: Db, which: Which): Promise<Map<number, number[]>> {
  const engine = engineOf(db)
  const { rows } = await sql<{ item_id: number; list: string }>`
    select item_id, ${joined(engine, sql`tag_id`)} as list from item_tag
    where ${isOneOf(engine, which, 'item_id')} group by item_id`.execute(db)
  return new Map(rows.map(({ item_id, list }) => [item_id, numbersIn(list)]))
}

const REACTIONS = {
  fave: 'faved_by_id',
  upvote: 'upvoted_by_id',
  downvote: 'downvoted_by_id',
  hide: 'hidden_by_id',
} as const satisfies Record<Schema['reaction']['sort'], IdField>

async function reactionsOf(db: Db, which: Which): Promise<Map<number, Belongings['reactions']>> {
  const engine = engineOf(db)
  const { rows } = await sql<{ item_id: number; sort: keyof typeof REACTIONS; list: string }>`
    select item_id, sort, ${joined(engine, sql`account_id`)} as list from reaction
    where ${isOneOf(engine, which, 'item_id')} group by item_id, sort`.execute(db)
  const found = new Map<number, Partial<Record<IdField, number[]>>>()
  for (const { item_id, sort, list } of rows) {
    const own = found.get(item_id) ?? {}
    own[REACTIONS[sort]] = numbersIn(list)
    found.set(item_id, own)
  }
  return found
}

async function placesOf(db: Db, which: Which): Promise<Map<number, Map<number, number>>> {
  const { rows } = await sql<{ item_id: number; collection_id: number; position: number }>`
    select item_id, collection_id, position from collection_item
    where ${isOneOf(engineOf(db), which, 'item_id')}`.execute(db)
  const found = new Map<number, Map<number, number>>()
  for (const { item_id, collection_id, position } of rows) {
    const places = found.get(item_id) ?? new Map<number, number>()
    found.set(item_id, places.set(collection_id, position))
  }
  return found
}

/** Many numbers in one text: a row for each would take most of the time of a build. */
function joined(engine: Engine, column: RawBuilder<unknown>): RawBuilder<string> {
  return engine === 'sqlite' ? sql`group_concat(${column})` : sql`string_agg(cast(${column} as text), ',')`
}

const numbersIn = (list: string): number[] => list.split(',').map(Number)
