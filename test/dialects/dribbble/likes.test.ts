import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startVitrine } from '../../helpers/vitrine.ts'
import { placeholders, quickShot, same, shotV1, START, userV1 } from './shown.ts'

// v1 Likes, "List the likes for a shot": each with an id and a time of its own
test('the likes of a shot are wrapped users, the newest first', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const id = await quickShot(vitrine, ada)
  await ada.post(`/v1/shots/${id}/like`)
  await bo.post(`/v1/shots/${id}-Harbour/like`)

  const likes = await vitrine.anonymous.get(`/v1/shots/${id}/likes`)
  const adas = userV1(vitrine, ada, { likes_count: 1, likes_received_count: 2, shots_count: 1 })
  same(likes.data(), [
    { id: 2, created_at: START, user: userV1(vitrine, bo, { likes_count: 1 }) },
    { id: 1, created_at: START, user: adas },
  ])
  assert.equal((await bo.get('/v1/shots/999/likes')).statusCode, 404)
})

// v1 Likes, "Like a shot", "Check if you like a shot", "Unlike a shot"
test('liking twice gives the same like and counts once; unliking is safe to repeat', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const id = await quickShot(vitrine, ada)
  const path = `/v1/shots/${id}/like`
  const count = async () => ((await bo.get(`/v1/shots/${id}`)).data() as { likes_count: number }).likes_count

  assert.equal((await bo.get(path)).statusCode, 404)
  const first = await bo.post(path)
  assert.equal(first.statusCode, 201)
  same(first.data(), { id: 1, created_at: START })
  vitrine.clock.advance(60)
  const second = await bo.post(path)
  assert.deepEqual([second.statusCode, second.body], [201, first.body])
  assert.equal(await count(), 1)

  const check = await bo.get(path)
  assert.deepEqual([check.statusCode, check.body], [200, first.body])
  assert.equal((await ada.get(path)).statusCode, 404)

  for (const _ of [1, 2]) {
    const gone = await bo.delete(path)
    assert.deepEqual([gone.statusCode, gone.body], [204, ''])
  }
  assert.equal(await count(), 0)
  assert.equal((await bo.get(path)).statusCode, 404)
})

// The first drafts of API v1 had PUT and an empty answer
test('PUT is the same as POST, without an answer', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const id = await quickShot(vitrine, ada)
  const liked = await ada.put(`/v1/shots/${id}/like`)
  assert.deepEqual([liked.statusCode, liked.body], [204, ''])
  assert.equal((await ada.get(`/v1/shots/${id}/like`)).statusCode, 200)
})

test('likes need somebody with the scope and a shot they may see', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const reader = await vitrine.person('reader', { scopes: 'public upload comment' })
  const id = await quickShot(vitrine, ada)
  const hidden = await quickShot(vitrine, ada, { visibility: 'private' })

  assert.equal((await vitrine.anonymous.get(`/v1/shots/${id}/like`)).statusCode, 401)
  assert.equal((await vitrine.anonymous.post(`/v1/shots/${id}/like`)).statusCode, 401)
  for (const verb of ['post', 'put', 'delete'] as const)
    assert.equal((await reader[verb](`/v1/shots/${id}/like`)).statusCode, 403)
  for (const verb of ['get', 'post', 'put', 'delete'] as const)
    assert.equal((await bo[verb](`/v1/shots/${hidden}/like`)).statusCode, 404)
  assert.equal((await bo.post('/v1/shots/harbour/like')).statusCode, 404)
})

// v1 Users, "List shot likes for a user"
test("a user's likes are wrapped shots", async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const id = await quickShot(vitrine, ada)
  const low = await quickShot(vitrine, ada, { lowProfile: true })
  await bo.post(`/v1/shots/${id}/like`)
  await bo.post(`/v1/shots/${low}/like`)

  const user = userV1(vitrine, ada, { likes_received_count: 1, shots_count: 1 })
  const shot = shotV1(vitrine, { id, ownerId: ada.id, user }, { likes_count: 1 })
  same((await vitrine.anonymous.get('/v1/users/bo/likes')).data(), [{ id: 1, created_at: START, shot }])

  const own = (await bo.get('/v1/user/likes')).data()
  assert.ok(Array.isArray(own))
  // Nobody else is shown low-profile shots in lists, but one's own list has all that one liked.
  assert.deepEqual(
    own.map(({ shot: one }) => one.id),
    [low, id],
  )
  assert.equal((await vitrine.anonymous.get('/v1/user/likes')).statusCode, 401)
})

// v2 Likes, for approved applications only
test('v2 shows likes to approved applications in its own form', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo', { approved: true })
  const id = await quickShot(vitrine, ada, { description: 'Boats & nets' })

  const made = await bo.post(`/v2/shots/${id}/like`)
  assert.equal(made.statusCode, 201)
  same(made.data(), { id: 1, created_at: START })
  same((await bo.get(`/v2/shots/${id}/like`)).data(), { id: 1, created_at: START })
  const shot = {
    id,
    title: 'Harbour',
    description: '<p>Boats &amp; nets</p>',
    images: placeholders(vitrine, ada.id, id, 'harbour'),
    published_at: START,
    html_url: `${vitrine.base}/shots/${id}-Harbour`,
    height: 300,
    width: 400,
  }
  const user = { id: ada.id, name: 'ada', login: 'ada', html_url: `${vitrine.base}/ada` }
  same((await bo.get('/v2/user/likes')).data(), [{ id: 1, created_at: START, shot, user }])
  same((await bo.get('/v2/popular_shots')).data(), [shot])
  assert.equal((await bo.delete(`/v2/shots/${id}/like`)).statusCode, 204)
  same((await bo.get('/v2/user/likes')).data(), [])
})

test('v2 refuses likes and popular shots to any other application', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const reader = await vitrine.person('reader', { approved: true, scopes: 'public' })
  const id = await quickShot(vitrine, ada)
  for (const path of ['/v2/user/likes', '/v2/popular_shots', `/v2/shots/${id}/like`]) {
    assert.equal((await ada.get(path)).statusCode, 403, path)
    assert.equal((await vitrine.anonymous.get(path)).statusCode, 401, path)
  }
  for (const verb of ['post', 'delete'] as const) {
    assert.equal((await ada[verb](`/v2/shots/${id}/like`)).statusCode, 403)
    assert.equal((await reader[verb](`/v2/shots/${id}/like`)).statusCode, 403)
  }
})

test('popular shots are led by the one that most people like', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada', { approved: true })
  const bo = await vitrine.person('bo')
  const first = await quickShot(vitrine, ada)
  const liked = await quickShot(vitrine, ada)
  const last = await quickShot(vitrine, ada)
  await quickShot(vitrine, ada, { lowProfile: true })
  await bo.post(`/v1/shots/${liked}/like`)
  const list = (await ada.get('/v2/popular_shots')).data()
  assert.ok(Array.isArray(list))
  assert.deepEqual(
    list.map(({ id }) => id),
    [liked, last, first],
  )
})
