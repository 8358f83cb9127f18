import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasPhrase, stem, wordsOf } from '../../../src/search/language/words.ts'

test('words are letters and digits in lower case; an apostrophe joins', () => {
  assert.deepEqual(wordsOf("Don't stop: 2 BOATS_at-sea, été ’tis"), [
    'dont',
    'stop',
    '2',
    'boats',
    'at',
    'sea',
    'été',
    'tis',
  ])
  assert.deepEqual(wordsOf('…!'), [])
})

test('the forms of a word have one stem', () => {
  const families = [
    ['boat', 'boats'],
    ['berry', 'berries'],
    ['box', 'boxes'],
    ['wish', 'wishes', 'wished', 'wishing'],
    ['hop', 'hopping', 'hopped'],
    ['smile', 'smiles', 'smiled', 'smiling'],
    ['play', 'plays', 'played', 'playing'],
    ['fall', 'falls', 'falling'],
    ['painting', 'paint', 'paintings'],
    ['glass', 'glasses'],
  ]
  for (const family of families) assert.equal(new Set(family.map(stem)).size, 1, family.join(' '))
})

test('short words, words without a vowel left, and other scripts stay as they are', () => {
  for (const word of ['sea', 'bus', 'red', 'ring', 'string', 'going', 'bed', 'été', 'море', 'x2s']) {
    assert.equal(stem(word), word)
  }
})

test('a phrase is its words one after the other, whatever their form', () => {
  const text = 'A boat, sailing into the harbours'
  assert.ok(hasPhrase(text, ['boats', 'sail']))
  assert.ok(hasPhrase(text, ['harbour']))
  assert.ok(!hasPhrase(text, ['boat', 'harbour']))
  assert.ok(!hasPhrase(text, ['harbour', 'boat']))
  assert.ok(!hasPhrase('', ['boat']))
})
