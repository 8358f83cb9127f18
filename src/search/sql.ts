import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { type Engine, engineOf } from '../database/engine.ts'
import type { Db } from '../database/open.ts'
import type { Asked, Found } from './catalogue/catalogue.ts'
import { fieldFacts } from './fields.ts'
import { type Comparison, isTerm, type Query, type Term } from './language/tree.ts'
import type { Order } from './language/sort.ts'
import { seenBy } from './seen.ts'
import { dateColumn, flagColumn, hasId, keywordColumn, numberColumn } from './sql-columns.ts'
import { keyOf, type LookUps, lookUpTerms } from './sql-lookups.ts'
import { beyond, orderBy, rankColumn, type Ranking } from './sql-order.ts'
import { among, isAmongTexts } from './sql-texts.ts'

/**
 * Searches by SQL: slow and obvious, on both databases. What the catalogue answers must be the same. Takes what the
 * catalogue takes, after `nameTerms`.
 */
export async function searchBySql(
  db: Db,
  asked: Asked & { order: Order; page: { offset: number; limit: number } },
  mostValues: number,
): Promise<Found> {
  const ranking = await prepare(db, asked, mostValues)
  const matching = ranking.where
  const { rows } = await sql<{ id: number }>`
    select item.id as id from item where ${matching}
    order by ${orderBy(ranking)} limit ${asked.page.limit} offset ${asked.page.offset}`.execute(db)
  const ids = rows.map(({ id }) => id)
  const { offset, limit } = asked.page
  // A page that is not full is the last one, so its end is the total; an empty one may lie anywhere behind that.
  if (ids.length < limit && (ids.length > 0 || offset === 0)) return { ids, total: offset + ids.length }
  const { rows: counted } = await sql<{ n: number }>`
    select count(*) as n from item where ${matching}`.execute(db)
  return { ids, total: counted[0]?.n ?? 0 }
}

/** The matches right before and right after an item; see `Catalogue.neighbours`. */
export async function neighboursBySql(
  db: Db,
  asked: Asked & { order: Order; id: number },
  mostValues: number,
): Promise<{ before: number | null; after: number | null }> {
  const here = sql`item where item.id = ${asked.id} and item.state = 'ready'`
  const found = await sql`select 1 from ${here}`.execute(db)
  if (found.rows.length === 0) return { before: null, after: null }
  const ranking = await prepare(db, asked, mostValues)
  const { rows } = await sql<{ rank: number | null }>`
    select ${rankColumn(ranking)} as rank from ${here}`.execute(db)
  const rank = rows[0]?.rank ?? null

  const nearest = async (direction: 'before' | 'after') => {
    const { rows: next } = await sql<{ id: number }>`
      select item.id as id from item
      where ${ranking.where} and ${beyond(ranking, { id: asked.id, rank }, direction)}
      order by ${orderBy(ranking, direction === 'before')} limit 1`.execute(db)
    return next[0]?.id ?? null
  }
  return { before: await nearest('before'), after: await nearest('after') }
}

async function prepare(
  db: Db,
  { query, within, seer, order }: Asked & { order: Order },
  mostValues: number,
): Promise<Ranking & { where: RawBuilder<SqlBool> }> {
  const queries = within ? [query, within] : [query]
  const lookUps = await lookUpTerms(db, queries, mostValues)
  const engine = engineOf(db)
  const condition = (part: Query) => toCondition(part, { engine, lookUps })
  const where = sql<SqlBool>`${sql.join([seenBy(seer), ...queries.map(condition)], sql` and `)}`
  return { where, order, query, condition }
}

export interface Meaning {
  engine: Engine
  lookUps: LookUps
}

/** A search as one condition on `item`; never null. Values are always bound, never spliced. */
export function toCondition(query: Query, meaning: Meaning): RawBuilder<SqlBool> {
  if (isTerm(query)) {
    const condition = termCondition(query, meaning)
    // What an item has no value for it does not match, and it matches the negation.
    return isNeverNull(query) ? condition : sql`(${condition}) is true`
  }
  switch (query.op) {
    case 'not':
      return sql`not (${toCondition(query.of, meaning)})`
    case 'boost':
      return toCondition(query.of, meaning)
    case 'and':
    case 'or':
      return sql`(${sql.join(
        query.of.map((part) => toCondition(part, meaning)),
        query.op === 'and' ? sql` and ` : sql` or `,
      )})`
  }
}

/** Conditions on the id alone are left as they are, so that a database may begin with the few items that are listed. */
function isNeverNull({ op }: Term): boolean {
  return op === 'tag' || op === 'tag_pattern' || op === 'tag_near' || op === 'phrase' || op === 'collection'
}

const ALL: RawBuilder<SqlBool> = sql`1 = 1`
const NONE: RawBuilder<SqlBool> = sql`1 = 0`

function termCondition(one: Term, { engine, lookUps }: Meaning): RawBuilder<SqlBool> {
  switch (one.op) {
    case 'everything':
      return ALL
    case 'tag':
    case 'tag_pattern':
    case 'tag_near': {
      const tags = among(engine, sql`tag_id`, lookUps.tags.get(keyOf(one)) ?? [])
      return sql`item.id in (select item_id from item_tag where ${tags})`
    }
    case 'keyword':
    case 'keyword_pattern':
    case 'keyword_near': {
      const [column, found] = [keywordColumn(one.field), lookUps.texts.get(keyOf(one))]
      if (column === null || found === undefined) return NONE
      return isAmongTexts(engine, { column, caseKept: fieldFacts(one.field).caseKept === true }, found)
    }
    case 'compare':
      return compared(numberColumn(one.field), one.is, one.value)
    case 'around': {
      const column = numberColumn(one.field)
      return sql`${column} between ${double(one.value - one.within)} and ${double(one.value + one.within)}`
    }
    case 'id':
      return hasId(one.field, one.value)
    case 'during': {
      const column = dateColumn(one.field)
      const from = one.from === null ? ALL : compared(column, '>=', one.from)
      return sql`${from} and ${one.to === null ? ALL : compared(column, '<', one.to)}`
    }
    case 'phrase':
      return among(engine, sql`item.id`, lookUps.phrases.get(keyOf(one)) ?? [])
    case 'flag':
      return sql`${flagColumn(one.field)} is ${one.value ? sql`true` : sql`false`}`
    case 'collection':
      return sql`item.id in (select item_id from collection_item where collection_id = ${one.id})`
    case 'address': // nothing notes where an item came from
    case 'nothing':
    case 'filter': // for the library to replace by what the filter says
    case 'mine': // an id by now
      return NONE
  }
}

function compared(column: RawBuilder<number>, is: Comparison, value: number): RawBuilder<SqlBool> {
  return sql`${column} ${sql.raw(is)} ${double(value)}`
}

/** So that 1.5 can be compared with a column of whole numbers. */
function double(value: number): RawBuilder<number> {
  return sql`cast(${value} as double precision)`
}
