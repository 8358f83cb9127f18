import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { NumberLists } from '../../../src/search/catalogue/number-lists.ts'

const numbers = fc.array(fc.oneof(fc.nat(200), fc.nat(2 ** 31), fc.constant(2 ** 32 - 1)), { maxLength: 8 })
const writes = fc.array(fc.tuple(fc.nat(40), numbers), { maxLength: 30 })

test('lists are given back as they were last set', () => {
  fc.assert(
    fc.property(writes, fc.boolean(), (changes, ascending) => {
      const lists = new NumberLists({ ascending })
      const model = new Map<number, number[]>()
      for (const [position, given] of changes) {
        const list = ascending ? given.toSorted((left, right) => left - right) : given
        lists.set(position, list)
        model.set(position, list)
      }
      for (let position = 0; position <= 41; position += 1) {
        assert.deepEqual(lists.get(position), model.get(position) ?? [])
      }
      const copy = new NumberLists({ ascending })
      copy.starts = lists.starts
      copy.useBytes(Buffer.concat(lists.wholeChunks()))
      for (const [position, list] of model) assert.deepEqual(copy.get(position), list)
    }),
  )
})

test('many long lists span several chunks, and rewriting them does not grow without end', () => {
  const lists = new NumberLists({ ascending: false })
  const long = Array.from({ length: 50_000 }, () => 2 ** 31)
  for (let round = 0; round < 4; round += 1) {
    for (let position = 0; position < 70; position += 1) lists.set(position, long.with(0, position))
  }
  const bytes = lists.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  assert.ok(lists.chunks.length > 1, 'more than one chunk')
  assert.ok(bytes < 4 * 2 ** 24, `${bytes} bytes for 70 lists of 250,000`)
  for (const position of [0, 45, 69]) assert.deepEqual(lists.get(position), long.with(0, position))
  lists.shift(45, 32)
  assert.deepEqual(lists.get(45), [])
  assert.equal(lists.get(77)[0], 45)
})
