import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLines } from '../../../src/search/language/multi-line.ts'
import { brief, options } from './reading.ts'

// Search syntax: each non-empty line of a saved query becomes (line), joined by OR.
test('each line that is not blank is an alternative', () => {
  const rows: readonly (readonly [text: string, tree: string])[] = [
    ['a', 'a'],
    ['a, b\n\n   \r\nc || d\r\n', 'or(and(a, b), or(c, d))'],
    ['-a\nb', 'or(not(a), b)'],
    ['', 'nothing'],
    [' \n ', 'nothing'],
  ]
  for (const [text, tree] of rows) assert.equal(brief(parseLines(text, options)), tree, JSON.stringify(text))
})

test('a mistake is found where it stands in the whole text', () => {
  assert.throws(() => parseLines('a\n\nb, , c', options), { message: 'Missing operand.', position: 6 })
})

test('no line can close the parentheses of another', () => {
  assert.throws(() => parseLines('a) || (b\nc', options), { message: 'Imbalanced parentheses.', position: 1 })
  assert.throws(() => parseLines('(a\nb)', options), { message: 'Imbalanced parentheses.', position: 0 })
})

test('the limits are those of one search, for all lines together', () => {
  assert.throws(() => parseLines('a\n'.repeat(101), options), { position: 200 })
  assert.equal(parseLines('a\n'.repeat(100), options).op, 'or')
  assert.throws(() => parseLines('é\n'.repeat(1400), options), { expected: 'no more than 4096 bytes' })
})
