import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseQuery } from '../../../src/search/language/parser.ts'
import type { Query } from '../../../src/search/language/tree.ts'
import { attempt, options, read } from './reading.ts'

function table(rows: readonly (readonly [query: string, tree: Query])[]): void {
  for (const [query, tree] of rows) assert.deepEqual(read(query), tree, query)
}

const tag = (name: string): Query => ({ op: 'tag', name, cleaned: options.cleanTag(name) })

/** Search syntax, Fields. */
describe('fields', () => {
  test('`field:value`, or `.gt .gte .lt .lte .eq` before the colon, in any case', () => {
    table([
      ['width:800', { op: 'compare', field: 'width', is: '=', value: 800 }],
      ['width.eq:800', { op: 'compare', field: 'width', is: '=', value: 800 }],
      ['width.gt:800', { op: 'compare', field: 'width', is: '>', value: 800 }],
      ['width.gte:800', { op: 'compare', field: 'width', is: '>=', value: 800 }],
      ['score.lt:-5', { op: 'compare', field: 'score', is: '<', value: -5 }],
      ['WIDTH.LTE: 800 ', { op: 'compare', field: 'width', is: '<=', value: 800 }],
      ['score:-0', { op: 'compare', field: 'score', is: '=', value: 0 }],
      ['aspect_ratio:1.5', { op: 'compare', field: 'aspect_ratio', is: '=', value: 1.5 }],
      ['aspect_ratio:.5', { op: 'compare', field: 'aspect_ratio', is: '=', value: 0.5 }],
      ['original_format:png', { op: 'keyword', field: 'format', value: 'png' }],
    ])
  })

  test('an unknown field name is not an error: the whole text is a tag', () => {
    table([
      ['artist:ada', tag('artist:ada')],
      ['tags:safe', tag('tags:safe')],
      ['width.near:800', tag('width.near:800')],
      ['uploader.gt:ada', tag('uploader.gt:ada')],
      ['.gt:5', tag('.gt:5')],
      [':5', tag(':5')],
      ['artist:', tag('artist:')],
      ['width\\:800', tag('width:800')],
      ['constructor:x', tag('constructor:x')],
    ])
  })

  test('a fuzzy number is a range, both ends included', () => {
    table([['width:800~200', { op: 'around', field: 'width', value: 800, within: 200 }]])
  })

  test('exact text: wildcards and fuzzy allowed, any later colon is text, case ignored', () => {
    table([
      ['uploader:Ada L', { op: 'keyword', field: 'owner', value: 'ada l' }],
      [
        'source_url:https://a.example/b',
        { op: 'keyword', field: 'source_url', value: 'https://a.example/b' },
      ],
      ['uploader:ada~1', { op: 'keyword_near', field: 'owner', value: 'ada', distance: 1 }],
      [
        'source_url:*Example*',
        {
          op: 'keyword_pattern',
          field: 'source_url',
          pattern: [{ is: 'any' }, { is: 'text', text: 'example' }, { is: 'any' }],
        },
      ],
      ['file_name:Harbour.PNG', { op: 'keyword', field: 'file_name', value: 'Harbour.PNG' }],
      ['"uploader:a, b"', { op: 'keyword', field: 'owner', value: 'a, b' }],
    ])
  })

  test('full text is a phrase of words; a phrase without words matches nothing', () => {
    table([
      ['description:Two Boats', { op: 'phrase', field: 'description', words: ['two', 'boats'] }],
      ["description:*don't*~2", { op: 'phrase', field: 'description', words: ['dont'] }],
      ['description:!?', { op: 'nothing' }],
    ])
  })

  test('the other kinds', () => {
    table([
      ['animated:TRUE', { op: 'flag', field: 'animated', value: true }],
      ['animated:false', { op: 'flag', field: 'animated', value: false }],
      ['faved_by_id:7', { op: 'id', field: 'faved_by_id', value: 7 }],
      ['gallery_id:12', { op: 'collection', id: 12 }],
      ['filter_id:12', { op: 'filter', id: 12 }],
      ['my:Faves', { op: 'mine', set: 'faves' }],
      ['ip:10.1.0.0/16', { op: 'address', field: 'upload_address', address: '10.1.0.0', prefix: 16 }],
      ['ip:2001:DB8::1', { op: 'address', field: 'upload_address', address: '2001:db8::1', prefix: 128 }],
    ])
  })

  test('a value of just `*`, also of a field, matches everything', () => {
    for (const query of ['*', '**', 'width:*', 'source_url:*', 'description:*', 'created_at:*', 'my:*']) {
      assert.deepEqual(read(query), { op: 'everything' }, query)
    }
    assert.equal(read('artist:*').op, 'tag_pattern')
    assert.equal(read('"*"').op, 'tag')
    assert.equal(read('\\*').op, 'tag')
  })

  const bad: readonly (readonly [query: string, position: number])[] = [
    ['a, width:wide', 9],
    ['width:800.5', 6],
    ['width:', 6],
    ['width:  , a', 6],
    ['width:1234567890123456', 6],
    ['width.gt:5~2', 9],
    ['aspect_ratio:1.5.2', 13],
    ['aspect_ratio:1e3', 13],
    ['created_at:yesterday', 11],
    ['created_at:2015~2', 11],
    ['animated:maybe', 9],
    ['ip:10.0.0.256', 3],
    ['ip:10.0.0.0/33', 3],
    ['ip:10.0.0.0/', 3],
    ['my:everything', 3],
    ['gallery_id:best', 11],
    ['gallery_id:-1', 11],
    ['faved_by_id:ada', 12],
    ['uploader:', 9],
  ]
  test('a bad number, date, boolean, address, id or `my:` word is an error where the value stands', () => {
    for (const [query, position] of bad) {
      const result = attempt(query)
      assert.ok('position' in result, query)
      assert.equal(result.position, position, query)
    }
  })
})

describe('who is searching', () => {
  const anonymous = { signedIn: false, moderator: false }
  const member = { signedIn: true, moderator: false }

  test('fields for moderators are ordinary tags for everybody else', () => {
    assert.equal(read('ip:10.0.0.1').op, 'address')
    assert.deepEqual(read('ip:10.0.0.1', { viewer: member }), tag('ip:10.0.0.1'))
    assert.deepEqual(read('deleted:true', { viewer: member }), tag('deleted:true'))
  })

  test('`my:` while anonymous is empty, or refused where the face says so', () => {
    assert.deepEqual(read('my:faves', { viewer: anonymous }), { op: 'nothing' })
    assert.deepEqual(read('-my:faves', { viewer: anonymous }), { op: 'everything' })
    assert.throws(() => read('a, my:faves', { viewer: anonymous, anonymousMy: 'refuse' }), {
      name: 'QueryError',
      position: 6,
      message: "You must be logged in to use `my' queries.",
    })
  })

  test('sets and fields may be refused: recursion of a watch list, `my:downvotes` in a filter', () => {
    const refusedSets = new Set(['watched'] as const)
    assert.throws(() => read('my:watched', { refusedSets }), { name: 'QueryError', position: 3 })
    assert.equal(read('my:faves', { refusedSets }).op, 'mine')
    assert.throws(() => read('a, filter_id:3', { refusedFields: new Set(['filter'] as const) }), {
      name: 'QueryError',
      position: 3,
    })
  })
})

test('a tag carries what was typed and what an upload would make of it', () => {
  assert.deepEqual(read('Red_Rose'), { op: 'tag', name: 'red_rose', cleaned: 'red rose' })
  assert.deepEqual(parseQuery('artist:a_b', options), {
    op: 'tag',
    name: 'artist:a_b',
    cleaned: 'artist:a_b',
  })
})
