import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attempt, brief, read } from './reading.ts'

/** Each line: a query and its tree in short. */
function table(rows: readonly (readonly [query: string, tree: string])[]): void {
  for (const [query, tree] of rows) assert.equal(brief(read(query)), tree, query)
}

/** Search syntax, Operators. */
describe('operators', () => {
  test('AND is a comma, or `&&` or `AND` with white space after and white space or `)` before', () => {
    table([
      ['a,b', 'and(a, b)'],
      ['a , b', 'and(a, b)'],
      ['a AND b', 'and(a, b)'],
      ['a && b', 'and(a, b)'],
      ['a\tAND\nb', 'and(a, b)'],
      ['(a)AND b', 'and(a, b)'],
      ['(a)&& b', 'and(a, b)'],
      ['rose (red)AND b', 'and(rose (red), b)'],
      ['a&&b', 'a&&b'],
      ['a &&b', 'a &&b'],
      ['a&& b', 'a&& b'],
      ['a and b', 'a and b'],
      ['aAND b', 'aand b'],
      ['a AND', 'a and'],
      ['a AND ', 'a and'],
      ['AND b', 'and b'],
      ['  AND b', 'and b'],
      ['a AND(b)', 'a and(b)'],
    ])
  })

  test('OR is `||` or `OR`, the same', () => {
    table([
      ['a OR b', 'or(a, b)'],
      ['a || b', 'or(a, b)'],
      ['(a)OR b', 'or(a, b)'],
      ['a||b', 'a||b'],
      ['a or b', 'a or b'],
      ['a OR', 'a or'],
      ['OR b', 'or b'],
    ])
  })

  test('NOT is the word with white space after it, or a `-` or `!` before the term', () => {
    table([
      ['-a', 'not(a)'],
      ['!a', 'not(a)'],
      ['- a', 'not(a)'],
      ['NOT a', 'not(a)'],
      ['not a', 'not a'],
      ['NOTa', 'nota'],
      ['a NOT b', 'a not b'],
      ['a, -b', 'and(a, not(b))'],
      ['a-b', 'a-b'],
      ['a !b', 'a !b'],
      ['NOT', 'not'],
      ['a, NOT ', 'and(a, not)'],
    ])
  })

  test('`NOT(a)` without a space is NOT (a)', () => {
    table([
      ['NOT(a)', 'not(a)'],
      ['NOT(a, b) OR c', 'or(not(and(a, b)), c)'],
    ])
  })

  test('repeated NOT toggles', () => {
    table([
      ['!!a', 'a'],
      ['--a', 'a'],
      ['-!-a', 'not(a)'],
      ['NOT NOT a', 'a'],
      ['-(-a)', 'a'],
      ['-(-(-a))', 'not(a)'],
      ['-*', 'nothing'],
      ['--*', 'everything'],
    ])
  })

  test('NOT binds before AND, AND before OR; parentheses group, and NOT applies to a group', () => {
    table([
      ['a, b || c, d', 'or(and(a, b), and(c, d))'],
      ['a, (b || c), d', 'and(a, or(b, c), d)'],
      ['a || b, c || d', 'or(a, and(b, c), d)'],
      ['-a, b', 'and(not(a), b)'],
      ['-(a || b), c', 'and(not(or(a, b)), c)'],
      ['a, b, c', 'and(a, b, c)'],
      ['((a))', 'a'],
      ['( a , b )', 'and(a, b)'],
    ])
  })
})

/** Search syntax, Terms. */
describe('terms', () => {
  test('a term may hold spaces, `-`, `!`, quotes, `NOT` and balanced parentheses that do not open it', () => {
    table([
      ['red rose', 'red rose'],
      ['well-known', 'well-known'],
      ['oh no!', 'oh no!'],
      ['5" disk', '5" disk'],
      ['to be or NOT to be', 'to be or not to be'],
      ['rose (flower)', 'rose (flower)'],
      ['rose (flower (red)), b', 'and(rose (flower (red)), b)'],
      ['(rose (flower))', 'rose (flower)'],
      ['(q)', 'q'],
    ])
  })

  test('a term is lower case, trimmed, and a run of white space is one space', () => {
    table([
      ['  Red \t\u00a0 ROSE  ', 'red rose'],
      ['"  Red   Rose "', 'red rose'],
    ])
  })

  test('in quotes only `\\"` is an escape, and nothing but a colon means anything', () => {
    table([
      ['"a, b"', 'a, b'],
      ['"a AND b" OR c', 'or(a and b, c)'],
      ['"-a"', '-a'],
      ['-"a"', 'not(a)'],
      ['"(a"', '(a'],
      ['"say \\"hi\\""', 'say "hi"'],
      ['"back\\slash"', 'back\\slash'],
      ['"a*b?"', 'a*b?'],
      ['"*"', '*'],
      ['"a~2^3"', 'a~2^3'],
      ['"width:800"', 'compare'],
      ['"red rose"~2', 'near(red rose, 2)'],
      ['"a"^2', 'boost(a, 2)'],
      ['("a")', 'a'],
    ])
  })

  test('quotes that do not hold the whole term are text', () => {
    table([
      ['"a" b', '"a" b'],
      ['"a"b', '"a"b'],
      ['"a, b', 'and("a, b)'],
      ['a "b, c"', 'and(a "b, c")'],
      ['"', '"'],
      ['"a"AND b', '"a"and b'],
    ])
  })

  test('a backslash escapes the next character anywhere in an unquoted term', () => {
    table([
      ['a\\, b', 'a, b'],
      ['\\-a', '-a'],
      ['\\!a', '!a'],
      ['\\(a', '(a'],
      ['a\\)', 'a)'],
      ['a (b\\))', 'a (b))'],
      ['\\"a\\"', '"a"'],
      ['a \\AND b', 'a and b'],
      ['a\\ AND b', 'a and b'],
      ['a\\)AND b', 'a)and b'],
      ['\\NOT a', 'not a'],
      ['a\\\\', 'a\\'],
      ['a\\', 'a\\'],
      ['\\*', '*'],
      ['a\\~2', 'a~2'],
      ['a\\^2', 'a^2'],
      ['width\\:800', 'width:800'],
    ])
  })

  test('fuzzy and boost are numbers at the very end; with more text behind they are text', () => {
    table([
      ['rose~1', 'near(rose, 1)'],
      ['rose~2', 'near(rose, 2)'],
      ['rose~9', 'near(rose, 2)'],
      ['rose~1.5', 'near(rose, 1)'],
      ['roses~0.8', 'near(roses, 1)'],
      ['daffodil12~0.8', 'near(daffodil12, 2)'],
      ['rose~0.9', 'rose'],
      ['rose~0', 'near(rose, 2)'],
      ['rose~2^3', 'boost(near(rose, 2), 3)'],
      ['rose^2', 'boost(rose, 2)'],
      ['rose^-1.5', 'boost(rose, -1.5)'],
      ['-rose^2', 'not(boost(rose, 2))'],
      ['(a, b)^2', 'boost(and(a, b), 2)'],
      ['(a, b)^2, c', 'and(boost(and(a, b), 2), c)'],
      ['a^b', 'a^b'],
      ['two~2~two', 'two~2~two'],
      ['a^2b', 'a^2b'],
      ['rose~', 'rose~'],
      ['rose ~2', 'rose ~2'],
      ['~2', '~2'],
      ['^2', '^2'],
      ['a^1234567890123456', 'a^1234567890123456'],
      ['a^1.2.3', 'a^1.2.3'],
      ['a*~1', 'near(a*, 1)'],
    ])
  })
})

describe('errors', () => {
  const cases: readonly (readonly [query: string, position: number, message: string])[] = [
    ['(a', 0, 'Imbalanced parentheses.'],
    ['a, (b, (c)', 3, 'Imbalanced parentheses.'],
    ['a)', 1, 'Imbalanced parentheses.'],
    [')', 0, 'Imbalanced parentheses.'],
    ['a (b', 2, 'Imbalanced parentheses.'],
    ['a (b, c)', 2, 'Imbalanced parentheses.'],
    ['a, b) c', 4, 'Imbalanced parentheses.'],
    ['a,', 2, 'Missing operand.'],
    [',a', 0, 'Missing operand.'],
    ['a, , b', 3, 'Missing operand.'],
    ['a, AND b', 3, 'Missing operand.'],
    ['a AND OR b', 6, 'Missing operand.'],
    ['(a AND )', 7, 'Missing operand.'],
    ['( AND a)', 2, 'Missing operand.'],
    [' , a', 1, 'Missing operand.'],
    ['()', 1, 'Missing operand.'],
    ['(a,)', 3, 'Missing operand.'],
    ['-', 1, 'Missing operand.'],
    ['a, ""', 3, 'Missing operand.'],
    ['(a) b', 4, 'Missing operator.'],
    ['(a)(b)', 3, 'Missing operator.'],
    ['(a) -b', 4, 'Missing operator.'],
    ['(a)^2b', 3, 'Missing operator.'],
    ['(a)~2', 3, 'Missing operator.'],
  ]
  for (const [query, position, message] of cases) {
    test(`${query} fails at ${position}: ${message}`, () => {
      assert.deepEqual(attempt(query), { position, message })
    })
  }

  test('an empty query matches nothing', () => {
    for (const query of ['', '   ', '\t\n']) assert.deepEqual(read(query), { op: 'nothing' })
  })
})

test('a tree is frozen through and through', () => {
  const frozen = (value: unknown): boolean =>
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every((part) => frozen(part)))
  const query = read('a, (b* || -c^2), description:two words, width.gt:5, created_at:2015')
  assert.ok(frozen(query))
})
