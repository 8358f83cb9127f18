import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as check, property, string } from 'fast-check'
import {
  categoryOfTag,
  cleanCommunityTag,
  communityTagProblems,
  inDisplayOrder,
  nameOfEncoded,
  nameOfSlug,
  resolveRatings,
  splitTagName,
  tagSlug,
} from '../../src/library/tag-names.ts'

const slugs: [string, string][] = [
  ['safe', 'safe'],
  ['artist:mina', 'artist-colon-mina'],
  ['still life', 'still+life'],
  ['semi-grimdark', 'semi-dash-grimdark'],
  ['a/b\\c', 'a-fwslash-b-bwslash-c'],
  ['v1.0+', 'v1-dot-0-plus-'],
  ['rose (flower)', 'rose+%28flower%29'],
  ['100%', '100%25'],
  ['été', '%C3%A9t%C3%A9'],
  ['-dash-', '-dash-dash-dash-'],
]
for (const [name, slug] of slugs)
  test(`the slug of ${name} is ${slug}, and back`, () => {
    assert.equal(tagSlug(name), slug)
    assert.equal(nameOfSlug(slug), name)
  })

test('every name is the name of its slug, also after a router has decoded it', () => {
  const names = string({ unit: 'grapheme', maxLength: 30 }).filter((name) => !/[%\s]/.test(name))
  check(
    property(names, (name) => {
      assert.equal(nameOfSlug(tagSlug(name)), name)
      assert.equal(nameOfSlug(decodeURIComponent(tagSlug(name))), name)
    }),
    { numRuns: 300 },
  )
})

test('what cannot be decoded is taken as it stands', () => {
  assert.equal(nameOfSlug('50%+off'), '50% off')
  assert.equal(nameOfEncoded('artist%3Amina+k'), 'artist:mina k')
})

test('a name has the namespace it begins with, if that is one', () => {
  assert.deepEqual(splitTagName('artist:mina'), { namespace: 'artist', nameInNamespace: 'mina' })
  assert.deepEqual(splitTagName('art pack:sea:2'), { namespace: 'art pack', nameInNamespace: 'sea:2' })
  for (const plain of ['mina', ':mina', 'artist:', 'time:noon'])
    assert.deepEqual(splitTagName(plain), { namespace: null, nameInNamespace: plain })
})

test('a category is the one set by hand, else that of the name', () => {
  const names = [
    'artist:a',
    'editor:a',
    'comic:a',
    'oc:a',
    'oc',
    'species:a',
    'spoiler:a',
    'safe',
    'ask:a',
    'a',
  ]
  assert.deepEqual(
    names.map((name) => categoryOfTag(name)),
    ['origin', 'origin', 'content-fanmade', 'oc', 'oc', 'species', 'spoiler', 'rating', null, null],
  )
  assert.equal(categoryOfTag('harbour', 'character'), 'character')
  assert.equal(categoryOfTag('safe', 'no such category'), 'rating')
})

// "that is also the display order in both versions, uncategorised tags last, names A–Z inside a category"
test('tags are shown by category and then A to Z', () => {
  const tags = [
    { name: 'boat' },
    { name: 'anchor' },
    { name: 'spoiler:end' },
    { name: 'oc:mina' },
    { name: 'artist:b' },
    { name: 'artist:a' },
    { name: 'safe' },
    { name: 'captain', category: 'character' },
    { name: 'wrong size', category: 'error' },
  ]
  assert.deepEqual(
    inDisplayOrder(tags).map(({ name }) => name),
    ['wrong size', 'safe', 'artist:a', 'artist:b', 'captain', 'oc:mina', 'spoiler:end', 'anchor', 'boat'],
  )
})

const cleaned: [string, string][] = [
  ['Still_Life', 'still life'],
  ['artist:mina_k', 'artist:mina_k'],
  ['OC: mina_k', 'oc:mina_k'],
  ['species : sea_gull', 'species:sea gull'],
  ['noon: at sea', 'noon: at sea'],
  ['_', ''],
  ['dog\u2019s', "dog's"],
]
for (const [name, clean] of cleaned)
  test(`a community library stores ${name} as ${JSON.stringify(clean)}`, () => {
    assert.equal(cleanCommunityTag(name), clean)
    assert.equal(cleanCommunityTag(clean), clean)
  })

// "safe excludes all others, at most one of the three sexual ones, at most one of the two grim ones"
const ratings: [string[], string[] | null][] = [
  [
    ['safe', 'sea'],
    ['safe', 'sea'],
  ],
  [
    ['safe', 'suggestive', 'sea'],
    ['suggestive', 'sea'],
  ],
  [['suggestive', 'explicit', 'questionable'], ['explicit']],
  [
    ['semi-grimdark', 'grimdark', 'suggestive'],
    ['grimdark', 'suggestive'],
  ],
  [
    ['grotesque', 'grimdark', 'explicit', 'safe'],
    ['grotesque', 'grimdark', 'explicit'],
  ],
  [['sea', 'boat'], null],
  [[], null],
]
for (const [given, kept] of ratings)
  test(`of ${given.join(', ') || 'nothing'} stays ${kept?.join(', ') ?? 'a problem'}`, () => {
    const result = resolveRatings(given)
    if (kept === null) assert.deepEqual(result, { field: 'tags', problem: 'must have a rating' })
    else assert.deepEqual(result, { names: kept, dropped: given.filter((name) => !kept.includes(name)) })
  })

test('a community library wants three tags, short ones, and none that say nothing', () => {
  assert.deepEqual(communityTagProblems(['safe', 'sea', 'x'.repeat(75)]), [])
  for (const names of [
    ['safe', 'sea'],
    ['safe', 'sea', 'x'.repeat(76)],
    ['safe', 'sea', 'tagme'],
    Array.from({ length: 2001 }, (_, n) => `t${n}`),
  ])
    assert.deepEqual(
      communityTagProblems(names).map(({ field }) => field),
      ['tags'],
    )
})
