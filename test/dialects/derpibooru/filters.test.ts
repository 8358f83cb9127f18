import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chooseFilter } from '../../../src/library/filters.ts'
import { startBooru, type Booru } from '../../helpers/started-booru.ts'
import { idsOf, same } from './objects.ts'
import { keyOf, shelf } from './shelf.ts'

// Filters: "Search endpoints are controlled by the current user's filter (or the default, if no key is supplied)".

interface Filter extends Record<string, unknown> {
  id: number
}
interface Lists {
  system_filters: Filter[]
  user_filters: Filter[] | null
  search_filters: Filter[]
}

const make = async (booru: Booru, key: string, form: Record<string, string>) => {
  const answer = await booru.ask(`/filters.json?key=${key}`, { method: 'POST', form })
  assert.equal(answer.statusCode, 201, answer.body)
  return answer.json<Filter>()
}

describe('lists of filters', () => {
  test('those of the installation have the ids that clients send unasked', async () => {
    await using booru = await startBooru()
    const lists = await booru.get<Lists>('/filters.json')
    assert.deepEqual(Object.keys(lists), ['system_filters', 'user_filters', 'search_filters'])
    const ids = lists.system_filters.map(({ id }) => id)
    assert.deepEqual(ids, [100073, 37429, 37430, 37431, 37432, 56027])
    assert.deepEqual([lists.user_filters, lists.search_filters], [null, []])
  })

  test('one’s own, and public ones by a text', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    const key = await keyOf(booru, 7)
    const open = await make(booru, key, { 'filter[name]': 'Boats only', 'filter[public]': '1' })
    const closed = await make(booru, key, { name: 'Boats for me' })
    const lists = await booru.get<Lists>(`/filters.json?key=${key}&fq=boats`)
    assert.deepEqual(
      lists.user_filters?.map(({ id }) => id),
      [open.id, closed.id],
    )
    assert.deepEqual(
      lists.search_filters.map(({ id }) => id),
      [open.id],
    )
    assert.deepEqual((await booru.get<Lists>('/filters.json?fq=kites')).search_filters, [])
  })
})

describe('a filter', () => {
  test('whole, of the installation and one’s own', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    const idOf = async (name: string) =>
      (await booru.get<{ tag: { id: number } }>(`/tags/${name}.json`)).tag.id
    const system = await booru.get<Filter>('/filters/100073.json')
    same(system, {
      id: 100073,
      name: 'Default',
      description: system['description'],
      hidden_tag_ids: [await idOf('explicit')],
      spoilered_tag_ids: [await idOf('questionable')],
      spoilered_tags: ['questionable'],
      hidden_tags: ['explicit'],
      hidden_complex: '',
      spoilered_complex: '',
      public: true,
      system: true,
      user_count: 0,
      user_id: null,
    })
    const key = await keyOf(booru, 7)
    const own = await make(booru, key, {
      'filter[name]': 'No kites',
      'filter[description]': 'Kites frighten me.',
      'filter[hidden_tags]': 'kite',
      'filter[spoilered_tag_ids][]': String(await idOf('red')),
      'filter[hidden_complex]': 'score.lt:0',
    })
    const expected = {
      id: own.id,
      name: 'No kites',
      description: 'Kites frighten me.',
      hidden_tag_ids: [await idOf('kite')],
      spoilered_tag_ids: [await idOf('red')],
      spoilered_tags: ['red'],
      hidden_tags: ['kite'],
      hidden_complex: 'score.lt:0',
      spoilered_complex: '',
      public: false,
      system: false,
      user_count: 0,
      user_id: 7,
    }
    same(own, expected)
    same(await booru.get(`/filters/${own.id}.json?key=${key}`), expected)
    // Somebody else's that is not public, and none.
    for (const path of [`/filters/${own.id}.json`, '/filters/9.json', '/filters/x.json'])
      assert.equal((await booru.ask(path)).statusCode, 404, path)
  })

  test('is changed and removed by its owner', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    const [ada, brook] = [await keyOf(booru, 7), await keyOf(booru, 8)]
    const { id } = await make(booru, ada, { name: 'Mine', public: '1', hidden_tags: 'kite' })
    const change = (key: string, form: Record<string, string>) =>
      booru.ask(`/filters/${id}.json?key=${key}`, { method: 'PUT', form })
    const changed = await change(ada, { name: 'Ours', hidden_tags: '' })
    assert.equal(changed.statusCode, 200)
    assert.deepEqual([changed.json<Filter>()['name'], changed.json<Filter>()['hidden_tags']], ['Ours', []])
    assert.equal((await change(brook, { name: 'Brook’s' })).statusCode, 403)
    const refused = await change(ada, { name: '', hidden_complex: '(', hidden_tags: 'no such tag' })
    assert.equal(refused.statusCode, 422)
    assert.deepEqual(Object.keys(refused.json()).toSorted(), ['hidden_complex', 'hidden_tags', 'name'])

    const remove = (key: string) => booru.ask(`/filters/${id}.json?key=${key}`, { method: 'DELETE' })
    assert.equal((await remove(brook)).statusCode, 403)
    assert.equal((await remove(ada)).statusCode, 204)
    assert.equal((await remove(ada)).statusCode, 404)
    assert.equal((await booru.ask('/filters/100073.json', { method: 'DELETE' })).statusCode, 403)
  })

  test('needs a key to be made', async () => {
    await using booru = await startBooru()
    const answer = await booru.ask('/filters.json', { method: 'POST', form: { name: 'x' } })
    assert.equal(answer.statusCode, 403)
  })
})

describe('the filter of a request', () => {
  test('is the one chosen by the key’s owner, else "filter_id", else the default', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    const key = await keyOf(booru, 7)
    const { id } = await make(booru, key, { name: 'No kites', hidden_tags: 'kite', spoilered_tags: 'red' })
    const viewer = { accountId: 7, role: 'member', scopes: null, app: null } as const
    const idsAt = async (query: string) =>
      idsOf((await booru.get<{ images: unknown[] }>(`/images.json?${query}`)).images)

    assert.deepEqual(await idsAt(`key=${key}`), [6, 5, 3, 2, 1])
    await chooseFilter(booru.ctx, viewer, id)
    assert.deepEqual(await idsAt(`key=${key}`), [4, 3, 2, 1])
    assert.deepEqual(await idsAt(`key=${key}&filter_id=56027`), [6, 5, 4, 3, 2, 1])
    // Not public: for somebody else it is as if there were none.
    assert.deepEqual(await idsAt(`filter_id=${id}`), [6, 5, 3, 2, 1])

    assert.equal((await booru.get<Filter>('/filters/current.json')).id, 100073)
    assert.equal((await booru.get<Filter>('/filters/current.json?filter_id=56027')).id, 56027)
    const current = await booru.get<Filter>(`/filters/current.json?key=${key}`)
    assert.deepEqual([current.id, current['user_count']], [id, 1])
  })

  test('says what is spoilered, on an image’s own page', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    const spoilered = async (path: string) => (await booru.get(path))['spoilered']
    assert.equal(await spoilered('/3.json'), true)
    assert.equal(await spoilered('/1.json'), false)
    assert.equal(await spoilered('/3.json?filter_id=56027'), false)
  })
})
