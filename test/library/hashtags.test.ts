import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backupServiceOf } from '../../src/library/backups.ts'
import { hashtagsOf } from '../../src/library/hashtags.ts'
import { itemIdOfToken, shortToken } from '../../src/library/short-tokens.ts'

// POST asset, "description": "#hashtags" become tags
const cases: [string | null, string[]][] = [
  [null, []],
  ['', []],
  ['Boats #Harbour and #tar, (#Rope) “#sail”', ['harbour', 'tar', 'rope', 'sail']],
  ['#one#two #one', ['one']],
  ['#häfen #港 #snake_case #ka-yak-', ['häfen', '港', 'snake_case', 'ka-yak']],
  ['#1 #2026 #4x4 C# a#b ## #- #_', ['4x4']],
  ['https://boats.example/#deck http://x.example/a#b', []],
  ['line\n#next', ['next']],
]
for (const [text, tags] of cases)
  test(`the hashtags of ${JSON.stringify(text)}`, () => assert.deepEqual(hashtagsOf(text), tags))

test('short tokens grow with the number of the item and lead back to it', () => {
  const ids = [1, 2, 61, 62, 63, 3843, 100_000, 14_538_000, 14_538_007, 14_540_000, 9_000_000_000]
  const tokens = ids.map(shortToken)
  assert.deepEqual(tokens.map(itemIdOfToken), ids)
  assert.ok(
    tokens.every((token) => /^[0-9A-Za-z]{4,}$/.test(token)),
    tokens.join(' '),
  )
  const alike = tokens.filter((token) => token.length === 4)
  assert.deepEqual(alike.toSorted(), alike)
  for (const odd of ['', 'abc', '0abc', '1000', 'a.bc', 'zzzzzzzzzzz', '1 00'])
    assert.equal(itemIdOfToken(odd), null, odd)
})

test('the host of a source tells which service a backup is of', () => {
  const of = (host: string) => backupServiceOf(`https://${host}/a`)
  const hosts = ['pinboard.in', 'www.delicious.com', 'mobile.twitter.com', 'instagram.com', 'notpinboard.in']
  assert.deepEqual(hosts.map(of), ['pinboard', 'delicious', 'twitter', 'instagram', 'other'])
  assert.equal(backupServiceOf(null), 'other')
})
