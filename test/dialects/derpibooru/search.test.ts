import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { takeDownItem } from '../../../src/library/moderation.ts'
import { OPERATOR } from '../../../src/library/viewer.ts'
import { startBooru, type Booru } from '../../helpers/started-booru.ts'
import { idsOf, same } from './objects.ts'
import { item, keyOf, shelf } from './shelf.ts'

// "Image Search (/search.json)", and the searches among the documented examples.

interface Found {
  search: unknown[]
  total: number
  interactions: unknown[]
}
const find = async (booru: Booru, query: string) => {
  const { search, total } = await booru.get<Found>(`/search.json?${query}`)
  return { ids: idsOf(search), total }
}

describe('the documented examples', () => {
  test('/search.json?q=pinkie+pie, and its second page', async () => {
    await using booru = await startBooru()
    const tagged = Array.from({ length: 17 }, (_, at) => item(at + 1, { tags: ['safe', 'blue boat'] }))
    await booru.import([shelf[0], ...tagged, item(18, { tags: ['safe', 'blue'] })])
    const answer = await booru.get<Found>('/search.json?q=blue+boat')
    assert.deepEqual(Object.keys(answer), ['search', 'total', 'interactions'])
    assert.deepEqual([answer.search.length, answer.total], [15, 17])
    assert.deepEqual(await find(booru, 'q=blue+boat&page=2'), { ids: [2, 1], total: 17 })
    assert.deepEqual(await find(booru, 'q=blue+boat&page=3'), { ids: [], total: 17 })
    same(answer.search[0], (await booru.get<{ images: unknown[] }>('/images.json?page=1')).images[1])
  })

  test('/search.json?q=first_seen_at.gt:3+days+ago', async () => {
    await using booru = await startBooru({ at: '2026-02-06T12:00:00.000Z' })
    await booru.import(shelf)
    assert.deepEqual((await find(booru, 'q=first_seen_at.gt:3+days+ago&filter_id=56027')).ids, [6, 5, 4])
  })

  test('/search.json?q=my:faves&key=yourkey, and my:upvotes', async () => {
    await using booru = await startBooru()
    await booru.import([
      ...shelf,
      { type: 'reaction', item: 1, account: 'brook', sort: 'fave' },
      { type: 'reaction', item: 2, account: 'brook', sort: 'upvote' },
      { type: 'reaction', item: 3, account: 'ada', sort: 'fave' },
    ])
    const key = await keyOf(booru, 8)
    assert.deepEqual(await find(booru, `q=my:faves&key=${key}`), { ids: [1], total: 1 })
    assert.deepEqual(await find(booru, `q=my:upvotes&key=${key}`), { ids: [2], total: 1 })
    // Nobody has no faves.
    assert.deepEqual(await find(booru, 'q=my:faves'), { ids: [], total: 0 })
  })
})

describe('the parameters', () => {
  const cases: [string, number[]][] = [
    ['q=safe', [6, 5, 2, 1]],
    ['q=safe,boat', [6, 2, 1]],
    ['q=safe,-boat', [5]],
    ['q=boat', [6, 3, 2, 1]],
    ['sbq=kite', [6, 5]],
    ['q=*', [6, 5, 3, 2, 1]],
    ['q=artist:ada', [1]],
    ['q=artist:*', [1]],
    ['q=uploader:brook', [2]],
    ['q=uploader:ada+l', [6, 3, 1]],
    ['q=nobody+tags+this', []],
    // "Minimum score for images", "Maximum score for images"; both belong to the range.
    ['q=*&min_score=8', [3, 1]],
    ['q=*&max_score=0', [6, 5, 2]],
    ['q=*&min_score=-5&max_score=8', [6, 5, 2, 1]],
    ['q=*&min_score=x', [6, 5, 3, 2, 1]],
    // "must be between 1 and 50"
    ['q=*&perpage=2&page=2', [3, 2]],
    ['q=*&perpage=99', [6, 5, 3, 2, 1]],
    // Sorting; ties by id descending in both directions.
    ['q=*&sf=score', [3, 1, 6, 2, 5]],
    ['q=*&sf=score&sd=asc', [5, 6, 2, 1, 3]],
    ['q=*&sf=comments', [1, 2, 6, 5, 3]],
    ['q=*&sf=comment_count', [1, 2, 6, 5, 3]],
    ['q=*&sf=id&sd=asc', [1, 2, 3, 5, 6]],
    ['q=*&sf=nonsense&sd=nonsense', [6, 5, 3, 2, 1]],
    ['q=*&sf=width', [6, 5, 3, 2, 1]],
    ['q=*&filter_id=56027', [6, 5, 4, 3, 2, 1]],
    // An empty, unknown or unreadable filter is the default one.
    ['q=*&filter_id=', [6, 5, 3, 2, 1]],
    ['q=*&filter_id=99', [6, 5, 3, 2, 1]],
    ['q=*&filter_id=x', [6, 5, 3, 2, 1]],
    // Accepted and without meaning.
    ['q=kite&nocomments&nofav&comments=1&fav=1&limit=1&utf8=%E2%9C%93&commit=Search', [6, 5]],
  ]
  test('q, page, perpage, min_score, max_score, sf, sd, filter_id', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    for (const [query, ids] of cases) assert.deepEqual((await find(booru, query)).ids, ids, query)
  })

  test('(read our way) without a query nothing is found', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    for (const query of ['', 'q=', 'q=+', 'page=2', 'sf=score'])
      same(await booru.get(`/search.json?${query}`), { search: [], total: 0, interactions: [] })
  })

  test('faves, upvotes, uploads, watched: "only" and "not", with a key', async () => {
    await using booru = await startBooru()
    await booru.import([
      ...shelf,
      { type: 'reaction', item: 1, account: 'ada', sort: 'fave' },
      { type: 'reaction', item: 2, account: 'ada', sort: 'upvote' },
    ])
    const key = await keyOf(booru, 7)
    const kite = await booru.ctx.db
      .selectFrom('tag')
      .select('id')
      .where('name', '=', 'kite')
      .executeTakeFirstOrThrow()
    await booru.ctx.db
      .insertInto('tag_watch')
      .values({ account_id: 7, tag_id: kite.id, created_ms: 0 })
      .execute()
    for (const [query, ids] of [
      ['faves=only', [1]],
      ['faves=not', [6, 5, 3, 2]],
      ['upvotes=only', [2]],
      ['uploads=only', [6, 3, 1]],
      ['uploads=not', [5, 2]],
      ['watched=only', [6, 5]],
      ['watched=only&uploads=not', [5]],
      ['faves=x', [6, 5, 3, 2, 1]],
    ] as const)
      assert.deepEqual((await find(booru, `q=*&key=${key}&${query}`)).ids, ids, query)
    assert.deepEqual((await find(booru, 'q=*&faves=only')).ids, [6, 5, 3, 2, 1])
  })

  test('"random_image" gives the id of one match and nothing else', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    const seen = new Set<number>()
    for (let tries = 0; tries < 20; tries += 1) {
      const answer = await booru.get<{ id: number }>('/search.json?q=boat,safe&random_image=1')
      assert.deepEqual(Object.keys(answer), ['id'])
      seen.add(answer.id)
    }
    assert.ok(seen.size > 1)
    assert.ok([...seen].every((id) => [1, 2, 6].includes(id)))
    assert.deepEqual(await booru.get('/search.json?q=nothing&random_image=1'), { id: null })
  })

  test('sf=random:SEED is one order, the same on all its pages', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    const whole = (await find(booru, 'q=*&sf=random:31')).ids
    assert.deepEqual((await find(booru, 'q=*&sf=random:31')).ids, whole)
    const pages = await Promise.all(
      [1, 2, 3].map((page) => find(booru, `q=*&sf=random:31&perpage=2&page=${page}`)),
    )
    assert.deepEqual(
      pages.flatMap(({ ids }) => ids),
      whole,
    )
    assert.equal((await booru.ask('/search.json?q=*&sf=random')).headers['cache-control'], 'no-store')
  })

  test('"deleted" and "hidden"', async () => {
    await using booru = await startBooru()
    await booru.import([...shelf, { type: 'reaction', item: 6, account: 'ada', sort: 'hide' }])
    await takeDownItem(booru.ctx, OPERATOR, 1, null)
    const key = await keyOf(booru, 7)
    assert.deepEqual(await find(booru, 'q=safe'), { ids: [6, 5, 2], total: 3 })
    assert.deepEqual(await find(booru, 'q=safe&deleted=1'), { ids: [6, 5, 2, 1], total: 4 })
    assert.deepEqual(await find(booru, `q=safe&key=${key}`), { ids: [5, 2], total: 2 })
    assert.deepEqual(await find(booru, `q=safe&key=${key}&hidden=1`), { ids: [6, 5, 2], total: 3 })
  })
})

describe('a query that cannot be read', () => {
  test('is 400, and says where', async () => {
    await using booru = await startBooru()
    for (const [query, at] of [
      ['(a', 1],
      ['a)', 2],
      ['a,', 3],
      [',a', 1],
      ['a, , b', 4],
      ['(a) b', 5],
      ['width:x', 7],
      ['created_at:2015-02-30', 12],
    ] as const) {
      const answer = await booru.ask(`/search.json?q=${encodeURIComponent(query)}`)
      assert.equal(answer.statusCode, 400, query)
      assert.match(
        answer.json<{ error: string }>().error,
        new RegExp(`^Expected .+ at character ${at}\\.$`),
        query,
      )
    }
  })

  test('also among random images and on the way to the next one', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    for (const path of ['/search.json?q=(&random_image=1', '/next/1.json?q=(', '/prev/1.json?q=('])
      assert.equal((await booru.ask(path)).statusCode, 400, path)
  })
})
