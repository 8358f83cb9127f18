import { sql, type RawBuilder, type Selectable, type SqlBool } from 'kysely'
import type { Schema } from '../database/schema.ts'
import type { Seer, Shown } from './catalogue/facts.ts'

/** What decides who may see an item. */
export const SEEN_COLUMNS = ['state', 'visibility', 'published_ms', 'low_profile'] as const
export type SeenRow = Pick<Selectable<Schema['item']>, (typeof SEEN_COLUMNS)[number]>

/**
 * Who may see an item, as searches keep it; null while it exists for nobody. The rule is that of
 * `library/access.ts`, put so that it names no person; a test holds the two together.
 */
export function shownOf({ state, visibility, published_ms, low_profile }: SeenRow): Shown | null {
  if (state !== 'ready') return null
  if (visibility === 'removed' || visibility === 'merged') return 'staff'
  if (visibility === 'private' || published_ms === null) return 'owner'
  return low_profile === 1 ? 'unlisted' : 'listed'
}

/** The same rule as a condition on `item`. */
export function seenBy(seer: Seer): RawBuilder<SqlBool> {
  const everybody = sql<SqlBool>`item.visibility = 'public' and item.published_ms is not null`
  if (seer === 'listed') return sql`item.state = 'ready' and ${everybody} and item.low_profile = 0`
  if (seer.role === 'admin') return sql`item.state = 'ready'`

  const ways = [sql<SqlBool>`(${everybody})`]
  if (seer.accountId !== null)
    ways.push(sql`(item.owner_id = ${seer.accountId} and item.visibility in ('public', 'private'))`)
  if (seer.role === 'moderator') ways.push(sql`item.visibility in ('removed', 'merged')`)
  return sql`item.state = 'ready' and (${sql.join(ways, sql` or `)})`
}
