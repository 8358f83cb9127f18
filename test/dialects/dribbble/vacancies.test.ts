import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startVitrine } from '../../helpers/vitrine.ts'
import { problemsIn, same, START, userV1 } from './shown.ts'

const NEW = {
  organization_name: 'Harbour & Sons',
  title: 'Sign painter',
  location: 'Gdynia',
  url: 'https://harbour.example/jobs/1',
}
const job = {
  id: 1,
  ...NEW,
  created_at: START,
  updated_at: START,
  active: true,
  starts_at: START,
  ends_at: '2026-04-03T05:06:07Z',
  team: null,
}

for (const version of ['v1', 'v2'])
  // v2 Jobs, "Create a job", "Get a job", "Update a job"
  test(`${version}: a partner creates, reads and changes a job`, async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada', { approved: true })
    const made = await ada.post(`/${version}/jobs/`, NEW)
    assert.equal(made.statusCode, 201)
    assert.equal(made.headers.location, `${vitrine.base}/${version}/jobs/1`)
    same(made.data(), job)
    same((await ada.get(`/${version}/jobs/1`)).data(), job)

    vitrine.clock.advance(60)
    const changed = await ada.put(`/${version}/jobs/1`, { title: 'Painter', active: 'false' })
    assert.equal(changed.statusCode, 200)
    same(changed.data(), { ...job, title: 'Painter', updated_at: '2026-03-04T05:07:07Z', active: false })
  })

test('later clients say link_to_apply, a description and where the work is', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada', { approved: true })
  const { url, ...rest } = NEW
  const more = {
    description: '<p>Paint</p>',
    category: 'Illustration',
    role_type: 'freelance',
    remote_only: '1',
  }
  const made = await ada.post('/v2/jobs', { ...rest, link_to_apply: url, ...more })
  same(made.data(), job)
  const row = await vitrine.ctx.db.selectFrom('vacancy').selectAll().executeTakeFirstOrThrow()
  assert.equal(row.description, '<p>Paint</p>')
  assert.deepEqual(JSON.parse(row.details), {
    category: 'Illustration',
    role_type: 'freelance',
    remote_only: true,
  })
})

test('the team of a job is in the form of the version', async () => {
  await using vitrine = await startVitrine()
  const crew = await vitrine.person('crew', { team: true })
  const ada = await vitrine.person('ada', { approved: true, memberOf: crew })
  await ada.post('/v2/jobs', { ...NEW, team_id: crew.id })
  const v1 = userV1(vitrine, { ...crew, team: true }, { members_count: 1 })
  same((await ada.get('/v1/jobs/1')).data(), { ...job, team: v1 })
  const v2 = {
    id: crew.id,
    name: 'crew',
    login: 'crew',
    html_url: v1.html_url,
    avatar_url: v1.avatar_url,
    bio: null,
    location: null,
    links: {},
    type: 'Team',
    created_at: START,
    updated_at: START,
  }
  same((await ada.get('/v2/jobs/1')).data(), { ...job, team: v2 })
})

test('jobs are for approved applications; writing them needs the scope and the owner', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada', { approved: true })
  const bo = await vitrine.person('bo', { approved: true })
  const cy = await vitrine.person('cy')
  const reader = await vitrine.person('reader', { approved: true, scopes: 'public' })
  await ada.post('/v2/jobs', NEW)

  assert.equal((await cy.get('/v2/jobs/1')).statusCode, 403)
  assert.equal((await cy.post('/v2/jobs', NEW)).statusCode, 403)
  assert.equal((await cy.put('/v2/jobs/1', NEW)).statusCode, 403)
  assert.equal((await reader.post('/v2/jobs', NEW)).statusCode, 403)
  assert.equal((await reader.put('/v2/jobs/1', NEW)).statusCode, 403)
  assert.equal((await vitrine.anonymous.get('/v1/jobs/1')).statusCode, 401)
  assert.equal((await vitrine.anonymous.post('/v1/jobs', NEW)).statusCode, 401)

  assert.equal((await bo.get('/v2/jobs/1')).statusCode, 200)
  assert.equal((await bo.put('/v2/jobs/1', { title: 'Mine' })).statusCode, 403)
  await ada.put('/v2/jobs/1', { active: false })
  assert.equal((await bo.get('/v2/jobs/1')).statusCode, 404)
  assert.equal((await bo.put('/v2/jobs/1', { title: 'Mine' })).statusCode, 404)
  assert.equal((await ada.get('/v2/jobs/2')).statusCode, 404)
})

test('everything that is wrong with a job is said at once', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada', { approved: true })
  assert.deepEqual(problemsIn(await ada.post('/v2/jobs', { title: ' ' })), [
    "organization_name can't be blank",
    "title can't be blank",
    "location can't be blank",
    "url can't be blank",
  ])
  assert.deepEqual(problemsIn(await ada.post('/v2/jobs', { ...NEW, role_type: 'tide', active: 'maybe' })), [
    'active is not a boolean',
    'role_type must be one of full-time, part-time, freelance, contract',
  ])
  await ada.post('/v2/jobs', NEW)
  assert.deepEqual(problemsIn(await ada.put('/v2/jobs/1', { link_to_apply: 'javascript:x' })), [
    'url must be an http or https URL',
  ])
})
