import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as check, property, string } from 'fast-check'
import { byCodePoint } from '../../src/library/code-points.ts'
import { cleanTagName, cleanTagNames, tagProblems } from '../../src/library/tags.ts'

const cleaned: [string, string][] = [
  ['Harbour', 'harbour'],
  ['  Still   Life \t', 'still life'],
  ['ÉTÉ', 'été'],
  ['e\u0301te\u0301', 'été'],
  ['dog\u2019s \u201cday\u201d', 'dog\'s "day"'],
  ['line\nbreak', 'line break'],
  ['nul\0bell\u0007', 'nul bell'],
  ['half \ud83d pair', 'half \ufffd pair'],
  ['\u{1f3a8} paint', '\u{1f3a8} paint'],
  [' \u3000 ', ''],
]
for (const [name, clean] of cleaned)
  test(`the tag ${JSON.stringify(name)} is stored as ${JSON.stringify(clean)}`, () => {
    assert.equal(cleanTagName(name), clean)
    assert.equal(cleanTagName(clean), clean)
  })

test('names are cleaned, split at commas, told once and sorted by code point', () => {
  assert.deepEqual(cleanTagNames(['Sea', 'boat, sea ,', '', '\u{1f3a8}', '\uff21', 'Boat']), [
    'boat',
    'sea',
    '\uff41',
    '\u{1f3a8}',
  ])
})

test('too many names and too long ones are problems', () => {
  const many = Array.from({ length: 2001 }, (_, n) => `t${n}`)
  assert.deepEqual(tagProblems(many.slice(1)), [])
  assert.equal(tagProblems(many)[0]?.field, 'tags')
  assert.deepEqual(tagProblems(['é'.repeat(127)]), [])
  assert.equal(tagProblems(['é'.repeat(128)])[0]?.field, 'tags')
})

test('the order of code points is the order of the bytes', () => {
  const text = string({ unit: 'binary' })
  check(
    property(text, text, (a, b) => {
      assert.equal(Math.sign(byCodePoint(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }),
    { numRuns: 500 },
  )
})
