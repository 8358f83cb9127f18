import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { BooleanField, DateField, IdField, KeywordField, NumberField, TextField } from './fields.ts'
import {
  categoryOfTag,
  RATING_TAGS,
  TAG_CATEGORIES,
  TAG_NAMESPACES,
  type TagCategory,
} from './tag-categories.ts'
import { wilsonColumn } from './wilson-score.ts'

/** What each field is in the database, for the table `item`; `item-facts.ts` says the same of rows at hand. */

const tagCount = sql<number>`(select count(*) from item_tag where item_tag.item_id = item.id)`

const column = (name: string) => sql.ref<number>(`item.${name}`)

const NUMBERS: Record<NumberField, RawBuilder<number>> = {
  id: column('id'),
  width: column('width'),
  height: column('height'),
  pixels: sql`(item.width * item.height)`,
  size_bytes: column('size_bytes'),
  original_size_bytes: column('size_bytes'),
  score: sql`(item.upvotes_count - item.downvotes_count)`,
  upvotes: column('upvotes_count'),
  downvotes: column('downvotes_count'),
  faves: column('faves_count'),
  hides: sql`(select count(*) from reaction where reaction.item_id = item.id and reaction.sort = 'hide')`,
  comment_count: column('comments_count'),
  source_count: sql`case when coalesce(item.source_url, '') = '' then 0 else 1 end`,
  tag_count: tagCount,
  error_tag_count: countOf('error'),
  rating_tag_count: countOf('rating'),
  origin_tag_count: countOf('origin'),
  character_tag_count: countOf('character'),
  oc_tag_count: countOf('oc'),
  species_tag_count: countOf('species'),
  body_type_tag_count: countOf('body-type'),
  content_fanmade_tag_count: countOf('content-fanmade'),
  content_official_tag_count: countOf('content-official'),
  spoiler_tag_count: countOf('spoiler'),
  aspect_ratio: sql`case when item.height > 0 then cast(item.width as double precision) / item.height end`,
  wilson_score: wilsonColumn(),
  duration_seconds: column('duration_seconds'),
}

export const numberColumn = (field: NumberField): RawBuilder<number> => sql`(${NUMBERS[field]})`

const DATES: Record<DateField, string> = {
  created_at: 'created_ms',
  updated_at: 'updated_ms',
  first_seen_at: 'first_seen_ms',
}

export const dateColumn = (field: DateField): RawBuilder<number> => column(DATES[field])

/** Texts that may be searched by value; other fields of names and hashes are ids by now (`named-terms.ts`). */
const KEYWORDS: Partial<Record<KeywordField, string>> = {
  source_url: 'source_url',
  format: 'format',
  mime_type: 'mime_type',
  file_name: 'file_name',
  deletion_reason: 'removal_reason',
}

export function keywordColumn(field: KeywordField): RawBuilder<string> | null {
  const name = KEYWORDS[field]
  return name === undefined ? null : sql.ref<string>(`item.${name}`)
}

export function textColumn(field: TextField): RawBuilder<string> | null {
  return field === 'description' ? sql.ref<string>('item.description') : null
}

export function hasId(field: IdField, value: number): RawBuilder<SqlBool> {
  switch (field) {
    case 'owner_id':
      return sql`item.anonymous = 0 and item.owner_id = ${value}`
    case 'true_owner_id':
      return sql`item.owner_id = ${value}`
    case 'duplicate_of_id':
      return sql`item.merged_into = ${value}`
    case 'faved_by_id':
      return reactedBy('fave', value)
    case 'upvoted_by_id':
      return reactedBy('upvote', value)
    case 'downvoted_by_id':
      return reactedBy('downvote', value)
    case 'hidden_by_id':
      return reactedBy('hide', value)
    case 'deleted_by_id': // nothing notes who removed an item
      return sql`1 = 0`
  }
}

const reactedBy = (sort: string, accountId: number): RawBuilder<SqlBool> =>
  sql`item.id in (select item_id from reaction where account_id = ${accountId} and sort = ${sort})`

const FLAGS: Record<BooleanField, RawBuilder<SqlBool>> = {
  animated: sql`item.frames > 1`,
  processed: sql`item.state = 'ready'`,
  renditions_ready: sql`item.state = 'ready'`,
  anonymous: sql`item.anonymous = 1`,
  low_profile: sql`item.low_profile = 1`,
  deleted: sql`item.visibility in ('removed', 'merged')`,
}

/** The flag as a condition; unknown where the item has neither yes nor no. */
export const flagColumn = (field: BooleanField): RawBuilder<SqlBool> => sql`(${FLAGS[field]})`

/** How many tags of a category an item has: as `categoryOfTag` says, in SQL. */
function countOf(category: TagCategory): RawBuilder<number> {
  const known = sql.join(TAG_CATEGORIES.map((name) => sql.lit(name)))
  const named = [...RATING_TAGS, 'oc'].filter((name) => categoryOfTag(name) === category)
  const ways = [...TAG_NAMESPACES]
    .filter(([, given]) => given === category)
    .map(([namespace]) => {
      const start = `${namespace}:`
      return sql`(substr(tag.name, 1, ${sql.lit(start.length)}) = ${sql.lit(start)} and tag.name <> ${sql.lit(start)})`
    })
  if (named.length > 0) ways.push(sql`tag.name in (${sql.join(named.map((name) => sql.lit(name)))})`)
  const byName = ways.length === 0 ? sql`1 = 0` : sql.join(ways, sql` or `)
  return sql`(select count(*) from item_tag inner join tag on tag.id = item_tag.tag_id
    where item_tag.item_id = item.id and (tag.category = ${sql.lit(category)}
      or (coalesce(tag.category, '') not in (${known}) and (${byName}))))`
}
