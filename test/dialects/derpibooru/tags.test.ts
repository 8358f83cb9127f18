import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startBooru, type Booru } from '../../helpers/started-booru.ts'
import { idsOf, same } from './objects.ts'
import { item, shelf } from './shelf.ts'

// Tags: the list, one tag with its images, what a person may be typing.

interface Tag {
  id: number
  name: string
  images: number
}
const lines = [
  { type: 'alias', name: 'ship', target: 'boat' },
  { type: 'implication', tag: 'sailing boat', implies: ['boat', 'water'] },
]
const namesAt = async (booru: Booru, path: string) => (await booru.get<Tag[]>(path)).map(({ name }) => name)

describe('/tags.json', () => {
  test('a bare array, the most used first, A to Z among equals', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    assert.deepEqual(await namesAt(booru, '/tags.json'), [
      'boat',
      'safe',
      'kite',
      'artist:ada',
      'explicit',
      'questionable',
      'red',
    ])
    assert.deepEqual(await namesAt(booru, '/tags.json?page=2'), [])
    assert.deepEqual(await namesAt(booru, '/tags.json?tq=*e*'), [
      'safe',
      'kite',
      'explicit',
      'questionable',
      'red',
    ])
    assert.deepEqual(await namesAt(booru, '/tags.json?tq=red'), ['red'])
    const wild = await booru.ask(`/tags.json?tq=${'*a'.repeat(11)}`)
    assert.deepEqual([wild.statusCode, Object.keys(wild.json())], [422, ['tq']])
  })

  test('has pages of 250', async () => {
    await using booru = await startBooru()
    const tags = Array.from({ length: 260 }, (_, at) => `tag ${String(at).padStart(3, '0')}`)
    await booru.import([shelf[0], item(1, { tags })])
    assert.equal((await namesAt(booru, '/tags.json')).length, 250)
    assert.deepEqual(await namesAt(booru, '/tags.json?page=2'), tags.slice(250))
  })

  test('ratings and aliases by themselves', async () => {
    await using booru = await startBooru()
    await booru.import([...shelf, ...lines])
    assert.deepEqual(await namesAt(booru, '/tags/ratings.json'), ['safe', 'explicit', 'questionable'])
    for (const tag of await booru.get<Record<string, unknown>[]>('/tags/aliases.json'))
      assert.equal(tag['aliased_to'], 'boat')
  })
})

describe('a tag', () => {
  test('whole: the tag, its other names, and a page of its images', async () => {
    await using booru = await startBooru()
    await booru.import([...shelf, ...lines, item(7, { tags: ['safe', 'sailing boat', 'artist:ada'] })])
    const answer = await booru.get<{ tag: Tag; images: unknown[] }>('/tags/boat.json')
    assert.deepEqual(Object.keys(answer), ['tag', 'aliases', 'dnp_entries', 'images', 'interactions'])
    same(answer.tag, {
      id: answer.tag.id,
      name: 'boat',
      slug: 'boat',
      description: '',
      short_description: '',
      images: answer.tag.images,
      spoiler_image_uri: null,
      aliased_to: null,
      aliased_to_id: null,
      namespace: null,
      name_in_namespace: 'boat',
      implied_tags: [],
      implied_tag_ids: [],
      category: null,
    })
    same(answer, { ...answer, aliases: ['ship'], dnp_entries: [] })
    assert.deepEqual(
      idsOf(answer.images).filter((id) => id !== 7),
      [6, 3, 2, 1],
    )
    assert.deepEqual(
      idsOf(
        (await booru.get<{ images: unknown[] }>('/tags/boat.json?filter_id=56027&sf=score&perpage=1')).images,
      ),
      [4],
    )

    const { tag } = await booru.get<{ tag: Record<string, unknown> }>('/tags/artist-colon-ada.json')
    assert.deepEqual(
      [tag['slug'], tag['namespace'], tag['name_in_namespace'], tag['category']],
      ['artist-colon-ada', 'artist', 'ada', 'origin'],
    )
    const { tag: sailing } = await booru.get<{ tag: Record<string, unknown> }>('/tags/sailing+boat.json')
    assert.deepEqual(sailing['implied_tags'], ['boat', 'water'])
    assert.equal((sailing['implied_tag_ids'] as unknown[]).length, 2)
  })

  test('by encoded name and by id; a name of digits before an id, a zero in front forces the id', async () => {
    await using booru = await startBooru()
    await booru.import([shelf[0], item(1, { tags: ['blue boat', 'a/b', '1', '2'] })])
    const at = async (ref: string) => (await booru.get<{ tag: Tag }>(`/tags/${ref}.json`)).tag
    const boat = await at('blue+boat')
    same(await at('blue%20boat'), boat)
    same(await at(`0${boat.id}`), boat)
    assert.equal((await at('a-fwslash-b')).name, 'a/b')
    assert.equal((await at('1')).name, '1')
    assert.equal((await at('2')).name, '2')
    for (const ref of ['none', '099', '%00'])
      assert.equal((await booru.ask(`/tags/${ref}.json`)).statusCode, 404, ref)
  })

  test('an alias leads on to what it stands for', async () => {
    await using booru = await startBooru()
    await booru.import([...shelf, ...lines])
    const answer = await booru.ask('/tags/ship.json?page=2')
    assert.deepEqual(
      [answer.statusCode, answer.headers.location],
      [302, `${booru.base}/tags/boat.json?page=2`],
    )
  })
})

test('/tags/autocomplete.json: what a name, or a name in a namespace, begins with; at most 5', async () => {
  await using booru = await startBooru()
  await booru.import([
    ...shelf,
    item(7, { tags: ['adventure', 'boathouse', 'boat a', 'boat b', 'boat c', 'boat d'] }),
  ])
  assert.deepEqual(await booru.get('/tags/autocomplete.json?term=boa'), [
    { label: 'boat (5)', value: 'boat' },
    { label: 'boat a (1)', value: 'boat a' },
    { label: 'boat b (1)', value: 'boat b' },
    { label: 'boat c (1)', value: 'boat c' },
    { label: 'boat d (1)', value: 'boat d' },
  ])
  assert.deepEqual(await booru.get('/tags/autocomplete.json?term=ada'), [
    { label: 'artist:ada (1)', value: 'artist:ada' },
  ])
  assert.deepEqual(await booru.get('/tags/autocomplete.json?term=ad'), [])
  assert.deepEqual(await booru.get('/tags/autocomplete.json'), [])
})
