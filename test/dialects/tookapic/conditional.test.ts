import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTookapic } from '../../helpers/start-tookapic.ts'

test('a GET has an entity tag, and who has it gets 304', async () => {
  await using tookapic = await startTookapic()
  await tookapic.person('ada')
  const { anonymous } = tookapic
  const first = await anonymous.get('/users/ada')
  const etag = String(first.headers.etag)
  assert.match(etag, /^"[0-9a-f]{32}"$/)
  for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await anonymous.get('/users/ada', { 'if-none-match': tag })
    assert.deepEqual([again.statusCode, again.body, again.headers.etag], [304, '', etag])
    assert.equal(again.headers['cache-control'], 'no-cache')
    assert.equal(again.headers['content-type'], undefined)
  }
  assert.equal((await anonymous.get('/users/ada', { 'if-none-match': '"other"' })).body, first.body)
  const head = await anonymous.request({ method: 'HEAD', url: '/users/ada' })
  assert.deepEqual([head.statusCode, head.body, head.headers.etag], [200, '', etag])
})

test('the tag changes with what is said and with who asks; errors have none', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada')
  const bob = await tookapic.person('bob')
  const id = await tookapic.photo(ada)
  const tagOf = async (who: typeof ada) => (await who.get(`/photos/${id}`)).headers.etag
  const before = await tagOf(ada)
  assert.equal(await tagOf(ada), before)
  assert.notEqual(await tagOf(bob), before)
  await bob.send('PUT', `/photos/${id}/like`)
  assert.notEqual(await tagOf(ada), before)
  assert.equal((await ada.get('/photos/99999')).headers.etag, undefined)
})

test('a day that passes changes an answer that nobody wrote to', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada')
  await tookapic.photo(ada, { takenOn: '2026-03-04' })
  const { anonymous, clock } = tookapic
  const streak = async () =>
    (await anonymous.get('/users/ada')).json<{ data: { streak: number } }>().data.streak
  assert.equal(await streak(), 1)
  clock.set('2026-03-07T23:59:59Z')
  assert.equal(await streak(), 1)
  clock.set('2026-03-08T00:00:00Z')
  assert.equal(await streak(), 0)
})

test('a revoked token is 401, never 304', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada')
  const etag = String((await ada.get('/user')).headers.etag)
  await tookapic.vitrine.ctx.db.updateTable('token').set({ revoked_ms: 1 }).execute()
  assert.equal((await ada.get('/user', { 'if-none-match': etag })).statusCode, 401)
})

test('who may not see a photo gets no 304 for the tag of who may', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada')
  const bob = await tookapic.person('bob')
  const id = await tookapic.photo(ada, { visibility: 'private' })
  const etag = String((await ada.get(`/photos/${id}`)).headers.etag)
  assert.match(etag, /^"/)
  for (const who of [bob, tookapic.anonymous])
    assert.equal((await who.get(`/photos/${id}`, { 'if-none-match': etag })).statusCode, 404)
})
