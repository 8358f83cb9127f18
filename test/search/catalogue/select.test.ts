import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { sortedWindow } from '../../../src/search/catalogue/select.ts'

test('a window of the sorted positions is found without sorting the rest', () => {
  const keys = fc.array(fc.constantFrom(-2, 0, 1, 1.5, Infinity), { maxLength: 40 })
  fc.assert(
    fc.property(keys, fc.nat(45), fc.nat(10), fc.constantFrom(1 as const, -1 as const), (...given) => {
      const [values, from, length, ties] = given
      const positions = values.map((_, index) => (index * 17) % 41)
      const sorted = positions
        .map((position, index) => ({ position, key: values[index] ?? 0 }))
        .toSorted((a, b) => (a.key === b.key ? ties * (a.position - b.position) : a.key < b.key ? -1 : 1))
        .map(({ position }) => position)
      const keyed = { keys: Float64Array.from(values), positions: Uint32Array.from(positions) }
      assert.deepEqual(sortedWindow(keyed, from, from + length, ties), sorted.slice(from, from + length))
    }),
    { numRuns: 500 },
  )
})
