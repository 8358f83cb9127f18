import assert from 'node:assert/strict'
import { test } from 'node:test'
import { block } from '../../../src/library/blocks.ts'
import { startVitrine } from '../../helpers/vitrine.ts'
import { problemsIn, quickShot, same, shotV1, START, userV1, viewerOf } from './shown.ts'

// v1 Followers, "List followers of a user", "List users followed by a user": follows are objects of their own
test('followers and followed users are wrapped in their follows', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  assert.equal((await bo.put('/v1/users/ada/follow')).statusCode, 204)

  const byId = await vitrine.anonymous.get(`/v1/users/${ada.id}/followers`)
  const follower = userV1(vitrine, bo, { followings_count: 1 })
  same(byId.data(), [{ id: 1, created_at: START, follower }])
  same((await ada.get('/v1/user/followers')).data(), byId.data())

  const following = await vitrine.anonymous.get('/v1/users/BO/following')
  const followee = userV1(vitrine, ada, { followers_count: 1 })
  same(following.data(), [{ id: 1, created_at: START, followee }])
  same((await bo.get('/v1/user/following')).data(), following.data())

  for (const path of ['/v1/user/followers', '/v1/user/following', '/v1/user/following/shots'])
    assert.equal((await vitrine.anonymous.get(path)).statusCode, 401, path)
  assert.equal((await ada.get('/v1/users/nobody/followers')).statusCode, 404)
})

// v1 Followers, "Check if you are following a user": 204 or 404
test('a follow is checked with a bare status', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  await bo.put('/v1/users/ada/follow')

  const yes = await bo.get('/v1/user/following/ada')
  assert.deepEqual([yes.statusCode, yes.body], [204, ''])
  assert.equal((await ada.get('/v1/user/following/bo')).statusCode, 404)
  assert.equal((await vitrine.anonymous.get('/v1/user/following/bo')).statusCode, 401)
  assert.equal((await vitrine.anonymous.get('/v1/users/bo/following/ada')).statusCode, 204)
  assert.equal((await vitrine.anonymous.get('/v1/users/ada/following/bo')).statusCode, 404)
  assert.equal((await ada.get('/v1/users/ada/following/nobody')).statusCode, 404)
})

// v1 Followers, "Follow a user", "Unfollow a user"
test('following twice is following once, and so is unfollowing', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  for (const _ of [1, 2]) assert.equal((await bo.put(`/v1/users/${ada.id}/follow`)).statusCode, 204)
  same((await ada.get('/v1/user')).data(), userV1(vitrine, ada, { followers_count: 1 }))
  for (const _ of [1, 2]) assert.equal((await bo.delete('/v1/users/ada/follow')).statusCode, 204)
  same((await ada.get('/v1/user')).data(), userV1(vitrine, ada))
})

test('who may not follow is told why', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const reader = await vitrine.person('reader', { scopes: 'public' })
  await block(vitrine.ctx, viewerOf(ada), bo.id)

  assert.deepEqual(problemsIn(await ada.put('/v1/users/ada/follow')), ['base you cannot follow yourself'])
  assert.deepEqual(problemsIn(await bo.put('/v1/users/ada/follow')), ['base you are blocked by that member'])
  assert.equal((await reader.put('/v1/users/ada/follow')).statusCode, 403)
  assert.equal((await reader.delete('/v1/users/ada/follow')).statusCode, 403)
  assert.equal((await vitrine.anonymous.put('/v1/users/ada/follow')).statusCode, 401)
  assert.equal((await bo.put('/v1/users/nobody/follow')).statusCode, 404)
})

// v1 Followers, "List shots for users followed by a user"
test('shots of followed users come newest first, with their users', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const first = await quickShot(vitrine, ada)
  const second = await quickShot(vitrine, ada)
  await quickShot(vitrine, ada, { lowProfile: true })
  await quickShot(vitrine, bo)
  await bo.put('/v1/users/ada/follow')

  const user = userV1(vitrine, ada, { followers_count: 1, shots_count: 2 })
  const shots = [second, first].map((id) => shotV1(vitrine, { id, ownerId: ada.id, user }))
  same((await bo.get('/v1/user/following/shots')).data(), shots)
  same((await ada.get('/v1/user/following/shots')).data(), [])
  const far = await bo.get('/v1/user/following/shots?per_page=1&page=700')
  same(far.data(), [])
  assert.match(String(far.headers.link), /page=2>; rel="last"/)
})

test('the list of followed shots ends at 600, whatever the page size', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  await bo.put('/v1/users/ada/follow')
  await manyShots(vitrine, ada.id, 605)

  const count = async (query: string) => {
    const { headers, body } = await bo.get(`/v1/user/following/shots?${query}`)
    const list: unknown = JSON.parse(body)
    assert.ok(Array.isArray(list))
    return [
      list.length,
      String(headers.link ?? '')
        .match(/rel="\w+"/g)
        ?.join(' '),
    ]
  }
  assert.deepEqual(await count('per_page=100&page=6'), [100, 'rel="prev" rel="first"'])
  assert.deepEqual(await count('per_page=100&page=7'), [0, 'rel="prev" rel="first" rel="last"'])
  assert.deepEqual(await count('per_page=90&page=7'), [60, 'rel="prev" rel="first"'])
  assert.deepEqual(await count('per_page=90&page=6'), [90, 'rel="next" rel="prev" rel="first" rel="last"'])
})

async function manyShots(vitrine: Awaited<ReturnType<typeof startVitrine>>, ownerId: number, count: number) {
  const at = vitrine.clock.now().getTime()
  const rows = Array.from({ length: count }, (_, index) => ({
    uid: index.toString(16).padStart(24, '0'),
    kind: 'image' as const,
    owner_id: ownerId,
    title: `Shot ${index}`,
    state: 'ready' as const,
    published_ms: at,
    created_ms: at,
    updated_ms: at,
    first_seen_ms: at,
  }))
  await vitrine.ctx.db.insertInto('item').values(rows).execute()
}
