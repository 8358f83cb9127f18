import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { distanceOf, isWithin, matchesPattern, type Pattern } from '../../../src/search/language/pattern.ts'
import { attempt, read } from './reading.ts'

function patternOf(text: string): Pattern {
  const query = read(text)
  assert.equal(query.op, 'tag_pattern')
  return query.op === 'tag_pattern' ? query.pattern : []
}

describe('wildcards', () => {
  test('`*` is any run, `?` exactly one character, and the whole value must fit', () => {
    const rows: readonly (readonly [pattern: string, fits: readonly string[], misses: readonly string[]])[] =
      [
        ['sea*', ['sea', 'seal', 'sea of red'], ['a sea', 'se']],
        ['*sea', ['sea', 'red sea'], ['seal']],
        ['s?a', ['sea', 's😀a', 's?a'], ['sa', 'seea']],
        ['*a*a*', ['aa', 'banana', 'xaxax'], ['a', 'xax']],
        ['a*b*c', ['abc', 'aXbXc', 'abcbc'], ['acb', 'abcd']],
        ['*?', ['a', 'ab'], ['']],
        ['a\\*b*', ['a*bc'], ['axbc']],
        ['red   ros?', ['red rose'], ['red  rose']],
      ]
    for (const [text, fits, misses] of rows) {
      const pattern = patternOf(text)
      for (const value of fits) assert.ok(matchesPattern(pattern, value), `${text} fits ${value}`)
      for (const value of misses) assert.ok(!matchesPattern(pattern, value), `${text} does not fit ${value}`)
    }
  })

  test('says the same as a regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '?', '*'), minLength: 1, maxLength: 7 })
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (text, value) => {
        const query = attempt(text)
        if (!('op' in query) || query.op !== 'tag_pattern') return
        const expression = new RegExp(`^${text.replaceAll('?', '.').replaceAll('*', '.*')}$`, 'u')
        assert.equal(matchesPattern(query.pattern, value), expression.test(value))
      }),
    )
  })

  test('a run of wildcards is one, its `?` first; four runs are allowed', () => {
    assert.deepEqual(patternOf('a*?*?'), [
      { is: 'text', text: 'a' },
      { is: 'one' },
      { is: 'one' },
      { is: 'any' },
    ])
    assert.equal(read('a*b*c*d*').op, 'tag_pattern')
    assert.equal(read('?????').op, 'tag_pattern')
    const refused = attempt('a, a*b*c*d*e?')
    assert.deepEqual(refused, {
      position: 12,
      message: 'A search may have no more than 4 wildcards in a term.',
    })
  })
})

/** The same distance by its definition, without a limit: the reference for `isWithin`. */
function distance(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length
  const [restA, restB] = [a.slice(1), b.slice(1)]
  if (a[0] === b[0]) return distance(restA, restB)
  const swapped = a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0]
  return (
    1 +
    Math.min(
      distance(restA, b),
      distance(a, restB),
      distance(restA, restB),
      swapped ? distance(a.slice(2), b.slice(2)) : Infinity,
    )
  )
}

describe('fuzzy terms', () => {
  test('an edit inserts, deletes, substitutes or swaps neighbours', () => {
    for (const near of ['roses', 'ros', 'rise', 'rsoe', 'rose']) assert.ok(isWithin(1, 'rose', near), near)
    for (const far of ['rosess', 'ro', 'riser', 'esor', '']) assert.ok(!isWithin(1, 'rose', far), far)
    assert.ok(isWithin(2, 'rose', 'orsoe'))
    assert.ok(!isWithin(2, 'ca', 'abc'), 'no character is edited twice')
    assert.ok(isWithin(1, 'a😀', 'a'), 'a character is a code point')
  })

  test('agrees with the definition', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })
    fc.assert(
      fc.property(words, words, fc.constantFrom(0, 1, 2), (a, b, limit) => {
        assert.equal(isWithin(limit, a, b), distance(a.split(''), b.split('')) <= limit)
      }),
    )
  })

  test('N >= 1 is edits, N < 1 a similarity: floor((1 - N) * length); never more than 2', () => {
    const rows: readonly (readonly [near: number, text: string, edits: number])[] = [
      [1, 'a', 1],
      [1.9, 'abc', 1],
      [2, 'abc', 2],
      [50, 'abc', 2],
      [0.8, 'abcd', 0],
      [0.8, 'abcde', 1],
      [0.8, 'abcdefghij', 2],
      [0.5, 'ab', 1],
      [0, 'a', 1],
      [0, 'abcdef', 2],
      [0.5, '😀😀', 1],
    ]
    for (const [near, text, edits] of rows) assert.equal(distanceOf(near, text), edits, `${text}~${near}`)
  })
})
