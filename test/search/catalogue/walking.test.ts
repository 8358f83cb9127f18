import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createCatalogue } from '../../../src/search/catalogue/catalogue.ts'
import { Positions } from '../../../src/search/catalogue/positions.ts'
import { visitShuffled } from '../../../src/search/catalogue/walking.ts'
import {
  byOrder,
  type Order,
  randomRank,
  randomRanks,
  RANK_MODULUS,
} from '../../../src/search/language/sort.ts'
import { EVERYTHING } from '../../../src/search/language/tree.ts'

const DIRECTIONS = ['asc', 'desc'] as const
const WAYS = DIRECTIONS.flatMap((direction) => DIRECTIONS.map((ties) => ({ direction, ties })))

test('a walk along a shuffled order meets the ids by rank, those of one rank by id', () => {
  const positions = new Positions()
  // A third of them share a rank with two others.
  const ids = Array.from(
    { length: 600 },
    (_, index) => 1 + (index % 200) * 7 + Math.floor(index / 200) * RANK_MODULUS,
  )
  for (const id of ids) positions.take(id)
  for (const way of WAYS) {
    const sorted = ids.map((id) => ({ id, rank: randomRank('harbour', id) })).toSorted(byOrder(way))
    const wanted = sorted.map(({ id }) => id)
    const met = (after: number | null, count: number) => {
      const found: number[] = []
      visitShuffled(positions, { ...way, seed: 'harbour' }, after, (position) => {
        found.push(positions.idAt(position))
        return found.length < count
      })
      return found
    }
    assert.deepEqual(met(null, 20), wanted.slice(0, 20))
    assert.deepEqual(met(wanted[306] ?? 0, 4), wanted.slice(307, 311))
    assert.deepEqual(met(wanted.at(-1) ?? 0, 4), [])
  }
})

/** So many that walks along an order are the shorter way. */
const COUNT = 60_000

describe('a library of many matches', () => {
  const catalogue = createCatalogue()
  const scoreOf = (id: number) => (id % 9 === 0 ? undefined : (Math.floor(id / 3) * 7919) % 5000)
  // As dates are: later for newer items, but for a few that came from elsewhere.
  const dateOf = (id: number) => (id % 50 === 7 ? (id * 7919) % 60_000 : id - (id % 4))
  for (let id = 1; id <= COUNT; id += 1) {
    const score = scoreOf(id)
    const dates = { created_at: dateOf(id) }
    catalogue.put({
      id,
      shown: 'listed',
      tags: [],
      dates,
      ...(score !== undefined && { numbers: { score } }),
    })
  }
  const rank = randomRanks('7')
  const ranks = {
    random: (id: number) => rank(id),
    score: (id: number) => scoreOf(id) ?? null,
    created_at: dateOf,
    id: (id: number) => id,
  }
  const orders = WAYS.flatMap((way) => [
    { rankOf: ranks.random, order: { by: { random: '7' }, ...way } satisfies Order },
    { rankOf: ranks.score, order: { by: 'score', ...way } satisfies Order },
    { rankOf: ranks.created_at, order: { by: 'created_at', ...way } satisfies Order },
    { rankOf: ranks.id, order: { by: 'id', ...way } satisfies Order },
  ])

  for (const { rankOf, order } of orders) {
    test(`by ${JSON.stringify(order)}: pages, and the neighbours of the first, the last and others`, () => {
      const all = Array.from({ length: COUNT }, (_, index) => ({ id: index + 1, rank: rankOf(index + 1) }))
      const wanted = all.toSorted(byOrder(order)).map(({ id }) => id)
      const asked = { query: EVERYTHING, seer: 'listed', order } as const
      for (const offset of [0, 7, 1000, COUNT - 5]) {
        const { ids, total } = catalogue.search({ ...asked, page: { offset, limit: 10 } })
        assert.deepEqual(ids, wanted.slice(offset, offset + 10))
        assert.equal(total, COUNT)
      }
      // Around the border to those without a value, too.
      const border = COUNT - Math.floor(COUNT / 9)
      for (const at of [0, 1, 31, 32, 33, 12_345, border - 1, border, border + 1, COUNT - 2, COUNT - 1]) {
        const { before, after } = catalogue.neighbours({ ...asked, id: wanted[at] ?? 0 })
        assert.deepEqual([before, after], [wanted[at - 1] ?? null, wanted[at + 1] ?? null], `place ${at}`)
      }
    })
  }
})
