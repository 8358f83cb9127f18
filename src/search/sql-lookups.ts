import { sql } from 'kysely'
import { engineOf } from '../database/engine.ts'
import type { Db } from '../database/open.ts'
import { type KeywordField, type TextField, fieldFacts } from './fields.ts'
import { hasPhrase, stem } from './language/words.ts'
import { type Query, type Term, termsOf } from './language/tree.ts'
import { testOf } from './named-terms.ts'
import { keywordColumn, textColumn } from './sql-columns.ts'
import { among, type Fitting, hasOtherLetters, textsThatFit, type TextTest } from './sql-texts.ts'

/** What the terms that SQL cannot decide stand for, by the terms as JSON. */
export interface LookUps {
  /** Ids of tags. */
  tags: ReadonlyMap<string, readonly number[]>
  texts: ReadonlyMap<string, Fitting>
  /** Ids of items. */
  phrases: ReadonlyMap<string, readonly number[]>
}

export const keyOf = (one: Term): string => JSON.stringify(one)

/** Looks up everything a query names. @throws QueryError if a term stands for too many values. */
export async function lookUpTerms(db: Db, queries: readonly Query[], most: number): Promise<LookUps> {
  const terms = new Map(queries.flatMap((query) => [...termsOf(query)]).map((one) => [keyOf(one), one]))
  const tags = await tagsByNames(db, [...terms.values()])
  const texts = new Map<string, Fitting>()
  const phrases = new Map<string, number[]>()
  for (const [key, one] of terms) {
    if (one.op === 'tag_pattern' || one.op === 'tag_near')
      tags.set(key, await tagsThatFit(db, testOf(one), most))
    else if (one.op === 'keyword' || one.op === 'keyword_pattern' || one.op === 'keyword_near')
      texts.set(key, await valuesThatFit(db, one.field, testOf(one), most))
    else if (one.op === 'phrase') phrases.set(key, await itemsWithPhrase(db, one.field, one.words))
  }
  return { tags, texts, phrases }
}

/** The tags of all plain tag terms: of the literal name if any tag or alias has it, else of the cleaned one. */
async function tagsByNames(db: Db, terms: readonly Term[]): Promise<Map<string, number[]>> {
  const asked = terms.filter((one) => one.op === 'tag')
  const byName = await tagIds(
    db,
    asked.flatMap(({ name, cleaned }) => [name, cleaned]),
  )
  return new Map(
    asked.map((one) => [keyOf(one), [...(byName.get(one.name) ?? byName.get(one.cleaned) ?? [])]]),
  )
}

async function tagsThatFit(db: Db, test: TextTest, most: number): Promise<number[]> {
  const source = {
    rows: sql`(select name from tag union select name from tag_alias) as known where 1 = 1`,
    column: sql.ref<string>('known.name'),
    caseKept: true,
  }
  const { plain, others } = await textsThatFit(db, source, test, most)
  const byName = await tagIds(db, [...plain, ...others])
  return [...new Set([...byName.values()].flatMap((ids) => [...ids]))]
}

/** Ids of tags by name or alias. */
async function tagIds(db: Db, names: readonly string[]): Promise<Map<string, Set<number>>> {
  const found = new Map<string, Set<number>>()
  if (names.length === 0) return found
  const engine = engineOf(db)
  const { rows } = await sql<{ id: number; name: string }>`
    select id, name from tag where ${among(engine, sql`name`, names)}
    union all
    select target_id, name from tag_alias where ${among(engine, sql`name`, names)}`.execute(db)
  for (const { id, name } of rows) found.set(name, (found.get(name) ?? new Set()).add(id))
  return found
}

async function valuesThatFit(db: Db, field: KeywordField, test: TextTest, most: number): Promise<Fitting> {
  const column = keywordColumn(field)
  if (column === null) return { plain: [], others: [] }
  const rows = sql`item where item.state = 'ready' and ${column} <> ''`
  return textsThatFit(db, { rows, column, caseKept: fieldFacts(field).caseKept === true }, test, most)
}

/** Texts looked at in one go. */
const PIECE = 1000

async function itemsWithPhrase(db: Db, field: TextField, words: readonly string[]): Promise<number[]> {
  const column = textColumn(field)
  const found: number[] = []
  if (column === null) return found
  // A stem may end otherwise than its words (`berry`, `berries`), but it begins like them.
  const begin = stem(words[0] ?? '').slice(0, -1)
  const odd = hasOtherLetters(engineOf(db), column)
  const likely = sql`(${odd} or ${column} like '%''%' or lower(${column}) like ${`%${begin}%`})`
  for (let after = 0; ;) {
    const { rows } = await sql<{ id: number; text: string }>`
      select item.id as id, ${column} as text from item
      where item.id > ${after} and item.state = 'ready' and ${likely} order by item.id limit ${PIECE}`.execute(
      db,
    )
    for (const { id, text } of rows) if (hasPhrase(text, words)) found.push(id)
    if (rows.length < PIECE) return found
    after = rows.at(-1)?.id ?? after
  }
}
