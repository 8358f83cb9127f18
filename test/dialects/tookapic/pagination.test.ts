import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTookapic, type Tookapic } from '../../helpers/start-tookapic.ts'

interface List {
  data: { username: string }[]
  meta: { pagination: { links: { previous?: string; next?: string } } }
}

async function withPeople(tookapic: Tookapic, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await tookapic.person(`p${n}`)
}

test('"paginated to 10 items by default. You can specify further pages with the ?page parameter"', async () => {
  await using tookapic = await startTookapic()
  await withPeople(tookapic, 23)
  const { base, anonymous } = tookapic
  const first = (await anonymous.get('/users')).json<List>()
  assert.equal(first.data.length, 10)
  assert.equal(
    JSON.stringify(first.meta),
    JSON.stringify({
      pagination: {
        total: 23,
        count: 10,
        per_page: 10,
        current_page: 1,
        total_pages: 3,
        links: { next: `${base}/users?page=2` },
      },
    }),
  )
  assert.deepEqual(Object.keys(first), ['data', 'meta'])
  // "Note that omitting the ?page parameter will return the first page."
  const named = (await anonymous.get('/users?page=1')).json<List>()
  assert.deepEqual(named.data, first.data)

  const last = (await anonymous.get('/users?page=3')).json<List>()
  assert.deepEqual(last.meta.pagination, {
    total: 23,
    count: 3,
    per_page: 10,
    current_page: 3,
    total_pages: 3,
    links: { previous: `${base}/users?page=2` },
  })
})

test('"you can also set a custom page size up to 50 with the ?per_page parameter": the example', async () => {
  await using tookapic = await startTookapic()
  await withPeople(tookapic, 45)
  const answer = await tookapic.anonymous.get('/users?page=2&per_page=40')
  const { data, meta } = answer.json<List>()
  assert.equal(data.length, 5)
  assert.deepEqual(meta.pagination, {
    total: 45,
    count: 5,
    per_page: 40,
    current_page: 2,
    total_pages: 2,
    links: { previous: `${tookapic.base}/users?page=1&per_page=40` },
  })
})

test('what cannot be meant is the default, too large a page is 50, past the end there is nothing', async () => {
  await using tookapic = await startTookapic()
  await withPeople(tookapic, 12)
  const pages = async (query: string) => {
    const { data, meta } = (await tookapic.anonymous.get(`/users?${query}`)).json<List>()
    const { per_page: size, current_page: page } = meta.pagination as unknown as Record<string, number>
    return [data.length, size, page]
  }
  for (const query of [
    'page=0',
    'page=-1',
    'page=x',
    'page=',
    'page',
    'page=1.5',
    'per_page=0',
    'per_page=-3',
    'per_page=x',
  ])
    assert.deepEqual(await pages(query), [10, 10, 1], query)
  assert.deepEqual(await pages('per_page=51'), [12, 50, 1])
  assert.deepEqual(await pages('per_page=99999999999999'), [12, 50, 1])
  assert.deepEqual(await pages('page=3'), [0, 10, 3])
  assert.deepEqual(await pages('page=999999999999'), [0, 10, 10_000_000])
  assert.deepEqual(await pages('page=7&page=2'), [2, 10, 2])
})

test('the links keep the query but for what is nobody else’s, and lead through all pages', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada')
  for (let n = 0; n < 5; n += 1) await tookapic.photo(ada, { title: `${n}` })
  const { base } = tookapic
  const list = (await ada.get(`/photos?sort=oldest&per_page=2&access_token=${ada.token}`)).json<List>()
  assert.equal(list.meta.pagination.links.next, `${base}/photos?sort=oldest&per_page=2&page=2`)

  const seen: unknown[] = []
  let next: string | undefined = '/photos?sort=oldest&per_page=2'
  while (next !== undefined) {
    const { data, meta }: List = (await ada.get(next)).json<List>()
    seen.push(...data.map((photo) => (photo as unknown as { title: string }).title))
    next = meta.pagination.links.next
  }
  assert.deepEqual(seen, ['0', '1', '2', '3', '4'])
})

test('every list has pages', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada')
  const id = await tookapic.photo(ada, { tags: ['sea', 'sky'] })
  for (const n of [1, 2]) {
    const other = await tookapic.person(`p${n}`)
    await tookapic.photo(other, { tags: ['sea'] })
    await tookapic.photo(ada)
    await other.send('PUT', '/users/ada/follow')
    await ada.send('PUT', `/users/p${n}/follow`)
    await other.send('PUT', `/photos/${id}/like`)
    await other.send('POST', `/photos/${id}/comments`, { content: `${n}` })
  }
  const lists = [
    '/users',
    '/users/ada/photos',
    '/users/ada/followers',
    '/users/ada/following',
    '/photos',
    `/photos/${id}/comments`,
    `/photos/${id}/likes`,
    '/tags',
    '/tags/sea',
  ]
  for (const path of lists) {
    const { data, meta } = (await tookapic.anonymous.get(`${path}?per_page=1&page=2`)).json<List>()
    assert.equal(data.length, 1, path)
    const expected = `${tookapic.base}${path}?per_page=1&page=1`
    assert.equal(meta.pagination.links.previous, expected)
  }
})
