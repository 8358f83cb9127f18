import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { QueryError } from '../../../src/search/language/errors.ts'
import { lex } from '../../../src/search/language/lexer.ts'
import { printQuery } from '../../../src/search/language/print.ts'
import { attempt, fields, read } from './reading.ts'

const MAX_BYTES = 4096

/** Pieces that mean something, for making queries that nearly do. */
const PIECES = [
  [
    'a',
    'rose',
    ' ',
    '  ',
    '\t',
    ',',
    ', ',
    ' AND ',
    ' OR ',
    ' && ',
    ' || ',
    'NOT ',
    'NOT(',
    '-',
    '!',
    '(',
    ')',
  ],
  [
    '"',
    '\\',
    '\\"',
    '\\:',
    ':',
    '*',
    '?',
    '~',
    '~2',
    '~0.5',
    '^',
    '^2',
    '^-1',
    '.gt',
    '.lte',
    '5',
    '-5',
    '1.5',
  ],
  [
    'width:',
    'aspect_ratio.gt:',
    'created_at:',
    'created_at.lt:2015-05:00',
    '3 days ago',
    '2015..2016',
    'my:faves',
  ],
  [
    'description:',
    'file_name:AND ',
    'source_url:',
    'ip:10.0.0.0/8',
    'gallery_id:1',
    'É',
    'İ',
    'Σ',
    '😀',
    '\u00a0',
  ],
  ['\0', '\ud800', '\u202e', '\ufeff'],
].flat()

test('20,000 random queries are read or refused, and what is read survives being written', () => {
  const random = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join(''))
  let readable = 0
  fc.assert(
    fc.property(random, (text) => {
      const result = attempt(text)
      if ('position' in result) {
        assert.ok(result.position >= 0 && result.position <= text.length)
        return
      }
      readable += 1
      assert.deepEqual(read(printQuery(result, fields)), result)
    }),
    { numRuns: 20_000 },
  )
  assert.ok(readable > 2000, `only ${readable} were readable`)
})

function refusal(text: string): QueryError | null {
  try {
    read(text)
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
  return null
}

function terms(count: number): string {
  return Array.from({ length: count }, (_, index) => `t${index}`).join(',')
}

function nested(depth: number): string {
  return `${'('.repeat(depth)}a${')'.repeat(depth)}`
}

describe('limits', () => {
  test('4,096 bytes', () => {
    assert.equal(refusal('a'.repeat(MAX_BYTES)), null)
    assert.equal(refusal('a'.repeat(MAX_BYTES + 1))?.expected, 'no more than 4096 bytes')
    assert.equal(refusal('é'.repeat(MAX_BYTES / 2 + 1))?.expected, 'no more than 4096 bytes')
  })

  test('100 terms', () => {
    assert.equal(refusal(terms(100)), null)
    assert.equal(refusal(terms(101))?.position, terms(100).length + 1)
  })

  test('32 parentheses inside each other', () => {
    assert.equal(refusal(nested(32)), null)
    assert.equal(refusal(nested(33))?.position, 32)
    assert.equal(refusal(`a${nested(1000)}`), null, 'inside a term they are text')
  })

  test('no NUL and no half of a character', () => {
    assert.equal(refusal('ab\0')?.position, 2)
    assert.equal(refusal('a, \udc00b')?.position, 3)
    assert.equal(refusal('a😀'), null)
  })
})

/** No character is looked at more than a fixed number of times, whatever the query is made of. */
test('the work is in proportion to the length', () => {
  const repeated = [
    ...PIECES,
    '" ',
    '"a ',
    '"a", ',
    '"a" b, ',
    'a  ',
    '\\ ',
    '(a) ',
    ') ',
    'a) AND ',
    '^2 ',
    '"^2 ',
  ].flatMap((piece) => [piece, `a${piece}`, `(${piece}`, `"${piece}`])
  let most = 0
  for (const piece of repeated) {
    const text = piece.repeat(Math.floor(MAX_BYTES / piece.length))
    try {
      most = Math.max(most, lex(text).steps / text.length)
    } catch (error) {
      assert.ok(error instanceof QueryError)
    }
    const result = attempt(text)
    assert.ok('op' in result || 'position' in result)
  }
  assert.ok(most <= 4, `${most} looks at a character`)
})
