import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { watchCollection } from '../../../src/library/galleries.ts'
import { startBooru, type Booru } from '../../helpers/started-booru.ts'
import { idsOf, same } from './objects.ts'
import { keyOf, shelf } from './shelf.ts'

// "Image Galleries", statement by statement.

const gallery = (id: number, owner: string, title: string, fields: Record<string, unknown> = {}) => ({
  type: 'collection',
  kind: 'gallery',
  id,
  owner,
  title,
  created_at: '2026-02-10T00:00:00.000Z',
  updated_at: `2026-02-${String(10 + id).padStart(2, '0')}T00:00:00.000Z`,
  ...fields,
})
const holds = (collection: number, ...items: number[]) =>
  items.map((one, at) => ({ type: 'collection_item', collection, item: one, position: at + 1 }))

const lines = [
  ...shelf,
  gallery(1, 'ada', 'Boats', { description: 'Only *boats*.' }),
  gallery(2, 'ada', 'Empty'),
  gallery(3, 'brook', 'Mixed'),
  { type: 'collection', kind: 'bucket', id: 4, owner: 'ada', title: 'A bucket' },
  gallery(5, 'ada', 'Secret', { private: true }),
  ...holds(1, 4, 1, 6, 2),
  ...holds(3, 5, 1),
]
const started = async () => {
  const booru = await startBooru()
  await booru.import(lines)
  return booru
}
interface Gallery extends Record<string, unknown> {
  id: number
}
const idsAt = async (booru: Booru, path: string) => (await booru.get<Gallery[]>(path)).map(({ id }) => id)

describe('/galleries/{user_name}.json', () => {
  test('"returns all galleries belonging to the specified user", newest-updated first', async () => {
    await using booru = await started()
    const galleries = await booru.get<Gallery[]>('/galleries/ada.json')
    assert.deepEqual(
      galleries.map(({ id }) => id),
      [2, 1],
    )
    same(galleries[1], {
      id: 1,
      title: 'Boats',
      description: 'Only *boats*.',
      spoiler_warning: '',
      updated_at: '2026-02-11T00:00:00.000Z',
      created_at: '2026-02-10T00:00:00.000Z',
      creator_id: 7,
      watcher_count: 0,
      image_count: 4,
    })
    assert.deepEqual(await idsAt(booru, '/galleries/Ada+L.json'), [2, 1])
    assert.equal((await booru.ask('/galleries/nobody.json')).statusCode, 404)
  })

  test('"Showing 20 items per page."', async () => {
    await using booru = await startBooru()
    const many = Array.from({ length: 21 }, (_, at) =>
      gallery(at + 1, 'ada', `Number ${at + 1}`, { updated_at: '2026-02-11T00:00:00.000Z' }),
    )
    await booru.import([shelf[0], ...many])
    assert.equal((await idsAt(booru, '/galleries/ada.json')).length, 20)
    assert.deepEqual(await idsAt(booru, '/galleries/ada.json?page=2'), [1])
    assert.deepEqual(await idsAt(booru, '/galleries/ada.json?page=3'), [])
  })

  test('"include_images": ids "in the order defined by the owning user, disregarding content filters"', async () => {
    await using booru = await started()
    const [empty, boats] = await booru.get<Gallery[]>('/galleries/ada.json?include_images=1')
    assert.deepEqual(empty?.['image_ids'], [])
    assert.deepEqual(boats?.['image_ids'], [2, 6, 1, 4])
    assert.equal(Object.keys(boats ?? {}).at(-1), 'image_ids')
    await booru.ctx.db.updateTable('collection').set({ order_position_asc: 1 }).where('id', '=', 1).execute()
    booru.clock.advance(61)
    const again = await booru.get<Gallery[]>('/galleries/ada.json?include_images')
    assert.deepEqual(again[1]?.['image_ids'], [4, 1, 6, 2])
  })
})

describe('/galleries/{user_name}/{gallery_id}.json', () => {
  test('"an array of image objects, identical to those returned by image listing requests"', async () => {
    await using booru = await started()
    const answer = await booru.get<{ gallery: Gallery; images: unknown[] }>('/galleries/ada/1.json')
    assert.deepEqual(Object.keys(answer), ['gallery', 'images', 'interactions'])
    same(answer.gallery, (await booru.get<Gallery[]>('/galleries/ada.json'))[1])
    // "Content filters are respected as well."
    assert.deepEqual(idsOf(answer.images), [2, 6, 1])
    same(answer.images[1], (await booru.get<{ images: unknown[] }>('/images.json')).images[0])
    const second = await booru.get<{ images: unknown[] }>(
      '/galleries/ada/1.json?perpage=2&page=2&filter_id=56027',
    )
    assert.deepEqual(idsOf(second.images), [1, 4])
  })

  test('a search knows what is in it, and in which order', async () => {
    await using booru = await started()
    const find = async (query: string) =>
      idsOf((await booru.get<{ search: unknown[] }>(`/search.json?filter_id=56027&${query}`)).search)
    assert.deepEqual(await find('q=gallery_id:1'), [6, 4, 2, 1])
    assert.deepEqual(await find('q=gallery_id:1&sf=gallery_id:1'), [2, 6, 1, 4])
    assert.deepEqual(await find('q=gallery_id:1&sf=gallery_id:1&sd=asc'), [4, 1, 6, 2])
  })

  test('another user in the address: "redirected (301) to the correct URL"', async () => {
    await using booru = await started()
    for (const [path, location] of [
      ['/galleries/brook/1.json', '/galleries/ada/1.json'],
      ['/galleries/nobody/1.json?page=2&perpage=3', '/galleries/ada/1.json?page=2&perpage=3'],
      ['/galleries/brook/1', '/galleries/ada/1'],
    ] as const) {
      const answer = await booru.ask(path)
      assert.deepEqual([answer.statusCode, answer.headers.location], [301, booru.base + location], path)
    }
  })

  test('what is no gallery, or private, is not there', async () => {
    await using booru = await started()
    for (const path of [
      '/galleries/ada/99.json',
      '/galleries/ada/4.json',
      '/galleries/ada/5.json',
      '/galleries/ada/x.json',
    ])
      assert.equal((await booru.ask(path)).statusCode, 404, path)
    const key = await keyOf(booru, 7)
    assert.equal((await booru.ask(`/galleries/ada/5.json?key=${key}`)).statusCode, 200)
  })
})

describe('later forms', () => {
  test('/galleries/ID.json and /galleries.json?user=NAME', async () => {
    await using booru = await started()
    same(await booru.get('/galleries/3.json'), await booru.get('/galleries/brook/3.json'))
    assert.deepEqual(await idsAt(booru, '/galleries.json?user=brook'), [3])
    assert.equal((await booru.ask('/galleries.json?user=nobody')).statusCode, 404)
  })

  test('/galleries.json: title, description, creator, include_image, show_empty, my_subs, sf, sd, page', async () => {
    await using booru = await started()
    const viewer = { accountId: 7, role: 'member', scopes: null, app: null } as const
    await watchCollection(booru.ctx, viewer, 3, true)
    const key = await keyOf(booru, 7)
    for (const [query, ids] of [
      ['', [3, 1]],
      ['show_empty=1', [3, 2, 1]],
      ['show_empty=0', [3, 1]],
      ['title=boat', [1]],
      ['description=only', [1]],
      ['creator=brook', [3]],
      ['include_image=1', [3, 1]],
      ['include_image=5', [3]],
      ['sf=image_count', [1, 3]],
      ['sf=image_count&sd=asc', [3, 1]],
      ['perpage=1&page=2', [1]],
      [`my_subs=1&key=${key}`, [3]],
      [`key=${key}`, [3, 1]],
    ] as const)
      assert.deepEqual(await idsAt(booru, `/galleries.json?${query}`), ids, query)
    assert.equal((await booru.get<Gallery[]>('/galleries.json?creator=brook'))[0]?.['watcher_count'], 1)
  })
})
