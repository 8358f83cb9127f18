import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ItemFacts, matches, relevance } from '../../../src/search/language/match.ts'
import { read } from './reading.ts'

const item: ItemFacts = {
  tags: new Set(['red rose', 'artist:ada', 'sea', 'ocean']),
  numbers: { width: 800, score: -3, aspect_ratio: 1.5 },
  ids: { faved_by_id: [4, 9] },
  dates: { created_at: Date.parse('2015-05-01T00:00:00Z') },
  keywords: { owner: ['Ada'], source_url: ['https://a.example/Rose'], file_name: ['Rose.PNG'] },
  texts: { description: 'Two boats sailing' },
  flags: { animated: false },
  addresses: { upload_address: '10.1.2.3' },
  mine: new Set(['faves']),
  collections: new Set([12]),
  filters: new Set([3]),
}

test('what an item matches', () => {
  const yes = [
    ['red rose', 'ocean', 'RED   ROSE', 'red_rose', 'artist:ada', 'red*', 'se?', 'seal~1', 'esa~1'],
    ['width:800', 'width.gte:800', 'width:700~100', 'width:900~100', 'score.lt:0', 'aspect_ratio:1.5'],
    ['faved_by_id:9', 'created_at:2015-05-01', 'created_at.gt:2015-04', 'created_at.gte:2015-05'],
    ['uploader:ada', 'uploader:ad?', 'uploader:adah~1', 'source_url:*rose', 'file_name:Rose.PNG'],
    [
      'description:boat sailed',
      'animated:false',
      'ip:10.1.0.0/16',
      'my:faves',
      'gallery_id:12',
      'filter_id:3',
    ],
    ['*', 'height:*', 'sea, -lake', 'lake || sea', '-(sea, lake)', 'sea^2'],
  ].flat()
  const no = [
    ['rose', 'rose red', 'se', 'se*?????????', 'lakes~1', '', '-sea', 'sea, lake'],
    ['width:801', 'width.gt:800', 'width:600~199', 'height:0', 'height.lt:5', '-height:*'],
    [
      'faved_by_id:5',
      'created_at.lt:2015-05',
      'created_at.lte:2015-04',
      'created_at.gt:2015-05',
      'updated_at:2015',
    ],
    ['uploader:a', 'file_name:rose.png', 'description:sailing boats', 'animated:true', 'processed:false'],
    ['ip:10.2.0.0/16', 'ip:::/0', 'my:upvotes', 'gallery_id:13', 'faved_by:ada'],
  ].flat()
  for (const query of yes) assert.ok(matches(read(query), item), `matches ${query}`)
  for (const query of no) assert.ok(!matches(read(query), item), `does not match ${query}`)
})

test('an item without a value matches neither a comparison nor its opposite, but it matches NOT', () => {
  assert.ok(!matches(read('height.gt:5'), item))
  assert.ok(!matches(read('height.lte:5'), item))
  assert.ok(matches(read('-height.gt:5'), item))
})

test('the literal spelling of a tag comes first', () => {
  const query = read('red_rose')
  const literal: ItemFacts = { tags: new Set(['red_rose']) }
  assert.ok(matches(query, item, () => false))
  assert.ok(!matches(query, item, (name) => name === 'red_rose'))
  assert.ok(matches(query, literal, (name) => name === 'red_rose'))
})

test('relevance counts matching terms by their boosts, and negations not at all', () => {
  const rows: readonly (readonly [query: string, relevance: number])[] = [
    ['sea', 1],
    ['sea || lake', 1],
    ['sea || ocean^2', 3],
    ['(sea || ocean^2)^3', 9],
    ['sea^-1 || ocean', 0],
    ['-lake^5', 0],
  ]
  for (const [query, expected] of rows) assert.equal(relevance(read(query), item), expected, query)
})
