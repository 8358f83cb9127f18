import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { changeSettings } from '../../../src/library/account-settings.ts'
import { searchFields } from '../../../src/dialects/derpibooru/search-fields.ts'
import { startBooru, type Booru } from '../../helpers/started-booru.ts'
import { idsOf, same } from './objects.ts'
import { item, keyOf, shelf } from './shelf.ts'

// "Image Lists (/lists.json, /lists/top_scoring.json, etc.)", and the lists beside them.

interface List {
  images: unknown[]
  interactions: unknown[]
}
const idsAt = async (booru: Booru, path: string) => idsOf((await booru.get<List>(path)).images)

/** The day after the newest image of the shelf. */
const at = '2026-02-07T00:00:00.000Z'

describe('/lists.json', () => {
  test('three of each ranking, and what the caller made of them', async () => {
    await using booru = await startBooru({ at })
    await booru.import([...shelf, { type: 'reaction', item: 1, account: 'brook', sort: 'fave' }])
    const answer = await booru.get<Record<string, unknown[]>>(`/lists.json?key=${await keyOf(booru, 8)}`)
    assert.deepEqual(Object.keys(answer), [
      'top_scoring',
      'top_commented',
      'all_time_top_scoring',
      'interactions',
    ])
    assert.deepEqual(idsOf(answer['top_scoring'] ?? []), [3, 1, 6])
    assert.deepEqual(idsOf(answer['top_commented'] ?? []), [1, 2, 6])
    assert.deepEqual(idsOf(answer['all_time_top_scoring'] ?? []), [3, 1, 6])
    assert.equal(answer['interactions']?.length, 1)
  })

  test('"the list pages default to a 7 day sampling period; this can be altered … such as 6h, 24h, 7d, 4w"', async () => {
    await using booru = await startBooru({ at: '2026-02-11T00:00:00.000Z' })
    await booru.import(shelf)
    const every = '/lists/top_scoring.json?filter_id=56027'
    assert.deepEqual(await idsAt(booru, every), [4, 6, 5])
    for (const [last, ids] of [
      ['7d', [4, 6, 5]],
      ['6h', []],
      ['24h', []],
      ['144h', [6, 5]],
      ['1w', [4, 6, 5]],
      ['4w', [4, 3, 1, 6, 2, 5]],
      ['nonsense', [4, 6, 5]],
      ['', [4, 6, 5]],
      ['0d', [4, 6, 5]],
    ] as const)
      assert.deepEqual(await idsAt(booru, `${every}&last=${last}`), ids, last)
    assert.deepEqual(await idsAt(booru, '/lists/all_time_top_scoring.json?last=6h'), [3, 1, 6, 2, 5])
  })

  test('each ranking by itself has pages and the filter', async () => {
    await using booru = await startBooru({ at })
    await booru.import(shelf)
    assert.deepEqual(Object.keys(await booru.get('/lists/top_scoring.json')), ['images', 'interactions'])
    assert.deepEqual(await idsAt(booru, '/lists/top_scoring.json'), [3, 1, 6, 2, 5])
    assert.deepEqual(await idsAt(booru, '/lists/top_commented.json'), [1, 2, 6, 5, 3])
    assert.deepEqual(await idsAt(booru, '/lists/all_time_top_scoring.json?perpage=2&page=2'), [6, 2])
  })
})

describe('lists of the caller’s own', () => {
  test('/images/watched.json?key=yourkey', async () => {
    await using booru = await startBooru({ at })
    await booru.import(shelf)
    const viewer = { accountId: 7, role: 'member', scopes: null, app: null } as const
    const wanted = { watchedQuery: 'red\nkite', watchedExcludeQuery: 'uploader:ada' }
    await changeSettings(booru.ctx, viewer, wanted, searchFields)
    const key = await keyOf(booru, 7)
    assert.deepEqual(await idsAt(booru, `/images/watched.json?key=${key}`), [5, 2])
    assert.deepEqual(await idsAt(booru, `/images/watched.json?key=${key}&perpage=1&page=2`), [2])
    assert.deepEqual(await find(booru, `q=my:watched&key=${key}`), [5, 2])
  })

  test('/images/favourites.json, the older name of my:faves', async () => {
    await using booru = await startBooru({ at })
    await booru.import([...shelf, { type: 'reaction', item: 2, account: 'ada', sort: 'fave' }])
    const key = await keyOf(booru, 7)
    const { images, interactions } = await booru.get<List>(`/images/favourites.json?key=${key}`)
    assert.deepEqual(idsOf(images), [2])
    assert.deepEqual(Object.keys(Object(interactions[0])), [
      'id',
      'image_id',
      'user_id',
      'interaction_type',
      'value',
    ])
  })

  test('without a key they are 403', async () => {
    await using booru = await startBooru()
    for (const path of ['/images/watched.json', '/images/favourites.json', '/lists/my_comments.json']) {
      const answer = await booru.ask(path)
      assert.equal(answer.statusCode, 403, path)
      assert.deepEqual(Object.keys(answer.json()), ['message'])
    }
  })
})

const find = async (booru: Booru, query: string) =>
  idsOf((await booru.get<{ search: unknown[] }>(`/search.json?${query}`)).search)

describe('around an image', () => {
  test('related ones, the most alike first, under both names', async () => {
    await using booru = await startBooru({ at })
    await booru.import([
      shelf[0],
      item(1, { tags: ['safe', 'boat', 'red', 'harbour'] }),
      item(2, { tags: ['safe', 'kite'] }),
      item(3, { tags: ['safe', 'boat', 'red'] }),
      item(4, { tags: ['explicit', 'boat', 'red', 'harbour'] }),
      item(5, { tags: ['cloud'] }),
    ])
    assert.deepEqual(await idsAt(booru, '/images/1/related.json'), [3, 2])
    assert.deepEqual(await idsAt(booru, '/images/1/related.json?filter_id=56027'), [4, 3, 2])
    assert.deepEqual(await idsAt(booru, '/images/1/related.json?perpage=1'), [3])
    same(await booru.get('/related/1.json'), await booru.get('/images/1/related.json'))
    assert.equal((await booru.ask('/images/99/related.json')).statusCode, 404)
  })

  test('the next and the one before, in a search and in all', async () => {
    await using booru = await startBooru({ at })
    await booru.import(shelf)
    const step = async (path: string) => (await booru.get<{ id?: number }>(path)).id ?? null
    assert.equal(await step('/next/5.json'), 3)
    assert.equal(await step('/prev/5.json'), 6)
    assert.equal(await step('/prev/6.json'), null)
    assert.equal(await step('/next/1.json'), null)
    assert.deepEqual(await booru.get('/next/1.json'), {})
    assert.equal(await step('/next/6.json?q=boat,safe'), 2)
    assert.equal(await step('/next/1.json?q=*&sf=score'), 6)
    assert.equal(await step('/next/3.json?q=*&sf=score&sd=asc'), null)
    assert.equal(await step('/prev/3.json?q=*&sf=score&sd=asc'), 1)
    assert.equal((await booru.ask('/next/99.json')).statusCode, 404)
    const image = (await booru.get<{ search: unknown[] }>('/search.json?q=id:3')).search[0]
    same(await booru.get('/next/5.json'), image)
  })

  test('who favourited it', async () => {
    await using booru = await startBooru({ at })
    await booru.import([
      ...shelf,
      { type: 'reaction', item: 1, account: 'ada', sort: 'fave' },
      { type: 'reaction', item: 1, account: 'brook', sort: 'fave' },
    ])
    assert.deepEqual(await booru.get('/images/1/favorites.json'), [8, 7])
    assert.equal((await booru.ask('/images/99/favorites.json')).statusCode, 404)
  })
})
