import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { BLOCK, BLOCK_WORDS, countBits, listBits, setRun } from '../../../src/search/catalogue/bits.ts'
import { PostingSet } from '../../../src/search/catalogue/posting-set.ts'
import { firstAtLeast } from '../../../src/search/catalogue/sorted.ts'

function contents(set: PostingSet): number[] {
  if (!set.words) return Array.from(set.list.subarray(0, set.count))
  const list = new Uint32Array(set.count)
  assert.equal(listBits(set.words, 0, set.words.length, list), set.count)
  assert.equal(
    set.blocks.reduce((sum, count) => sum + count, 0),
    set.count,
  )
  return Array.from(list)
}

/** Runs of neighbours to add or delete: long ones make a set dense, or sparse again. */
const runs = fc.array(
  fc.record({
    add: fc.boolean(),
    from: fc.nat(2 * BLOCK),
    length: fc.constantFrom(1, 5, 3000),
    step: fc.constantFrom(1, 3),
  }),
  { maxLength: 12 },
)

test('a posting set holds what was added and not deleted, sparse or dense', () => {
  const kinds = new Set<boolean>()
  fc.assert(
    fc.property(runs, fc.boolean(), (changes, alwaysDense) => {
      const set = new PostingSet({ alwaysDense })
      const model = new Set<number>()
      for (const { add, from, length, step } of changes) {
        for (let at = 0; at < length; at += 1) {
          const position = from + at * step
          if (add) set.add(position)
          else set.delete(position)
          if (add) model.add(position)
          else model.delete(position)
        }
        kinds.add(set.words === null)
      }
      const expected = [...model].toSorted((left, right) => left - right)
      assert.deepEqual(contents(set), expected)
      for (const position of [0, 5, BLOCK, ...expected.slice(0, 5)]) {
        assert.equal(set.has(position), model.has(position))
      }
    }),
    { numRuns: 60 },
  )
  assert.equal(kinds.size, 2, 'both forms were met')
})

test('shifting moves every position from a place on', () => {
  fc.assert(
    fc.property(runs, fc.nat(2 * BLOCK), fc.integer({ min: 1, max: 40 }), (changes, from, words) => {
      const set = new PostingSet()
      for (const { from: start, length, step } of changes) {
        for (let at = 0; at < length; at += 1) set.add(start + at * step)
      }
      const expected = contents(set).map((position) => (position < from ? position : position + words * 32))
      set.shift(from, words * 32)
      assert.deepEqual(contents(set), expected)
    }),
    { numRuns: 60 },
  )
})

test('the place of a value is found from any hint', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(60)), fc.nat(60), fc.nat(60), (values, value, hint) => {
      const list = Uint32Array.from(values.toSorted((left, right) => left - right))
      const expected = list.filter((held) => held < value).length
      assert.equal(firstAtLeast(list, list.length, value, hint), expected)
    }),
  )
})

test('bits are counted, and runs of them set', () => {
  fc.assert(
    fc.property(fc.nat(BLOCK), fc.nat(BLOCK), (from, to) => {
      const words = new Int32Array(BLOCK_WORDS)
      setRun(words, from, to)
      assert.equal(countBits(words, 0, BLOCK_WORDS), Math.max(0, to - from))
      const list = new Uint32Array(BLOCK)
      const count = listBits(words, 0, BLOCK_WORDS, list)
      assert.ok(count === 0 || (list[0] === from && list[count - 1] === to - 1))
    }),
  )
  const noise = Int32Array.from({ length: 64 }, (_, index) => Math.imul(index + 1, 0x9e3779b9))
  const ones = (word: number) => (word >>> 0).toString(2).replaceAll('0', '').length
  const expected = noise.reduce((sum, word) => sum + ones(word), 0)
  assert.equal(countBits(noise, 0, 64), expected)
})
