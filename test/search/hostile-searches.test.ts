import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDatabase } from '../../src/database/open.ts'
import type { Seer } from '../../src/search/catalogue/facts.ts'
import { QueryError } from '../../src/search/language/errors.ts'
import { MAX_BYTES, MAX_DEPTH, MAX_TERMS } from '../../src/search/language/parser.ts'
import { isWithin, matchesPattern } from '../../src/search/language/pattern.ts'
import { printQuery } from '../../src/search/language/print.ts'
import type { Order } from '../../src/search/language/sort.ts'
import { isTerm, type Query, termsOf } from '../../src/search/language/tree.ts'
import { nameTerms } from '../../src/search/named-terms.ts'
import type { Request } from '../../src/search/search.ts'
import { readTags } from '../../src/search/tag-facts.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { type Chance, chanceOf } from '../helpers/random.ts'
import { outcome, searchesOf } from './both-searches.ts'
import { fillLibrary } from './generated.ts'
import { hostileQueries } from './hostile-queries.ts'
import { fields, read } from './language/reading.ts'

const QUERIES = 200_000
const ITEMS = 2000
/** SQL needs several times as long as all the rest, so an everyday run asks it only every so many queries. */
const ASKED_OF_SQL = process.env['VITRINE_TESTS_COMPLETE'] === '1' ? 1 : 20
const MOST_VALUES = 8
/** A pair of parentheses is at most alternatives of sums of negations of something boosted. */
const MOST_LEVELS = (MAX_DEPTH + 1) * 4 + 1

const SEERS: readonly Seer[] = [
  'listed',
  { accountId: 2, role: 'member' },
  { accountId: 3, role: 'moderator' },
  { accountId: 1, role: 'admin' },
]
const KEYS: readonly Order['by'][] = [
  ...([
    'id',
    'id',
    'id',
    'created_at',
    'score',
    'wilson_score',
    'aspect_ratio',
    'relevance',
    'width',
  ] as const),
  { random: 'harbour' },
  { collection: 2 },
]
const DIRECTIONS = ['asc', 'desc'] as const

function requestOf(query: Query, chance: Chance): Request & { offset: number; limit: number } {
  const seer = chance.oneOf(SEERS) ?? 'listed'
  const [direction, ties] = [chance.oneOf(DIRECTIONS) ?? 'asc', chance.oneOf(DIRECTIONS) ?? 'asc']
  return {
    query,
    seer,
    accountId: seer === 'listed' ? 2 : seer.accountId,
    order: { by: chance.oneOf(KEYS) ?? 'id', direction, ties },
    // Mostly everything at once, so that the order of all is compared.
    ...(chance.below(6) > 0
      ? { offset: 0, limit: ITEMS + 1 }
      : { offset: chance.below(chance.below(2) === 0 ? 40 : ITEMS), limit: 1 + chance.below(50) }),
  }
}

/** What a query text means, or why it was refused. */
function reading(text: string): Query | QueryError {
  try {
    return read(text)
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
}

function assertSaysWhere({ position, expected, message }: QueryError, text: string): void {
  assert.ok(Number.isInteger(position) && position >= 0 && position <= text.length, text)
  assert.ok(expected !== '' && message !== '', text)
}

function levelsOf(query: Query): number {
  if (isTerm(query)) return 1
  const parts = 'length' in query.of ? query.of : [query.of]
  return 1 + Math.max(...parts.map(levelsOf))
}

/** What was read is within every bound of one query, and survives being written, unless that makes it too long. */
function assertBounded(query: Query, text: string): void {
  assert.ok(Buffer.byteLength(text) <= MAX_BYTES, text)
  assert.ok([...termsOf(query)].length <= MAX_TERMS, text)
  assert.ok(levelsOf(query) <= MOST_LEVELS, text)
  const printed = printQuery(query, fields)
  if (Buffer.byteLength(printed) <= MAX_BYTES) assert.deepEqual(read(printed), query, text)
}

/** No wildcard or fuzzy term of a search that was answered stands for more tags than one may. */
function assertFewTags(query: Query, names: readonly string[], text: string): void {
  for (const term of termsOf(query)) {
    if (term.op !== 'tag_pattern' && term.op !== 'tag_near') continue
    const fits = (name: string) =>
      term.op === 'tag_near' ? isWithin(term.distance, term.name, name) : matchesPattern(term.pattern, name)
    assert.ok(names.filter(fits).length <= MOST_VALUES, text)
  }
}

test(`${QUERIES} generated and mutated queries: no crash, no query over its bound, one answer`, async () => {
  await using folder = await temporaryFolder()
  const database = await openDatabase({ file: join(folder.path, 'vitrine.sqlite') })
  await database.db.transaction().execute((db) => fillLibrary(db, chanceOf(17), ITEMS))
  const tags = await readTags(database.db, 'all')
  const names = [...new Set(tags.flatMap(({ name, aliases }) => [name, ...aliases]))]
  const { catalogue, sql, failures } = searchesOf(database, MOST_VALUES)
  const chance = chanceOf(19)
  const texts = hostileQueries(chanceOf(23))
  const seen = { refused: 0, found: 0, tooMany: 0, compared: 0 }

  for (let asked = 1; asked <= QUERIES; asked += 1) {
    const text = texts.next().value
    const query = reading(text)
    if (query instanceof QueryError) {
      assertSaysWhere(query, text)
      seen.refused += 1
      continue
    }
    assertBounded(query, text)
    const request = requestOf(query, chance)
    const told = JSON.stringify({ text, ...request })
    const found = await outcome(catalogue.find(request))
    if (found instanceof QueryError) {
      assertSaysWhere(found, text)
      seen.tooMany += 1
    } else {
      // Names of accounts that nobody has may leave nothing of the terms beside them.
      const naming = { accountId: request.accountId ?? null, mostValues: MOST_VALUES }
      assertFewTags(await nameTerms(database.db, query, naming), names, told)
      if (found.total > 0) seen.found += 1
    }
    if (asked % ASKED_OF_SQL !== 0) continue
    assert.deepEqual(await outcome(sql.find(request)), found, told)
    seen.compared += 1
  }

  assert.deepEqual(failures, [])
  // Of every sort there were many.
  assert.ok(
    seen.refused > QUERIES / 5 && seen.found > QUERIES / 5 && seen.tooMany > QUERIES / 1000,
    JSON.stringify(seen),
  )
  assert.ok(seen.compared > QUERIES / ASKED_OF_SQL / 2, JSON.stringify(seen))
  await catalogue.close()
  await database.close()
})
