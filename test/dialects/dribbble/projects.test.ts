import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addToCollection } from '../../../src/library/collection-items.ts'
import { addCollection } from '../../../src/library/collections.ts'
import { startVitrine } from '../../helpers/vitrine.ts'
import { problemsIn, quickShot, same, shotV1, START, userV1, viewerOf } from './shown.ts'

const project = {
  id: 1,
  name: 'Harbour signs',
  description: 'For the <a href="https://harbour.example" rel="nofollow ugc noopener noreferrer">harbour</a>',
  shots_count: 0,
  created_at: START,
  updated_at: START,
}
const NEW = { name: project.name, description: 'For the <a href="https://harbour.example">harbour</a>' }

// v2 Projects, "Create a project": existing clients take 202 and read the body
test('a new project is accepted with its whole body', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const made = await ada.post('/v2/projects', NEW)
  assert.equal(made.statusCode, 202)
  same(made.data(), project)
  same((await ada.get('/v2/user/projects')).data(), [project])
  same((await ada.get('/v1/user/projects')).data(), [project])
  same((await ada.get('/v2/projects/1')).data(), project)
})

// v2 Projects, "Update a project", "Delete a project"
test('the owner changes what is said and nothing else, and deletes', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const id = await quickShot(vitrine, ada)
  await ada.post('/v2/projects', NEW)
  await addToCollection(vitrine.ctx, viewerOf(ada), 1, id)
  vitrine.clock.advance(60)

  const changed = await ada.put('/v2/projects/1', { description: 'Signs' })
  assert.equal(changed.statusCode, 200)
  const updated_at = '2026-03-04T05:07:07Z'
  same(changed.data(), { ...project, description: 'Signs', shots_count: 1, updated_at })
  const shown = (await ada.get(`/v2/shots/${id}`)).json<{ projects: unknown }>()
  same(shown.projects, [changed.data()])

  const gone = await ada.delete('/v2/projects/1')
  assert.deepEqual([gone.statusCode, gone.body], [204, ''])
  assert.equal((await ada.get('/v2/projects/1')).statusCode, 404)
  assert.equal((await ada.get(`/v2/shots/${id}`)).statusCode, 200)
})

test('projects are written by their owner, with the scope, and with a name', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const reader = await vitrine.person('reader', { scopes: 'public write comment' })
  await ada.post('/v2/projects', NEW)
  await ada.post('/v1/buckets', { name: 'No project' })

  assert.deepEqual(problemsIn(await ada.post('/v2/projects', { description: 'Nameless' })), [
    "name can't be blank",
  ])
  assert.deepEqual(problemsIn(await ada.put('/v2/projects/1', { name: '' })), ["name can't be blank"])
  assert.equal((await reader.post('/v2/projects', NEW)).statusCode, 403)
  assert.equal((await bo.put('/v2/projects/1', { name: 'Mine' })).statusCode, 403)
  assert.equal((await bo.delete('/v2/projects/1')).statusCode, 403)
  assert.equal((await bo.get('/v2/projects/1')).statusCode, 404)
  assert.equal((await ada.get('/v2/projects/2')).statusCode, 404)
  assert.equal((await ada.put('/v2/projects/2', { name: 'Mine' })).statusCode, 404)
  assert.equal((await ada.delete('/v2/projects/2')).statusCode, 404)
  for (const path of ['/v2/user/projects', '/v1/user/projects', '/v2/projects/1'])
    assert.equal((await vitrine.anonymous.get(path)).statusCode, 401)
  assert.equal((await vitrine.anonymous.post('/v2/projects', NEW)).statusCode, 401)
})

// v1 Projects, "Get a project", "List shots for a project"; Users, "List a user's projects"
test('v1 shows the projects of everybody, with the user where it is not named', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const id = await quickShot(vitrine, ada)
  await ada.post('/v2/projects', NEW)
  await addToCollection(vitrine.ctx, viewerOf(ada), 1, id)
  await addCollection(vitrine.ctx, viewerOf(ada), { kind: 'project', title: 'Secret', private: true })

  const filled = { ...project, shots_count: 1 }
  const user = userV1(vitrine, ada, { projects_count: 1, shots_count: 1 })
  same((await vitrine.anonymous.get('/v1/projects/1')).data(), { ...filled, user })
  same((await vitrine.anonymous.get('/v1/users/ada/projects')).data(), [filled])
  const shot = shotV1(vitrine, { id, ownerId: ada.id, user })
  same((await bo.get('/v1/projects/1/shots')).data(), [shot])

  assert.equal((await bo.get('/v1/projects/2')).statusCode, 404)
  assert.equal((await bo.get('/v1/projects/2/shots')).statusCode, 404)
  assert.equal((await ada.get('/v1/projects/2')).statusCode, 200)
  assert.equal((await ada.get('/v1/users/nobody/projects')).statusCode, 404)
})
