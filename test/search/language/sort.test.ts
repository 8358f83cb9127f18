import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import type { SortTable } from '../../../src/search/fields.ts'
import {
  byOrder,
  randomIds,
  randomRank,
  randomRanks,
  RANK_MODULUS,
  readOrder,
  shuffleNumbers,
} from '../../../src/search/language/sort.ts'

const names: SortTable = new Map([
  ['random', 'random'],
  ['gallery_id', 'collection'],
  ['score', 'score'],
  ['wilson', 'wilson_score'],
  ['created_at', 'created_at'],
])
const legacy = { names, fallback: 'created_at', ties: 'newest', seed: 'today' } as const
const current = { names, fallback: 'first_seen_at', ties: 'same', seed: 'today' } as const

/** Search: `sf`, `sd`. */
describe('reading an order', () => {
  test('a name of the table, descending unless `asc`', () => {
    assert.deepEqual(readOrder('wilson', 'asc', legacy), {
      by: 'wilson_score',
      direction: 'asc',
      ties: 'desc',
    })
    assert.deepEqual(readOrder('Score', undefined, legacy), { by: 'score', direction: 'desc', ties: 'desc' })
  })

  test('unknown values fall back silently', () => {
    const rows = [
      undefined,
      '',
      'beauty',
      'gallery_id',
      'gallery_id:x',
      'gallery_id:-1',
      'constructor',
      'score:5',
    ]
    for (const sf of rows) {
      assert.deepEqual(readOrder(sf, 'sideways', legacy), {
        by: 'created_at',
        direction: 'desc',
        ties: 'desc',
      })
    }
    assert.equal(readOrder('beauty', 'asc', current).by, 'first_seen_at')
  })

  test('random, random by seed, place in a collection', () => {
    assert.deepEqual(readOrder('random', undefined, legacy).by, { random: 'today' })
    assert.deepEqual(readOrder('random:', undefined, legacy).by, { random: 'today' })
    assert.deepEqual(readOrder('random:12:x', undefined, legacy).by, { random: '12:x' })
    assert.deepEqual(readOrder('gallery_id:12', 'asc', current), {
      by: { collection: 12 },
      direction: 'asc',
      ties: 'desc',
    })
  })

  test('ties: by id descending in both directions, or in the direction asked for', () => {
    assert.equal(readOrder('score', 'asc', legacy).ties, 'desc')
    assert.equal(readOrder('score', 'asc', current).ties, 'asc')
    assert.equal(readOrder('score', 'desc', current).ties, 'desc')
  })
})

test('an order compares by value, then id; what has no value comes last', () => {
  const items = [
    { id: 1, rank: 5 },
    { id: 2, rank: null },
    { id: 3, rank: 7 },
    { id: 4, rank: 5 },
    { id: 5, rank: null },
  ]
  const ids = (direction: 'asc' | 'desc', ties: 'asc' | 'desc') =>
    items.toSorted(byOrder({ direction, ties })).map((item) => item.id)
  assert.deepEqual(ids('desc', 'desc'), [3, 4, 1, 5, 2])
  assert.deepEqual(ids('asc', 'desc'), [4, 1, 3, 5, 2])
  assert.deepEqual(ids('asc', 'asc'), [1, 4, 3, 2, 5])
})

function shuffled(seed: string): number[] {
  const ids = Array.from({ length: 50 }, (_, id) => id)
  return ids.toSorted((a, b) => randomRank(seed, a) - randomRank(seed, b))
}

describe('random:SEED', () => {
  test('is the same for the same seed, and another for another', () => {
    assert.deepEqual(shuffled('7'), shuffled('7'))
    assert.notDeepEqual(shuffled('7'), shuffled('8'))
    assert.notDeepEqual(
      shuffled('7'),
      shuffled('7').toSorted((a, b) => a - b),
    )
  })

  test('gives no two ids the same rank', () => {
    const rank = randomRanks('harbour')
    const ranks = new Set(Array.from({ length: 20_000 }, (_, id) => rank(id)))
    assert.equal(ranks.size, 20_000)
  })

  test('can be undone: the id of every rank', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: RANK_MODULUS * 3 }), (seed, id) => {
        const rank = randomRank(seed, id)
        assert.ok(rank >= 0 && rank < RANK_MODULUS)
        assert.equal(randomIds(seed)(rank), id % RANK_MODULUS)
      }),
    )
  })

  test('spreads neighbours: each tenth of the ranks gets about a tenth of the ids', () => {
    const rank = randomRanks('harbour')
    const tenths = Array.from({ length: 10 }, () => 0)
    for (let id = 1; id <= 10_000; id += 1) {
      const tenth = Math.floor((rank(id) / RANK_MODULUS) * 10)
      tenths[tenth] = (tenths[tenth] ?? 0) + 1
    }
    for (const count of tenths) assert.ok(count > 850 && count < 1150, tenths.join(' '))
  })

  test('is what 64-bit integers count by the documented formula', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 2 ** 40 }), (seed, id) => {
        const { p, q, r, s } = shuffleNumbers(seed)
        const modulus = BigInt(RANK_MODULUS)
        const mixed = (BigInt(r) + ((BigInt(s) * (BigInt(id) % modulus)) % modulus)) % modulus
        const expected = (BigInt(p) + BigInt(q) * (mixed ** 5n % modulus)) % modulus
        assert.equal(BigInt(randomRank(seed, id)), expected)
      }),
    )
  })
})
