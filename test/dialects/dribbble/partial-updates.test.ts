import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startVitrine } from '../../helpers/vitrine.ts'
import { quickShot } from './shown.ts'

// API v1 overview, "Parameters": PATCH is named beside PUT, which takes partial changes already, so both do the same
test('PATCH changes what PUT changes', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada', { approved: true })
  const id = await quickShot(vitrine, ada)
  await ada.post(`/v1/shots/${id}/comments`, { body: 'First' })
  await ada.post('/v1/buckets', { name: 'Boats' })
  await ada.post('/v2/projects', { name: 'Signs' })
  const job = {
    organization_name: 'Harbour',
    title: 'Painter',
    location: 'Gdynia',
    url: 'https://harbour.example',
  }
  await ada.post('/v2/jobs', job)

  for (const [path, change] of [
    [`/v1/shots/${id}`, { title: 'Changed' }],
    [`/v1/shots/${id}/comments/1`, { body: 'Changed' }],
    ['/v1/buckets/1', { name: 'Changed' }],
    ['/v2/projects/2', { name: 'Changed' }],
    ['/v1/jobs/1', { title: 'Changed' }],
    ['/v2/jobs/1', { title: 'Changed again' }],
  ] as const) {
    const headers = { 'content-type': 'application/json' }
    const answer = await ada.request({ method: 'PATCH', url: path, headers, payload: JSON.stringify(change) })
    assert.equal(answer.statusCode, 200, path)
    assert.match(answer.body, /Changed/)
    const anonymous = await vitrine.anonymous.request({ method: 'PATCH', url: path })
    assert.equal(anonymous.statusCode, 401, path)
  }
})
