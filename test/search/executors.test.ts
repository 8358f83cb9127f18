import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { Database } from '../../src/database/open.ts'
import { createCatalogue } from '../../src/search/catalogue/catalogue.ts'
import { readItems } from '../../src/search/item-facts.ts'
import { QueryError } from '../../src/search/language/errors.ts'
import { nameTerms } from '../../src/search/named-terms.ts'
import type { Request } from '../../src/search/search.ts'
import { readTags } from '../../src/search/tag-facts.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { chanceOf } from '../helpers/random.ts'
import { outcome, searchesOf } from './both-searches.ts'
import { expected, type Model, orders, queries, seers } from './catalogue/model.ts'
import { addItems, fillLibrary, rewriteItem } from './generated.ts'

const MOST_VALUES = 4
const EVERY_PAGE = { offset: 0, limit: 1000 }

const plainRequests: fc.Arbitrary<Request> = fc
  .record({ query: queries, seer: seers, order: orders })
  .map((request) => ({
    ...request,
    accountId: request.seer === 'listed' ? 2 : request.seer.accountId,
  }))

const requests: fc.Arbitrary<Request> = fc
  .tuple(plainRequests, fc.option(queries))
  .map(([request, within]) => (within === null ? request : { ...request, within }))

/** The library as plain facts, for the meaning of the language itself. */
async function modelOf({ db }: Database): Promise<Model> {
  const tags = new Map((await readTags(db, 'all')).map((tag) => [tag.id, tag]))
  const items = await readItems(db, { after: 0, upTo: 1e9 }, (id) => tags.get(id)?.category ?? null)
  return { catalogue: createCatalogue(), tags, items: new Map(items.map((item) => [item.id, item])) }
}

onEachDatabase('SQL says what the language means', async ({ open }) => {
  const database = await open()
  await fillLibrary(database.db, chanceOf(7), 70)
  const { sql } = searchesOf(database, MOST_VALUES)
  const model = await modelOf(database)
  await fc.assert(
    fc.asyncProperty(plainRequests, async (request) => {
      const found = await outcome(sql.find({ ...request, ...EVERY_PAGE }))
      if (found instanceof QueryError) return
      const naming = { accountId: request.accountId ?? null, mostValues: MOST_VALUES }
      const query = await nameTerms(database.db, request.query, naming)
      const wanted = expected(model, { ...request, query })
      assert.deepEqual(found, { ids: wanted, total: wanted.length })
    }),
    { numRuns: Number(process.env['SEARCH_RUNS'] ?? 150) },
  )
})

onEachDatabase('the catalogue and SQL say the same, also after writes', async ({ open }) => {
  const database = await open()
  const chance = chanceOf(11)
  await fillLibrary(database.db, chance, 60)
  const { catalogue, sql, failures } = searchesOf(database, MOST_VALUES)
  const write = fc.constantFrom('none', 'none', 'add', 'rewrite' as const)
  await fc.assert(
    fc.asyncProperty(requests, write, fc.integer({ min: 1, max: 60 }), async (request, kind, id) => {
      if (kind === 'add') await addItems(database.db, chance, 1)
      if (kind === 'rewrite') await rewriteItem(database.db, chance, id)
      const page = { offset: id % 5, limit: 1 + (id % 30) }
      assert.deepEqual(
        await outcome(catalogue.find({ ...request, ...page })),
        await outcome(sql.find({ ...request, ...page })),
      )
      assert.deepEqual(
        await outcome(catalogue.neighbours({ ...request, id })),
        await outcome(sql.neighbours({ ...request, id })),
      )
    }),
    { numRuns: Number(process.env['SEARCH_RUNS'] ?? 150) },
  )
  assert.deepEqual(failures, [])
  await catalogue.close()
})
