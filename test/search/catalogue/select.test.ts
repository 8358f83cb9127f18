import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Best, offerBits, offerList } from '../../../src/search/catalogue/best.ts'
import { BLOCK_WORDS, setBit } from '../../../src/search/catalogue/bits.ts'
import { sortedWindow } from '../../../src/search/catalogue/select.ts'

test('a window of the sorted positions is found without sorting the rest', () => {
  const keys = fc.array(fc.constantFrom(-2, 0, 1, 1.5, Infinity), { maxLength: 40 })
  fc.assert(
    fc.property(keys, fc.nat(45), fc.nat(10), fc.constantFrom(1 as const, -1 as const), (...given) => {
      const [values, from, length, ties] = given
      const positions = values.map((_, index) => ((index * 17) % 41) * 500)
      const sorted = positions
        .map((position, index) => ({ position, key: values[index] ?? 0 }))
        .toSorted((a, b) => (a.key === b.key ? ties * (a.position - b.position) : a.key < b.key ? -1 : 1))
        .map(({ position }) => position)
      const keyed = { keys: Float64Array.from(values), positions: Uint32Array.from(positions) }
      // The same from ascending positions, as a list and as bits, with ranks of which blanks are none.
      const list = keyed.positions.toSorted()
      const keyOf = new Map(positions.map((at, index) => [at, values[index] ?? 0]))
      const words = new Int32Array(BLOCK_WORDS)
      for (const at of positions) setBit(words, at)
      const ranks = {
        of: (at: number) => (keyOf.get(at) === Infinity ? Number.NaN : (keyOf.get(at) ?? 0)),
        least: (at: number) => {
          const piece = list.filter((other) => other >>> 12 === at >>> 12)
          return Math.min(...Array.from(piece, (other) => keyOf.get(other) ?? 0))
        },
      }
      for (const backwards of [true, false]) {
        const [listed, marked] = [new Best(from + length, ties), new Best(from + length, ties)]
        offerList(listed, { list, count: list.length }, ranks, backwards)
        assert.deepEqual(listed.from(from), sorted.slice(from, from + length))
        const most = backwards ? Infinity : 0
        const matches = { words, count: list.length }
        if (!offerBits(marked, matches, ranks, { backwards, most })) continue
        assert.deepEqual(marked.from(from), sorted.slice(from, from + length))
      }
      assert.deepEqual(sortedWindow(keyed, from, from + length, ties), sorted.slice(from, from + length))
    }),
    { numRuns: 500 },
  )
})
