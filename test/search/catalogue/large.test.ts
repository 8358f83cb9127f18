import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { BLOCK } from '../../../src/search/catalogue/bits.ts'
import type { CatalogueItem } from '../../../src/search/catalogue/facts.ts'
import {
  createModel,
  expected,
  items,
  type Model,
  orders,
  put,
  putTag,
  queries,
  remove,
  seers,
  tags,
} from './model.ts'
import { readSnapshot, writeSnapshot } from '../../../src/search/catalogue/snapshot.ts'
import { temporaryFolder } from '../../helpers/folders.ts'

/** So far apart that skipped ids leave free positions between them: few items fill several blocks. */
const APART = 17
const COUNT = 4000

/** A library of several blocks in which most sets are dense, some sparse, and some end after the first block. */
function largeModel(): Model {
  const model = createModel()
  for (const tag of fc.sample(tags, { numRuns: 20, seed: 3 })) putTag(model, tag)
  const given = fc.sample(items, { numRuns: 150, seed: 5 })
  for (let index = 0; index < COUNT; index += 1) {
    const from = given[(index * 7) % given.length]
    if (!from) continue
    const early = index < COUNT / 3 ? [100] : []
    const item: CatalogueItem = {
      ...from,
      id: (index + 1) * APART,
      tags: [...from.tags, ...early, 200 + (index % 40)],
      numbers: { ...from.numbers, score: (index * 7919) % 300, ...(index % 5 !== 0 && { faves: index % 7 }) },
    }
    put(model, item)
  }
  return model
}

const asked = fc.record({ query: queries, seer: seers, order: orders })

describe('a library of several blocks', () => {
  const model = largeModel()

  test('has several blocks', () => {
    assert.ok(model.catalogue.inventory.positions.size > BLOCK)
  })

  test('answers as the language says, on every page, in every order', () => {
    fc.assert(
      fc.property(asked, fc.double({ min: 0, max: 1.1, noNaN: true }), (search, depth) => {
        const all = expected(model, search)
        const offset = Math.floor(all.length * depth)
        const found = model.catalogue.search({ ...search, page: { offset, limit: 20 } })
        assert.deepEqual(found, { ids: all.slice(offset, offset + 20), total: all.length })
        assert.deepEqual(model.catalogue.first({ ...search, limit: 5 }), all.slice(0, 5))
        const byId = all.toSorted((left, right) => left - right)
        const first = (direction: 'asc' | 'desc') =>
          model.catalogue.first({ ...search, order: { by: 'id', direction, ties: direction }, limit: 5 })
        assert.deepEqual(first('asc'), byId.slice(0, 5))
        assert.deepEqual(first('desc'), byId.toReversed().slice(0, 5))
      }),
      { numRuns: 40 },
    )
  })

  test('and after many of its items came late, changed and went', () => {
    const given = fc.sample(items, { numRuns: 300, seed: 9 })
    for (const [index, item] of given.entries()) {
      if (index % 3 === 0) remove(model, (index + 1) * APART)
      else if (index % 3 === 1) put(model, { ...item, id: (index + 1) * APART })
      else put(model, { ...item, id: index * 31 + 5 })
    }
    fc.assert(
      fc.property(asked, (search) => {
        const all = expected(model, search)
        const found = model.catalogue.search({ ...search, page: { offset: 0, limit: 50 } })
        assert.deepEqual(found, { ids: all.slice(0, 50), total: all.length })
      }),
      { numRuns: 15 },
    )
  })

  test('and from its snapshot, with changes on top', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'catalogue')
    model.catalogue.warm(['score', 'faves'])
    writeSnapshot(path, model.catalogue, 1)
    const reread = { ...model, items: new Map(model.items), catalogue: readSnapshot(path).catalogue }
    for (const [index, item] of fc.sample(items, { numRuns: 100, seed: 11 }).entries()) {
      put(reread, { ...item, id: (index + 1) * 7 * APART })
    }
    fc.assert(
      fc.property(asked, (search) => {
        const all = expected(reread, search)
        const found = reread.catalogue.search({ ...search, page: { offset: 0, limit: 50 } })
        assert.deepEqual(found, { ids: all.slice(0, 50), total: all.length })
      }),
      { numRuns: 15 },
    )
  })
})
