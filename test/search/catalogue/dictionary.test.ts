import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Dictionary } from '../../../src/search/catalogue/dictionary.ts'
import { expandNear, expandPattern } from '../../../src/search/catalogue/expand.ts'
import { QueryError } from '../../../src/search/language/errors.ts'
import { isWithin, matchesPattern, type Pattern } from '../../../src/search/language/pattern.ts'

const texts = fc
  .array(fc.constantFrom('a', 'b', 'sea', 'é', '😀', ' ', '\0', 'ÿ'), { maxLength: 5 })
  .map((parts) => parts.join(''))
const part = fc.oneof(
  texts.filter((text) => text !== '').map((text) => ({ is: 'text' as const, text })),
  fc.constantFrom({ is: 'one' as const }, { is: 'any' as const }),
)
const patterns: fc.Arbitrary<Pattern> = fc.array(part, { minLength: 1, maxLength: 4 })

function filled(values: readonly string[]): Dictionary {
  const dictionary = new Dictionary()
  for (const value of values) dictionary.add(value)
  return dictionary
}

test('a text keeps its number, and every number gives its text', () => {
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 60 }), (values) => {
      const dictionary = filled(values)
      const different = [...new Set(values)]
      assert.equal(dictionary.count, different.length)
      for (const [number, value] of different.entries()) {
        assert.equal(dictionary.find(value), number)
        assert.equal(dictionary.text(number), value)
      }
      assert.equal(dictionary.find('not there'), -1)
    }),
  )
})

test('wildcards and near misses find what the language says they fit', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(texts, { maxLength: 40 }),
      patterns,
      texts,
      fc.constantFrom(1, 2),
      (...given) => {
        const [values, pattern, text, distance] = given
        const expansion = {
          dictionary: filled(values),
          isUsed: (value: number) => value % 5 !== 4,
          most: 100,
        }
        const named = (numbers: number[]) => numbers.map((number) => values[number])
        const used = values.filter((_, index) => index % 5 !== 4)
        assert.deepEqual(
          named(expandPattern(pattern, expansion)),
          used.filter((value) => matchesPattern(pattern, value)),
        )
        assert.deepEqual(
          named(expandNear(text, distance, expansion)),
          used.filter((value) => isWithin(distance, text, value)),
        )
      },
    ),
    { numRuns: 400 },
  )
})

test('long texts differ by length only as far as lengths are told apart', () => {
  const long = 'a'.repeat(300)
  const expansion = { dictionary: filled([long, `${long}b`, 'a'.repeat(254)]), isUsed: () => true, most: 10 }
  assert.deepEqual(expandNear(`${long}a`, 1, expansion), [0, 1])
})

test('a term may stand for so many values and no more', () => {
  const dictionary = filled(Array.from({ length: 11 }, (_, index) => `sea ${index}`))
  const pattern: Pattern = [{ is: 'text', text: 'sea' }, { is: 'any' }]
  const isUsed = (value: number) => value !== 3
  assert.equal(expandPattern(pattern, { dictionary, isUsed, most: 10 }).length, 10)
  assert.throws(() => expandPattern(pattern, { dictionary, isUsed, most: 9 }), QueryError)
  assert.throws(() => expandNear('sea 2', 1, { dictionary, isUsed, most: 8 }), QueryError)
})

test('a dictionary of many long texts is searched just so', () => {
  const long = 'x'.repeat(1200)
  const dictionary = filled(
    Array.from(
      { length: 8000 },
      (_, index) => `${long} ${index} ${index % 1000 === 7 ? 'sea' : 'lake'} ${long}`,
    ),
  )
  const found: number[] = []
  dictionary.containing('sea', 'anywhere', (value) => found.push(value) < 5)
  assert.deepEqual(found, [7, 1007, 2007, 3007, 4007])
})
