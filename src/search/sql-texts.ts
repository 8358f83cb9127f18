import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { engineOf, type Engine } from '../database/engine.ts'
import type { Db } from '../database/open.ts'
import { QueryError } from './language/errors.ts'
import { isWithin, matchesPattern, type Pattern } from './language/pattern.ts'

/** What is asked of one text. */
export type TextTest =
  | { is: 'value'; value: string }
  | { is: 'pattern'; pattern: Pattern }
  | { is: 'near'; value: string; distance: 1 | 2 }

/** A column of texts. */
export interface TextSource {
  /** What follows `from`, with its conditions. */
  rows: RawBuilder<unknown>
  column: RawBuilder<string>
  /** Whether capitals are told apart; where not, tests are in lower case. */
  caseKept: boolean
}

/**
 * The texts that passed a test. Databases fold only ASCII, so plain texts are kept as folded there, and others as they
 * are stored.
 */
export interface Fitting {
  plain: string[]
  others: string[]
}

/**
 * Every different text of a column that passes a test.
 *
 * @param most How many different ones (folded) a pattern or a near miss may stand for.
 * @throws QueryError if they are more.
 */
export async function textsThatFit(
  db: Db,
  { rows, column, caseKept }: TextSource,
  test: TextTest,
  most: number,
): Promise<Fitting> {
  const engine = engineOf(db)
  const folded = caseKept ? column : sql<string>`lower(${column})`
  const odd = hasOtherLetters(engine, column)
  // Only for patterns does the database decide alone, so only then may it stop early.
  const stop = test.is === 'pattern' ? sql`limit ${most + 1}` : sql``
  const select = (value: RawBuilder<string>, where: RawBuilder<SqlBool>, limit: RawBuilder<unknown>) =>
    sql<{ value: string }>`select distinct ${value} as value from ${rows} and ${where} ${limit}`.execute(db)

  const plain = await select(folded, sql`not ${odd} and ${prefilter(engine, folded, test)}`, stop)
  const others = await select(column, odd, sql``)
  const passes = (text: string) => passesTest(test, caseKept ? text : text.toLowerCase())
  const found = {
    plain: plain.rows.map(({ value }) => value).filter(passes),
    others: others.rows.map(({ value }) => value).filter(passes),
  }
  if (test.is !== 'value') refuseMany(found, caseKept, most)
  return found
}

/** Whether a text, folded unless its capitals count, passes. */
export function passesTest(test: TextTest, text: string): boolean {
  switch (test.is) {
    case 'value':
      return text === test.value
    case 'pattern':
      return matchesPattern(test.pattern, text)
    case 'near':
      return isWithin(test.distance, test.value, text)
  }
}

function refuseMany({ plain, others }: Fitting, caseKept: boolean, most: number): void {
  const different = new Set([...plain, ...others.map((text) => (caseKept ? text : text.toLowerCase()))])
  if (different.size > most) throw tooMany(most)
}

/** A term stands for more values than one term may. */
export function tooMany(most: number): QueryError {
  return new QueryError(
    0,
    'a narrower term',
    `A wildcard or fuzzy term may stand for no more than ${most} values.`,
  )
}

/** The condition that a column has one of the texts. */
export function isAmongTexts(
  engine: Engine,
  { column, caseKept }: Omit<TextSource, 'rows'>,
  { plain, others }: Fitting,
): RawBuilder<SqlBool> {
  const folded = caseKept ? column : sql`lower(${column})`
  return sql`(${among(engine, folded, plain)} or ${among(engine, column, others)})`
}

/** The condition that a value is on a list; one parameter, however long the list. */
export function among(
  engine: Engine,
  value: RawBuilder<unknown>,
  list: readonly (number | string)[],
): RawBuilder<SqlBool> {
  if (list.length === 0) return sql`1 = 0`
  if (engine === 'sqlite') return sql`${value} in (select value from json_each(${JSON.stringify(list)}))`
  const type = typeof list[0] === 'number' ? sql`bigint[]` : sql`text[]`
  return sql`${value} = any(cast(${[...list]} as ${type}))`
}

/** Anything but printable ASCII: letters whose capitals a database may not know. */
export function hasOtherLetters(engine: Engine, column: RawBuilder<string>): RawBuilder<SqlBool> {
  return engine === 'sqlite' ? sql`${column} glob '*[^ -~]*'` : sql`${column} ~ '[^ -~]'`
}

/** True for every plain text that passes; for a pattern, only for these. */
function prefilter(engine: Engine, text: RawBuilder<string>, test: TextTest): RawBuilder<SqlBool> {
  switch (test.is) {
    case 'value':
      return sql`${text} = ${test.value}`
    case 'pattern':
      return engine === 'sqlite'
        ? sql`${text} glob ${written(test.pattern, { any: '*', one: '?' }, /[*?[]/g, '[$&]')}`
        : sql`${text} like ${written(test.pattern, { any: '%', one: '_' }, /[%_\\]/g, '\\$&')}`
    case 'near': {
      const length = Array.from(test.value).length
      return sql`length(${text}) between ${length - test.distance} and ${length + test.distance}`
    }
  }
}

function written(
  pattern: Pattern,
  marks: { any: string; one: string },
  special: RegExp,
  escaped: string,
): string {
  return pattern
    .map((part) => (part.is === 'text' ? part.text.replaceAll(special, escaped) : marks[part.is]))
    .join('')
}
