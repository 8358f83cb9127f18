import assert from 'node:assert/strict'
import { test } from 'node:test'
import { samplePicture } from '../../helpers/pictures.ts'
import { multipart, startVitrine } from '../../helpers/vitrine.ts'
import { problemsIn, quickShot, same, shotV1, START, userV1 } from './shown.ts'

const TEXT = { accept: 'application/vnd.dribbble.v1.text+json' }

// v1 Shots, "Create a shot", "Get a shot"
test('a shot is accepted, 404 until it is processed, and then there for everybody', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const picture = { image: await samplePicture({ width: 800, height: 600 }), fileName: 'Old Boats.png' }
  const fields = { title: 'Harbour', description: 'Old\nboats', tags: 'sea, Boats' }
  const made = await ada.post('/v1/shots', undefined, multipart(fields, picture))
  assert.deepEqual([made.statusCode, made.body], [202, ''])
  const address = String(made.headers.location)
  assert.equal(address, `${vitrine.base}/v1/shots/1`)
  assert.equal((await ada.get(address)).statusCode, 404)
  await vitrine.runJobs()

  const folder = `${vitrine.base}/users/${ada.id}/screenshots/1`
  const shot = shotV1(
    vitrine,
    { id: 1, ownerId: ada.id, user: userV1(vitrine, ada, { shots_count: 1 }) },
    {
      description: '<p>Old\n<br />boats</p>',
      images: {
        hidpi: `${folder}/old-boats.png`,
        normal: `${folder}/old-boats_1x.png`,
        teaser: `${folder}/old-boats_teaser.png`,
      },
      tags: ['boats', 'sea'],
    },
  )
  const found = await vitrine.anonymous.get(address)
  same(found.data(), shot)
  assert.equal(found.headers['last-modified'], 'Wed, 04 Mar 2026 05:06:07 GMT')
  same((await ada.get('/v1/shots/1-Harbour')).data(), shot)
  same((await vitrine.anonymous.get('/v1/shots')).data(), [shot])
})

// v1 Media types: the text as it was typed, under another name in the same place
test('with the text media type a shot carries description_text in place of description', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const id = await quickShot(vitrine, ada, { description: 'See https://harbour.example & @ada' })
  const blank = await quickShot(vitrine, ada)

  const plain = await vitrine.anonymous.get(`/v1/shots/${id}`, { headers: TEXT })
  const shot = plain.json<Record<string, unknown>>()
  assert.deepEqual(Object.keys(shot).slice(0, 4), ['id', 'title', 'description_text', 'width'])
  assert.equal(shot['description_text'], 'See https://harbour.example & @ada')
  assert.match(String(plain.headers.vary), /\bAccept\b/)
  assert.match((await ada.get(`/v1/shots/${blank}`, { headers: TEXT })).body, /"description_text":null,/)

  const html = await vitrine.anonymous.get(`/v1/shots/${id}`)
  assert.match(html.body, /"description":"<p>See <a href=/)
  const asked = { accept: 'application/vnd.dribbble.v1.html+json' }
  assert.equal((await vitrine.anonymous.get(`/v1/shots/${id}`, { headers: asked })).body, html.body)
})

// v1 Shots, "List rebounds for a shot": only rebounds name their source
test('rebounds are shots that name what they answer', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const id = await quickShot(vitrine, ada)
  const rebound = await quickShot(vitrine, bo, { reboundOf: id })
  const user = userV1(vitrine, bo, { shots_count: 1 })

  const plain = Object.entries(shotV1(vitrine, { id: rebound, ownerId: bo.id, user }))
  const at = plain.findIndex(([name]) => name === 'animated')
  const source = ['rebound_source_url', `${vitrine.base}/v1/shots/${id}`] as const
  const expected = Object.fromEntries(plain.toSpliced(at, 0, [...source]))
  same((await vitrine.anonymous.get(`/v1/shots/${id}/rebounds`)).data(), [expected])
  same((await ada.get(`/v1/shots/${rebound}`)).data(), expected)
  same((await ada.get(`/v1/shots/${rebound}/rebounds`)).data(), [])
  assert.match((await ada.get(`/v1/shots/${id}`)).body, /"rebounds_count":1/)
  assert.equal((await ada.get('/v1/shots/999/rebounds')).statusCode, 404)
})

// v1 Shots, "Update a shot": the answer is a shot without its user
test('the owner changes what is said and nothing else', async () => {
  await using vitrine = await startVitrine()
  const crew = await vitrine.person('crew', { team: true })
  const ada = await vitrine.person('ada', { memberOf: crew })
  const id = await quickShot(vitrine, ada, { description: 'Boats', tags: ['sea'] })
  vitrine.clock.advance(60)

  const changed = await ada.put(`/v1/shots/${id}`, { title: 'Haven', team_id: crew.id })
  assert.equal(changed.statusCode, 200)
  const folder = `${vitrine.base}/users/${ada.id}/screenshots/${id}`
  const team = userV1(vitrine, { ...crew, team: true }, { members_count: 1 })
  const { user: _left, ...expected } = shotV1(
    vitrine,
    { id, ownerId: ada.id, user: null },
    {
      title: 'Haven',
      description: '<p>Boats</p>',
      images: { hidpi: null, normal: `${folder}/haven.png`, teaser: `${folder}/haven_teaser.png` },
      updated_at: '2026-03-04T05:07:07Z',
      html_url: `${vitrine.base}/shots/${id}-Haven`,
      tags: ['sea'],
      team,
    },
  )
  same(changed.data(), expected)
  const apart = (await ada.put(`/v1/shots/${id}`, { team_id: '', tags: [] })).json<{ team: null; tags: [] }>()
  assert.deepEqual([apart.team, apart.tags], [null, []])
})

test('shots are written by their owner, with the scope', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const reader = await vitrine.person('reader', { scopes: 'public write comment' })
  const id = await quickShot(vitrine, ada)
  const hidden = await quickShot(vitrine, ada, { visibility: 'private' })
  const image = await samplePicture({ width: 400, height: 300 })

  assert.equal(
    (await reader.post('/v1/shots', undefined, multipart({ title: 'x' }, { image }))).statusCode,
    403,
  )
  assert.equal((await vitrine.anonymous.post('/v1/shots', { title: 'x' })).statusCode, 401)
  assert.deepEqual(problemsIn(await ada.post('/v1/shots', {})).toSorted(), [
    "image can't be blank",
    "title can't be blank",
  ])
  for (const [who, shot, status] of [
    [bo, id, 403],
    [reader, id, 403],
    [vitrine.anonymous, id, 401],
    [bo, hidden, 404],
    [ada, 999, 404],
  ] as const) {
    assert.equal((await who.put(`/v1/shots/${shot}`, { title: 'Mine' })).statusCode, status)
    assert.equal((await who.delete(`/v1/shots/${shot}`)).statusCode, status)
  }
  assert.deepEqual(problemsIn(await ada.put(`/v1/shots/${id}`, { title: '' })), ["title can't be blank"])
  assert.equal((await bo.get(`/v1/shots/${hidden}`)).statusCode, 404)
  assert.equal((await ada.get(`/v1/shots/${hidden}`)).statusCode, 200)
  const gone = await ada.delete(`/v1/shots/${id}`)
  assert.deepEqual([gone.statusCode, gone.body], [204, ''])
  assert.equal((await ada.get(`/v1/shots/${id}`)).statusCode, 404)
})

// v1 Users, "List shots for a user": without the user, who is in the address
test("a user's shots leave the user out, and others' lists leave low-profile and scheduled shots out", async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada', { pro: true })
  const bo = await vitrine.person('bo')
  const id = await quickShot(vitrine, ada)
  const low = await quickShot(vitrine, ada, { lowProfile: true })
  await quickShot(vitrine, ada, { scheduledAt: new Date('2026-03-05T00:00:00Z') })
  await quickShot(vitrine, bo)

  const { user: _left, ...shot } = shotV1(vitrine, { id, ownerId: ada.id, user: null })
  for (const path of ['/v1/users/ada/shots', `/v1/users/${ada.id}/shots`])
    same((await vitrine.anonymous.get(path)).data(), [shot])
  const { user: _too, ...lowShot } = shotV1(vitrine, { id: low, ownerId: ada.id, user: null })
  same((await ada.get('/v1/user/shots')).data(), [lowShot, shot])
  assert.equal((await vitrine.anonymous.get('/v1/user/shots')).statusCode, 401)
  assert.equal((await ada.get('/v1/users/nobody/shots')).statusCode, 404)
})

// v1 Shots, "List buckets for a shot", "List projects for a shot"
test('what holds a shot is shown with its user', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const id = await quickShot(vitrine, ada)
  await bo.post('/v1/buckets', { name: 'Boats' })
  await bo.put('/v1/buckets/1/shots', { shot_id: id })

  const bucket = {
    id: 1,
    name: 'Boats',
    description: null,
    shots_count: 1,
    created_at: START,
    updated_at: START,
  }
  const user = userV1(vitrine, bo, { buckets_count: 1 })
  same((await vitrine.anonymous.get(`/v1/shots/${id}/buckets`)).data(), [{ ...bucket, user }])
  same((await ada.get(`/v1/shots/${id}/projects`)).data(), [])
  for (const part of ['buckets', 'projects'])
    assert.equal((await ada.get(`/v1/shots/999/${part}`)).statusCode, 404)
})
