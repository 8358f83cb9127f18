import { sql, type RawBuilder } from 'kysely'
import { engineOf } from '../database/engine.ts'
import type { Db } from '../database/open.ts'
import type { IdField, KeywordField, MySet } from './fields.ts'
import { QueryError } from './language/errors.ts'
import { replaceTerms, simplify } from './language/rewrite.ts'
import { anyOf, NOTHING, type Query, term, termsOf, type Term } from './language/tree.ts'
import { among, passesTest, textsThatFit, tooMany, type Fitting, type TextTest } from './sql-texts.ts'

type KeywordTerm = Extract<Term, { op: 'keyword' | 'keyword_pattern' | 'keyword_near' }>

/** Fields whose values are names of accounts, and the field of the same accounts' ids. */
const ACCOUNT_FIELDS: Partial<Record<KeywordField, IdField>> = {
  owner: 'owner_id',
  true_owner: 'true_owner_id',
  faved_by: 'faved_by_id',
  upvoted_by: 'upvoted_by_id',
  downvoted_by: 'downvoted_by_id',
  hidden_by: 'hidden_by_id',
  deleted_by: 'deleted_by_id',
}

/** Hashes of originals: nearly one for every item, so they stay in the database, where they have indexes. */
const HASH_FIELDS: ReadonlySet<KeywordField> = new Set(['sha512', 'original_sha512'])

const SETS: Partial<Record<MySet, IdField>> = {
  faves: 'faved_by_id',
  upvotes: 'upvoted_by_id',
  downvotes: 'downvoted_by_id',
  hidden: 'hidden_by_id',
  uploads: 'true_owner_id',
}

export interface Naming {
  /** Whose sets `my:` means. */
  accountId: number | null
  /** How many values a wildcard or fuzzy term may stand for. */
  mostValues: number
}

/**
 * The same search with ids in the place of names that only the database knows: accounts, hashes, one's own sets. So
 * nothing has to be searched again when an account is renamed. A term that stands for several ids becomes as many
 * alternatives, and counts as many times in the order by relevance as an item has of them.
 *
 * @returns The search simplified.
 * @throws QueryError if a term stands for too many values.
 */
export function nameTerms(db: Db, query: Query, naming: Naming): Query | Promise<Query> {
  const asked = [...termsOf(query)].filter(isLookedUp)
  if (asked.length === 0) return simplify(replaceTerms(query, (one) => withoutMine(one, naming)))
  return lookUpAll(db, asked, naming).then((found) =>
    simplify(replaceTerms(query, (one) => found.get(JSON.stringify(one)) ?? withoutMine(one, naming))),
  )
}

function isLookedUp(one: Term): one is KeywordTerm {
  const isKeyword = one.op === 'keyword' || one.op === 'keyword_pattern' || one.op === 'keyword_near'
  return isKeyword && (one.field in ACCOUNT_FIELDS || HASH_FIELDS.has(one.field))
}

function withoutMine(one: Term, { accountId }: Naming): Query {
  if (one.op !== 'mine') return one
  const field = SETS[one.set]
  return field === undefined || accountId === null ? NOTHING : term({ op: 'id', field, value: accountId })
}

async function lookUpAll(db: Db, asked: readonly KeywordTerm[], naming: Naming): Promise<Map<string, Query>> {
  const found = new Map<string, Query>()
  for (const one of asked) {
    const key = JSON.stringify(one)
    if (!found.has(key)) found.set(key, await lookUp(db, one, naming.mostValues))
  }
  return found
}

async function lookUp(db: Db, one: KeywordTerm, most: number): Promise<Query> {
  const field = ACCOUNT_FIELDS[one.field]
  const test = testOf(one)
  if (field === undefined) {
    const ids = await itemsWithHash(db, one.field === 'sha512' ? 'sha512' : 'original_sha512', test, most)
    return anyOf(ids.map((value) => term({ op: 'compare', field: 'id', is: '=', value })))
  }
  const ids = await accountsNamed(db, test, most)
  return anyOf(ids.map((value) => term({ op: 'id', field, value })))
}

/** What a term asks of a text. */
export function testOf(one: KeywordTerm | Extract<Term, { op: 'tag_pattern' | 'tag_near' }>): TextTest {
  switch (one.op) {
    case 'keyword':
      return { is: 'value', value: one.value }
    case 'tag_pattern':
    case 'keyword_pattern':
      return { is: 'pattern', pattern: one.pattern }
    case 'tag_near':
      return { is: 'near', value: one.name, distance: one.distance }
    case 'keyword_near':
      return { is: 'near', value: one.value, distance: one.distance }
  }
}

/**
 * Accounts by name. A login is one account's alone and comes first; only a name that is nobody's login means the
 * people who call themselves that. Wildcards and near misses look at both.
 */
async function accountsNamed(db: Db, test: TextTest, most: number): Promise<number[]> {
  if (test.is === 'value') {
    const { rows } = await sql<{ id: number }>`
      select id from account where login_key = ${test.value}`.execute(db)
    if (rows.length > 0) return rows.map(({ id }) => id)
  }
  const ids = new Set<number>()
  for (const column of [sql<string>`login_key`, sql<string>`name`]) {
    const source = { rows: sql`account where 1 = 1`, column, caseKept: false }
    const fitting = await textsThatFit(db, source, test, most)
    for (const id of await idsWith(db, { table: 'account', column, fitting })) ids.add(id)
  }
  if (ids.size > most) throw tooMany(most)
  return [...ids].toSorted((left, right) => left - right)
}

/**
 * Ready items whose original has a hash: of the bytes at hand, else as an archive stated it. A hash is found by its
 * beginning, which has an index; to look for something inside all of them would hold everybody up.
 */
async function itemsWithHash(
  db: Db,
  field: 'sha512' | 'original_sha512',
  test: TextTest,
  most: number,
): Promise<number[]> {
  const start = startOf(test)
  const first = field === 'original_sha512' ? sql`item.orig_sha512 is null and` : sql``
  const sources = [
    {
      rows: sql`item inner join blob on blob.sha256 = item.blob_sha256 where ${first}`,
      column: 'blob.sha512',
    },
    { rows: sql`item where ${first} item.blob_sha256 is null and`, column: 'item.sha512' },
    ...(field === 'original_sha512' ? [{ rows: sql`item where`, column: 'item.orig_sha512' }] : []),
  ]
  const found = new Map<number, string>()
  for (const { rows, column } of sources) {
    const hash = sql.ref<string>(column)
    const some = await sql<{ id: number; hash: string }>`
      select item.id as id, ${hash} as hash from ${rows} item.state = 'ready'
        and ${hash} >= ${start} and ${hash} < ${`${start}\uffff`}`.execute(db)
    for (const { id, hash } of some.rows) if (passesTest(test, hash)) found.set(id, hash)
  }
  if (test.is !== 'value' && new Set(found.values()).size > most) throw tooMany(most)
  return [...found.keys()].toSorted((left, right) => left - right)
}

const LEAST_HASH_START = 4

function startOf(test: TextTest): string {
  if (test.is === 'value') return test.value
  const [first] = test.is === 'pattern' ? test.pattern : []
  if (first?.is === 'text' && first.text.length >= LEAST_HASH_START) return first.text
  const wanted = `the first ${LEAST_HASH_START} digits or more of a hash`
  throw new QueryError(0, wanted, `A hash is searched by ${wanted}.`)
}

async function idsWith(
  db: Db,
  { table, column, fitting }: { table: 'account'; column: RawBuilder<string>; fitting: Fitting },
): Promise<number[]> {
  const engine = engineOf(db)
  const { rows } = await sql<{ id: number }>`
    select id from ${sql.table(table)} where ${among(engine, sql`lower(${column})`, fitting.plain)}
      or ${among(engine, column, fitting.others)}`.execute(db)
  return rows.map(({ id }) => id)
}
