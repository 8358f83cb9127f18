import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { hasType } from './fields.ts'
import { type Order, RANK_MODULUS, shuffleNumbers } from './language/sort.ts'
import { isTerm, type Query } from './language/tree.ts'
import { dateColumn, numberColumn } from './sql-columns.ts'

export interface Ranking {
  order: Order
  /** What relevance is counted on. */
  query: Query
  condition: (query: Query) => RawBuilder<SqlBool>
}

/** What an order sorts by; null for an item without it, which comes last. */
export function rankColumn({ order: { by }, query, condition }: Ranking): RawBuilder<number | null> {
  if (typeof by === 'object') return 'random' in by ? shuffled(by.random) : placeIn(by.collection)
  if (by === 'relevance') return sql`(${relevance(query, condition)})`
  if (hasType(by, 'date')) return dateColumn(by)
  return hasType(by, 'integer', 'float') ? numberColumn(by) : sql`null`
}

/** The order of `byOrder`, or the reverse. */
export function orderBy(ranking: Ranking, reverse = false): RawBuilder<unknown> {
  const { direction, ties, by } = ranking.order
  const id = sql`item.id ${toward(ties, reverse)}`
  if (by === 'id') return sql`item.id ${toward(direction, reverse)}`
  const rank = rankColumn(ranking)
  const blanks = sql`(${rank}) is null ${toward('asc', reverse)}`
  return sql`${blanks}, ${rank} ${toward(direction, reverse)}, ${id}`
}

/** The items that stand before, or after, one that has this rank. */
export function beyond(
  ranking: Ranking,
  { id, rank }: { id: number; rank: number | null },
  side: 'before' | 'after',
): RawBuilder<SqlBool> {
  const { direction, ties } = ranking.order
  const column = rankColumn(ranking)
  const further = (towards: 'asc' | 'desc') =>
    (towards === 'asc') === (side === 'after') ? sql.raw('>') : sql.raw('<')
  const tied = sql`item.id ${further(ties)} ${id}`
  if (rank === null)
    return side === 'after' ? sql`(${column} is null and ${tied})` : sql`(${column} is not null or ${tied})`

  const value = sql`cast(${rank} as double precision)`
  const ranked = sql`${column} ${further(direction)} ${value} or (${column} = ${value} and ${tied})`
  return side === 'after' ? sql`(${column} is null or ${ranked})` : sql`(${ranked})`
}

function toward(direction: 'asc' | 'desc', reverse: boolean): RawBuilder<unknown> {
  return (direction === 'asc') === reverse ? sql`desc` : sql`asc`
}

/** `relevance` of the language: every matching term counts 1, times its boosts; negations count nothing. */
function relevance(query: Query, condition: Ranking['condition']): RawBuilder<number> {
  if (isTerm(query)) return sql`case when ${condition(query)} then ${double(1)} else ${double(0)} end`
  switch (query.op) {
    case 'not':
      return double(0)
    case 'boost':
      return sql`(${double(query.by)} * ${relevance(query.of, condition)})`
    case 'and':
    case 'or':
      return sql`(${sql.join([double(0), ...query.of.map((part) => relevance(part, condition))], sql` + `)})`
  }
}

function double(value: number): RawBuilder<number> {
  return sql`cast(${value} as double precision)`
}

/** `randomRanks` of the language in 64-bit whole numbers. */
function shuffled(seed: string): RawBuilder<number> {
  const { p, q, r, s } = shuffleNumbers(seed)
  const whole = (value: number) => sql`cast(${value} as bigint)`
  const modulus = whole(RANK_MODULUS)
  const times = (a: RawBuilder<unknown>, b: RawBuilder<unknown>) => sql`(${a} * ${b} % ${modulus})`
  const mixed = sql`((${whole(r)} + ${times(whole(s), sql`(item.id % ${modulus})`)}) % ${modulus})`
  const square = times(mixed, mixed)
  const fifth = times(times(square, square), mixed)
  return sql`((${whole(p)} + ${times(whole(q), fifth)}) % ${modulus})`
}

function placeIn(collectionId: number): RawBuilder<number> {
  return sql`(select position from collection_item
    where collection_item.collection_id = ${collectionId} and collection_item.item_id = item.id)`
}
