import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { matches } from '../../../src/search/language/match.ts'
import { cacheKey, replaceTerms, simplify } from '../../../src/search/language/rewrite.ts'
import { allOf, anyOf, NOTHING, termsOf } from '../../../src/search/language/tree.ts'
import { brief, read } from './reading.ts'
import { items, trees } from './trees.ts'

test('the canonical form', () => {
  const rows: readonly (readonly [query: string, simple: string])[] = [
    ['a, (b, (c, d))', 'and(a, b, c, d)'],
    ['a || (b || c)', 'or(a, b, c)'],
    ['b, a, b', 'and(a, b)'],
    ['(a || a), a', 'a'],
    ['a, *', 'a'],
    ['a || *', 'everything'],
    ['a, -*', 'nothing'],
    ['a || -*', 'a'],
    ['-(a || -*), b', 'and(not(a), b)'],
    ['a, -a', 'nothing'],
    ['a || -a', 'everything'],
    ['a, b || -(b, a)', 'everything'],
    ['-(*^2)', 'nothing'],
    ['a^1', 'a'],
    ['-(a^2)', 'not(a)'],
    ['a^2, a', 'and(boost(a, 2), a)'],
  ]
  for (const [query, simple] of rows) assert.equal(brief(simplify(read(query))), simple, query)
})

test('searches that say the same have one key', () => {
  assert.equal(cacheKey(read('a, (b || c)')), cacheKey(read('(c OR b) && A')))
  assert.notEqual(cacheKey(read('a, b')), cacheKey(read('a || b')))
  assert.notEqual(cacheKey(read('width:5')), cacheKey(read('height:5')))
})

test('simplifying keeps the meaning, and once is enough', () => {
  fc.assert(
    fc.property(trees, items, (tree, item) => {
      const simple = simplify(tree)
      assert.equal(matches(simple, item), matches(tree, item))
      assert.deepEqual(simplify(simple), simple)
    }),
    { numRuns: 400 },
  )
})

test('terms can be counted and replaced', () => {
  const query = read('-a, (b^2 || my:watched)')
  assert.deepEqual(
    [...termsOf(query)].map((term) => term.op),
    ['tag', 'tag', 'mine'],
  )
  const replaced = replaceTerms(query, (term) => (term.op === 'mine' ? read('-(c, d)') : term))
  assert.equal(brief(replaced), 'and(not(a), or(boost(b, 2), not(and(c, d))))')
  assert.equal(brief(replaceTerms(query, () => NOTHING)), 'and(everything, or(boost(nothing, 2), nothing))')
})

test('none of all is everything, none of any is nothing', () => {
  assert.equal(allOf([]).op, 'everything')
  assert.equal(anyOf([]).op, 'nothing')
})
