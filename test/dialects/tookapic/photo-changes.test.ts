import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dataOf, errorsOf, same, startTookapic } from '../../helpers/start-tookapic.ts'
import { photo, START } from './shown.ts'

describe('PUT and DELETE /photos/:id', () => {
  test('what is said changes, the rest stays, and what is not theirs to say is passed over', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const id = await tookapic.photo(ada, { description: 'Low water', tags: ['sea'], takenOn: '2026-03-03' })
    tookapic.clock.advance(60)
    const change = {
      title: 'Quay',
      tags: ['Sky', 'b c'],
      place: 'Gdynia',
      id: 1,
      username: 'bob',
      count_likes: 9,
      created_at: '2001-01-01T00:00:00Z',
      is_liked: true,
    }
    same(
      dataOf(await ada.send('PUT', `/photos/${id}`, change)),
      photo(tookapic, id, 'ada', {
        title: 'Quay',
        description: 'Low water',
        number: 1,
        taken_on: '2026-03-03',
        updated_at: '2026-03-04T05:07:07Z',
        place: 'Gdynia',
        is_liked: false,
      }),
    )
    const { tags } = dataOf(await ada.get(`/photos/${id}?include=tags`)) as {
      tags: { data: { name: string }[] }
    }
    assert.deepEqual(
      tags.data.map(({ name }) => name),
      ['b c', 'sky'],
    )
    const emptied = { title: null, description: '', place: null, taken_on: null, tags: [] }
    const bare = { title: null, number: null, updated_at: '2026-03-04T05:07:07Z', is_liked: false }
    same(dataOf(await ada.send('PATCH', `/photos/${id}`, emptied)), photo(tookapic, id, 'ada', bare))
    assert.equal(START.slice(0, 10), '2026-03-04')
  })

  test('a new place leaves what the camera wrote', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const content = { camera: { model: 'Kestrel 7' }, note: 'kept' }
    const id = await tookapic.photo(ada, { content })
    const changed = dataOf(await ada.send('PUT', `/photos/${id}`, { place: 'Gdynia' }))
    assert.deepEqual([changed['place'], changed['camera']], ['Gdynia', 'Kestrel 7'])
    const row = await tookapic.vitrine.ctx.db.selectFrom('item').select('content').executeTakeFirstOrThrow()
    assert.deepEqual(JSON.parse(row.content), { ...content, place: 'Gdynia' })
  })

  test('422 names each field', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const id = await tookapic.photo(ada)
    const before = (await ada.get(`/photos/${id}`)).body
    const refused = await ada.send('PUT', `/photos/${id}`, {
      title: 'x'.repeat(1001),
      description: 'fine',
      tags: ['x'.repeat(300)],
    })
    assert.deepEqual(errorsOf(refused), {
      title: ['The title is too long (at most 1000 characters).'],
      tags: ['The tags has an entry of more than 255 bytes.'],
    })
    const types = await ada.send('PUT', `/photos/${id}`, {
      title: {},
      tags: { a: 1 },
      taken_on: [],
      place: 'x'.repeat(256),
    })
    assert.deepEqual(Object.keys(errorsOf(types)).toSorted(), ['place', 'tags', 'title'])
    assert.equal((await ada.get(`/photos/${id}`)).body, before)
  })

  test('somebody else’s photo is theirs; what is no photo is none', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const bob = await tookapic.person('bob')
    const theirs = await tookapic.photo(ada)
    const hidden = await tookapic.photo(ada, { visibility: 'private' })
    const page = await tookapic.photo(bob, { kind: 'page' })
    for (const [id, status] of [
      [theirs, 403],
      [hidden, 404],
      [page, 404],
      [99_999, 404],
    ] as const)
      for (const method of ['PUT', 'DELETE'] as const) {
        const answer = await bob.send(method, `/photos/${id}`, { title: 'Mine' })
        assert.equal(answer.statusCode, status, `${method} ${id}`)
      }
    assert.equal(dataOf(await ada.get(`/photos/${theirs}`))['title'], 'Harbour')
    const items = await tookapic.vitrine.ctx.db.selectFrom('item').select('id').execute()
    assert.equal(items.length, 3)
  })
})
