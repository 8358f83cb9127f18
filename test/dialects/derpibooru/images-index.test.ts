import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mergeItem, takeDownItem } from '../../../src/library/moderation.ts'
import { OPERATOR } from '../../../src/library/viewer.ts'
import { startBooru, type Booru } from '../../helpers/started-booru.ts'
import { idsOf, plainImage, same } from './objects.ts'
import { day, item, keyOf, shelf } from './shelf.ts'

// "Image Index (/images.json)", parameter by parameter.

interface Index {
  images: unknown[]
  interactions: unknown[]
}
const idsAt = async (booru: Booru, query: string) =>
  idsOf((await booru.get<Index>(`/images.json${query}`)).images)

describe('/images.json', () => {
  test('the newest first, through the filter, beside what the caller made of them; no total', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    const answer = await booru.get<Index>('/images.json')
    assert.deepEqual(Object.keys(answer), ['images', 'interactions'])
    // The default filter hides what is explicit.
    assert.deepEqual(idsOf(answer.images), [6, 5, 3, 2, 1])
    assert.deepEqual(answer.interactions, [])
    assert.deepEqual(await idsAt(booru, '?filter_id=56027'), [6, 5, 4, 3, 2, 1])
  })

  test('an image of a list is that of its own page without what only that adds', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const id = await booru.add(ada)
    const { images } = await booru.get<Index>(`/images.json?key=${ada.key}`)
    same(images, [plainImage(booru, { id, uploaderId: ada.id, uploader: 'ada' })])
  })

  test('"page": 15 images each; 0, nothing and nonsense are the first; past the end there is nothing', async () => {
    await using booru = await startBooru()
    await booru.import([shelf[0], ...Array.from({ length: 20 }, (_, at) => item(at + 1))])
    const first = Array.from({ length: 15 }, (_, at) => 20 - at)
    for (const query of ['', '?page=1', '?page=0', '?page=', '?page=x', '?page=-1'])
      assert.deepEqual(await idsAt(booru, query), first, query)
    assert.deepEqual(await idsAt(booru, '?page=2'), [5, 4, 3, 2, 1])
    assert.deepEqual(await idsAt(booru, '?page=3'), [])
    assert.deepEqual(await idsAt(booru, '?page=999999999999'), [])
    same(await booru.get('/images/page/2.json'), await booru.get('/images.json?page=2'))
  })

  test('"perpage" is 1 to 50; out of range it counts as not sent', async () => {
    await using booru = await startBooru()
    await booru.import([shelf[0], ...Array.from({ length: 20 }, (_, at) => item(at + 1))])
    for (const [query, count] of [
      ['perpage=1', 1],
      ['perpage=20', 20],
      ['perpage=50', 20],
      ['perpage=51', 15],
      ['perpage=0', 15],
      ['perpage=x', 15],
    ] as const)
      assert.equal((await idsAt(booru, `?${query}`)).length, count, query)
  })

  test('"unless you use your key and have changed the Images per page option"', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    const key = await keyOf(booru, 7)
    await booru.ctx.db.insertInto('account_setting').values({ account_id: 7, items_per_page: 4 }).execute()
    assert.deepEqual(await idsAt(booru, `?key=${key}`), [6, 5, 3, 2])
    assert.deepEqual(await idsAt(booru, `?key=${key}&page=2`), [1])
    assert.deepEqual(await idsAt(booru, `?key=${key}&perpage=2`), [6, 5])
    assert.deepEqual(await idsAt(booru, ''), [6, 5, 3, 2, 1])
  })

  test('(read our way) a new image is held back for three minutes from those without a key', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const id = await booru.add(ada)
    assert.deepEqual(await idsAt(booru, ''), [])
    assert.deepEqual(await idsAt(booru, `?key=${ada.key}`), [id])
    booru.clock.advance(179)
    assert.deepEqual(await idsAt(booru, ''), [])
    booru.clock.advance(60)
    assert.deepEqual(await idsAt(booru, ''), [id])
  })

  test('"random_image": "order the images randomly"', async () => {
    await using booru = await startBooru()
    await booru.import([shelf[0], ...Array.from({ length: 12 }, (_, at) => item(at + 1))])
    const orders = new Set<string>()
    for (let tries = 0; tries < 5; tries += 1) {
      const ids = await idsAt(booru, '?random_image=1')
      assert.deepEqual(
        ids.toSorted((a, b) => a - b),
        Array.from({ length: 12 }, (_, at) => at + 1),
      )
      orders.add(ids.join())
    }
    assert.ok(orders.size > 1)
    const { headers } = await booru.ask('/images.json?random_image=1')
    assert.equal(headers['cache-control'], 'no-store')
  })

  test('what the caller hid is left out, unless "hidden" asks for it', async () => {
    await using booru = await startBooru()
    await booru.import([...shelf, { type: 'reaction', item: 6, account: 'ada', sort: 'hide' }])
    const key = await keyOf(booru, 7)
    assert.deepEqual(await idsAt(booru, `?key=${key}`), [5, 3, 2, 1])
    assert.deepEqual(await idsAt(booru, `?key=${key}&hidden=1`), [6, 5, 3, 2, 1])
    assert.deepEqual(await idsAt(booru, ''), [6, 5, 3, 2, 1])
  })
})

describe('"constraint"', () => {
  const every = [1, 2, 3, 4, 5, 6]
  const cases: [string, number[]][] = [
    // "The default order is 'a'." Whatever the filter says: it is a plain listing.
    ['constraint=id', every],
    ['constraint=created', every],
    ['constraint=first_seen_at', every],
    ['constraint=updated', every],
    ['constraint=id&order=a', every],
    ['constraint=id&order=d', every.toReversed()],
    ['constraint=id&filter_id=100073', every],
    ['constraint=id&gt=4', [5, 6]],
    ['constraint=id&gte=4', [4, 5, 6]],
    ['constraint=id&lt=3', [1, 2]],
    ['constraint=id&lte=3', [1, 2, 3]],
    ['constraint=id&gt=1&lte=3&order=d', [3, 2]],
    ['constraint=id&gte=4&perpage=2&page=2', [6]],
    [`constraint=created&gt=${day(4)}`, [5, 6]],
    [`constraint=created&gte=${day(4)}`, [4, 5, 6]],
    [`constraint=created&lt=${day(4)}`, [1, 2, 3]],
    [`constraint=created&lte=${day(4)}`, [1, 2, 3, 4]],
    ['constraint=created&gte=2026-02-05', [5, 6]],
    ['constraint=updated&gte=2026-02-20', [6]],
    [`constraint=first_seen_at&gt=${day(5)}&order=d`, [6]],
    // Any other field, order or value gives an empty list.
    ['constraint=score', []],
    ['constraint=', []],
    ['constraint=id&order=x', []],
    ['constraint=id&order=', []],
    ['constraint=id&gt=x', []],
    ['constraint=id&gt=', []],
    ['constraint=created&lt=yesterday', []],
    ['constraint=created&lt=2026-02-30', []],
  ]
  test('field, comparisons, order and page', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    for (const [query, ids] of cases) assert.deepEqual(await idsAt(booru, `?${query}`), ids, query)
  })
})

describe('"deleted"', () => {
  test('"includes limited information about deleted and duplicate images"', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    await takeDownItem(booru.ctx, OPERATOR, 1, 'Rule 1')
    await mergeItem(booru.ctx, OPERATOR, 2, 6)
    assert.deepEqual(await idsAt(booru, '?constraint=id'), [3, 4, 5, 6])
    for (const query of ['deleted=1', 'deleted=', 'deleted']) {
      const { images } = await booru.get<Index>(`/images.json?constraint=id&${query}`)
      assert.deepEqual(idsOf(images), [1, 2, 3, 4, 5, 6], query)
      same(images[0], await booru.get('/1.json'))
      same(images[1], await booru.get('/2.json'))
    }
    assert.deepEqual(await idsAt(booru, '?deleted=1'), [6, 5, 3, 2, 1])
  })

  test('what is private stays so', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    await booru.add(ada, { visibility: 'private' })
    assert.deepEqual(await idsAt(booru, '?constraint=id&deleted=1'), [])
  })
})
