import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startVitrine } from '../../helpers/vitrine.ts'
import { problemsIn, quickShot, same, shotV1, START, userV1 } from './shown.ts'

const NEW = { name: 'Great marks', description: 'Collecting <em>marks</em>' }

// v1 Buckets, "Create a bucket", "Get a bucket"; Users, "List a user's buckets"
test('a bucket is shown with its user where the address does not name one', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const made = await ada.post('/v1/buckets', NEW)
  const bucket = {
    id: 1,
    name: 'Great marks',
    description: 'Collecting <em>marks</em>',
    shots_count: 0,
    created_at: START,
    updated_at: START,
  }
  assert.equal(made.statusCode, 201)
  assert.equal(made.headers.location, `${vitrine.base}/v1/buckets/1`)
  same(made.data(), bucket)
  same((await vitrine.anonymous.get(made.headers.location)).data(), {
    ...bucket,
    user: userV1(vitrine, ada, { buckets_count: 1 }),
  })
  for (const path of ['/v1/users/ada/buckets', `/v1/users/${ada.id}/buckets`, '/v1/user/buckets'])
    same((await ada.get(path)).data(), [bucket])
  same((await vitrine.anonymous.get('/v1/users/ada/buckets')).data(), [bucket])
  assert.equal((await vitrine.anonymous.get('/v1/user/buckets')).statusCode, 401)
})

// v1 Buckets, "Update a bucket", "Delete a bucket"
test('the owner changes what is said and nothing else, and deletes', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  await ada.post('/v1/buckets', NEW)
  vitrine.clock.advance(60)

  const changed = await ada.put('/v1/buckets/1', { name: 'Greater marks' })
  assert.equal(changed.statusCode, 200)
  same(changed.data(), {
    id: 1,
    name: 'Greater marks',
    description: 'Collecting <em>marks</em>',
    shots_count: 0,
    created_at: START,
    updated_at: '2026-03-04T05:07:07Z',
  })
  const emptied = await ada.put('/v1/buckets/1?name', { description: '' })
  const { name, description } = emptied.json<{ name: string; description: string | null }>()
  assert.deepEqual([name, description], ['Greater marks', null])

  const gone = await ada.delete('/v1/buckets/1')
  assert.deepEqual([gone.statusCode, gone.body], [204, ''])
  assert.equal((await ada.get('/v1/buckets/1')).statusCode, 404)
})

// v1 Buckets, "Add a shot to a bucket", "Remove a shot from a bucket", "List shots for a bucket"
test('shots go in and out of a bucket, each once', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const id = await quickShot(vitrine, bo)
  const hidden = await quickShot(vitrine, bo, { visibility: 'private' })
  await ada.post('/v1/buckets', NEW)

  assert.equal((await ada.put('/v1/buckets/1/shots', { shot_id: id })).statusCode, 204)
  assert.equal((await ada.put(`/v1/buckets/1/shots?shot_id=${id}`)).statusCode, 204)
  const user = userV1(vitrine, bo, { shots_count: 1 })
  const shot = shotV1(vitrine, { id, ownerId: bo.id, user }, { buckets_count: 1 })
  same((await vitrine.anonymous.get('/v1/buckets/1/shots')).data(), [shot])
  assert.match((await ada.get('/v1/buckets/1')).body, /"shots_count":1/)

  assert.equal((await ada.put('/v1/buckets/1/shots', { shot_id: hidden })).statusCode, 404)
  assert.deepEqual(problemsIn(await ada.put('/v1/buckets/1/shots')), ["shot_id can't be blank"])
  assert.deepEqual(problemsIn(await ada.delete('/v1/buckets/1/shots?shot_id=x')), ['shot_id is not an id'])

  for (const _ of [1, 2])
    assert.equal((await ada.delete(`/v1/buckets/1/shots?shot_id=${id}`)).statusCode, 204)
  same((await vitrine.anonymous.get('/v1/buckets/1/shots')).data(), [])
})

test("somebody else's bucket is 403, what is no bucket 404", async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const reader = await vitrine.person('reader', { scopes: 'public upload comment' })
  const id = await quickShot(vitrine, ada)
  await ada.post('/v1/buckets', NEW)
  await ada.post('/v2/projects', { name: 'No bucket' })

  const writes = [
    (who: typeof ada, bucket: number) => who.put(`/v1/buckets/${bucket}`, { name: 'Taken' }),
    (who: typeof ada, bucket: number) => who.delete(`/v1/buckets/${bucket}`),
    (who: typeof ada, bucket: number) => who.put(`/v1/buckets/${bucket}/shots`, { shot_id: id }),
    (who: typeof ada, bucket: number) => who.delete(`/v1/buckets/${bucket}/shots?shot_id=${id}`),
  ]
  for (const write of writes) {
    assert.equal((await write(bo, 1)).statusCode, 403)
    assert.equal((await write(reader, 1)).statusCode, 403)
    assert.equal((await write(ada, 2)).statusCode, 404)
    assert.equal((await write(ada, 3)).statusCode, 404)
  }
  assert.equal((await bo.get('/v1/buckets/2')).statusCode, 404)
  assert.equal((await bo.get('/v1/buckets/2/shots')).statusCode, 404)
  assert.equal((await reader.post('/v1/buckets', NEW)).statusCode, 403)
  assert.equal((await vitrine.anonymous.post('/v1/buckets', NEW)).statusCode, 401)
})

test('a bucket needs a name that is not too long', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  assert.deepEqual(problemsIn(await ada.post('/v1/buckets', {})), ["name can't be blank"])
  assert.deepEqual(problemsIn(await ada.post('/v1/buckets', { name: 'x'.repeat(256) })), [
    'name is too long (at most 255 characters)',
  ])
  await ada.post('/v1/buckets', NEW)
  assert.deepEqual(problemsIn(await ada.put('/v1/buckets/1', { name: ' ' })), ["name can't be blank"])
})
