import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startVitrine } from '../../helpers/vitrine.ts'
import { problemsIn, quickShot, same, START, userV1 } from './shown.ts'

const TEXT = { accept: 'application/vnd.dribbble.v1.text+json' }

// v1 Comments, "Create a comment", "Get a single comment", "List comments for a shot"
test('a comment has its text as HTML, its user and the address of its likes', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const id = await quickShot(vitrine, ada)

  const made = await bo.post(`/v1/shots/${id}/comments`, {
    body: 'Fine nets, @ada!\n\n<script>x</script>Bye',
  })
  const comment = {
    id: 1,
    body: `<p>Fine nets, <a href="${vitrine.base}/ada">@ada</a>!</p>\n\n<p>Bye</p>`,
    likes_count: 0,
    likes_url: `${vitrine.base}/v1/shots/${id}/comments/1/likes`,
    created_at: START,
    updated_at: START,
    user: userV1(vitrine, bo),
  }
  assert.equal(made.statusCode, 201)
  assert.equal(made.headers.location, `${vitrine.base}/v1/shots/${id}/comments/1`)
  same(made.data(), comment)
  same((await vitrine.anonymous.get(made.headers.location)).data(), comment)
  same((await vitrine.anonymous.get(`/v1/shots/${id}/comments`)).data(), [comment])
  same((await ada.get(`/v1/shots/${id}-Harbour/comments`)).data(), [comment])
})

// v1 Media types, "Comment body properties": the text as it was typed
test('with the text media type a comment carries body_text in place of body', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const id = await quickShot(vitrine, ada)
  await ada.post(`/v1/shots/${id}/comments`, { body: 'Hello @ada & all' })

  const plain = await ada.get(`/v1/shots/${id}/comments/1`, { headers: TEXT })
  const keys = 'id body_text likes_count likes_url created_at updated_at user'
  const found = plain.json<Record<string, unknown>>()
  assert.equal(Object.keys(found).join(' '), keys)
  assert.equal(found['body_text'], 'Hello @ada & all')
  assert.match(String(plain.headers.vary), /\bAccept\b/)
  const html = await ada.get(`/v1/shots/${id}/comments/1`)
  assert.match(html.body, /"body":"<p>Hello/)
  assert.notEqual(html.headers.etag, plain.headers.etag)
})

// Parameters may stand in the query of a write
test('a comment is taken from the query too', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const id = await quickShot(vitrine, ada)
  assert.equal((await ada.post(`/v1/shots/${id}/comments?body=Short`)).statusCode, 201)
})

// v1 Comments, "Update a comment", "Delete a comment": for its owner
test('the author changes and deletes a comment', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const id = await quickShot(vitrine, ada)
  await bo.post(`/v1/shots/${id}/comments`, { body: 'Frist' })
  vitrine.clock.advance(60)

  const changed = await bo.put(`/v1/shots/${id}/comments/1`, { body: 'First' })
  assert.equal(changed.statusCode, 200)
  const { body, updated_at } = changed.json<{ body: string; updated_at: string }>()
  assert.deepEqual([body, updated_at], ['<p>First</p>', '2026-03-04T05:07:07Z'])

  const gone = await bo.delete(`/v1/shots/${id}/comments/1`)
  assert.deepEqual([gone.statusCode, gone.body], [204, ''])
  assert.equal((await bo.get(`/v1/shots/${id}/comments/1`)).statusCode, 404)
  assert.equal((await ada.get(`/v1/shots/${id}`)).json<{ comments_count: number }>().comments_count, 0)
})

test("somebody else's comment is 403, and 404 where it cannot be seen or does not stand", async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const cy = await vitrine.person('cy')
  const id = await quickShot(vitrine, ada)
  const other = await quickShot(vitrine, ada)
  const hidden = await quickShot(vitrine, ada, { visibility: 'private' })
  await bo.post(`/v1/shots/${id}/comments`, { body: 'Mine' })
  await ada.post(`/v1/shots/${hidden}/comments`, { body: 'Note to self' })

  assert.equal((await cy.put(`/v1/shots/${id}/comments/1`, { body: 'Yours' })).statusCode, 403)
  assert.equal((await ada.put(`/v1/shots/${id}/comments/1`, { body: 'Yours' })).statusCode, 403)
  assert.equal((await cy.delete(`/v1/shots/${id}/comments/1`)).statusCode, 403)
  for (const path of [
    `/v1/shots/${other}/comments/1`,
    `/v1/shots/${hidden}/comments/2`,
    `/v1/shots/${id}/comments/x`,
  ]) {
    assert.equal((await bo.get(path)).statusCode, 404, path)
    assert.equal((await bo.put(path, { body: 'Elsewhere' })).statusCode, 404, path)
    assert.equal((await bo.delete(path)).statusCode, 404, path)
    assert.equal((await bo.get(`${path}/likes`)).statusCode, 404, path)
    assert.equal((await bo.post(`${path}/like`)).statusCode, 404, path)
  }
  assert.equal((await bo.get(`/v1/shots/${hidden}/comments`)).statusCode, 404)
})

// v1 Comments, "Create a comment": the comment scope, and a player or team
test('comments are refused without text, scope, right to upload, or calm', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const reader = await vitrine.person('reader', { scopes: 'public write upload' })
  const spectator = await vitrine.person('spectator', { mayUpload: false })
  const id = await quickShot(vitrine, ada)
  const path = `/v1/shots/${id}/comments`

  assert.deepEqual(problemsIn(await ada.post(path, {})), ["body can't be blank"])
  assert.deepEqual(problemsIn(await ada.post(path, { body: ' \n' })), ["body can't be blank"])
  assert.deepEqual(problemsIn(await ada.post(path, { body: ['a', {}] })), ['body is not a string'])
  assert.equal((await reader.post(path, { body: 'Hello' })).statusCode, 403)
  assert.equal((await spectator.post(path, { body: 'Hello' })).statusCode, 403)
  assert.equal((await vitrine.anonymous.post(path, { body: 'Hello' })).statusCode, 401)
  assert.equal((await ada.post('/v1/shots/999/comments', { body: 'Hello' })).statusCode, 404)
  for (let number = 1; number <= 10; number += 1)
    assert.equal((await ada.post(path, { body: `Number ${number}` })).statusCode, 201)
  assert.equal((await ada.post(path, { body: 'One too many' })).statusCode, 422)
})

// v1 Comments, "List likes for a comment", "Check if you like a comment", "Like a comment", "Unlike a comment"
test('comments are liked like shots: once, with an id and a time', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const reader = await vitrine.person('reader', { scopes: 'public comment' })
  const id = await quickShot(vitrine, ada)
  await ada.post(`/v1/shots/${id}/comments`, { body: 'Like me' })
  const path = `/v1/shots/${id}/comments/1/like`

  assert.equal((await bo.get(path)).statusCode, 404)
  for (const _ of [1, 2]) {
    const liked = await bo.post(path)
    assert.equal(liked.statusCode, 201)
    same(liked.data(), { id: 1, created_at: START })
  }
  assert.equal((await bo.put(path)).statusCode, 204)
  same((await bo.get(path)).data(), { id: 1, created_at: START })
  same((await vitrine.anonymous.get(`${path}s`)).data(), [
    { id: 1, created_at: START, user: userV1(vitrine, bo) },
  ])
  assert.match((await ada.get(`/v1/shots/${id}/comments/1`)).body, /"likes_count":1/)

  for (const verb of ['post', 'put', 'delete'] as const) {
    assert.equal((await reader[verb](path)).statusCode, 403)
    assert.equal((await vitrine.anonymous[verb](path)).statusCode, 401)
  }
  assert.equal((await vitrine.anonymous.get(path)).statusCode, 401)
  for (const _ of [1, 2]) assert.equal((await bo.delete(path)).statusCode, 204)
  same((await ada.get(`${path}s`)).data(), [])
})
