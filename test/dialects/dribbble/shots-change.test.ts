import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startVitrine } from '../../helpers/vitrine.ts'

// "API v2, Shots", "Update a shot" and "Delete a shot".

type Shot = Record<string, unknown>

describe('Update a shot', () => {
  test('the example: title, description and tags are changed, the whole shot is answered', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const id = await vitrine.upload(ada, { title: 'First', tags: ['old', 'sea'], fileName: 'wave.png' })
    vitrine.clock.advance(60)
    const answer = await ada.put(`/v2/shots/${id}`, {
      title: 'Harbour',
      description: 'Quick sketch of boats at rest.',
      tags: ['sketch', 'sea', 'boats'],
    })
    const { base } = vitrine
    const folder = `${base}/users/${ada.id}/screenshots/${id}`
    const expected = {
      id,
      title: 'Harbour',
      description: '<p>Quick sketch of boats at rest.</p>',
      width: 400,
      height: 300,
      images: { hidpi: null, normal: `${folder}/wave.png`, teaser: `${folder}/wave_teaser.png` },
      published_at: '2026-03-04T05:06:07Z',
      updated_at: '2026-03-04T05:07:07Z',
      html_url: `${base}/shots/${id}-Harbour`,
      animated: false,
      // "If any existing tags are not provided they will be removed."
      tags: ['boats', 'sea', 'sketch'],
      attachments: [],
      projects: [],
      low_profile: false,
    }
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['status'], '200 OK')
    assert.equal(answer.body, JSON.stringify(expected))
    assert.equal((await ada.get(`/v2/shots/${id}`)).body, JSON.stringify(expected))
  })

  test('"authenticated with the upload scope. The authenticated user must also own the shot."', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const bob = await vitrine.person('bob')
    const reader = await vitrine.person('reader', { scopes: 'public' })
    const id = await vitrine.upload(ada)
    assert.equal((await bob.put(`/v2/shots/${id}`, { title: 'Mine' })).statusCode, 403)
    assert.equal((await reader.put(`/v2/shots/${id}`, { title: 'Mine' })).statusCode, 403)
    assert.equal((await vitrine.anonymous.put(`/v2/shots/${id}`, { title: 'Mine' })).statusCode, 401)
    assert.equal((await ada.put('/v2/shots/999', { title: 'Mine' })).statusCode, 404)
    assert.equal((await ada.get(`/v2/shots/${id}`)).json<Shot>()['title'], 'Untitled')
  })

  test('scheduled_for: "If the shot is not already published, will reschedule the shot"', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada', { pro: true })
    const put = async (id: number, at: string) => ada.put(`/v2/shots/${id}`, { scheduled_for: at })
    const waiting = await vitrine.upload(ada, { scheduled_for: '2026-03-05T00:00:00Z' })
    assert.equal(
      (await put(waiting, '2026-03-06T00:00:00Z')).json<Shot>()['scheduled_for'],
      '2026-03-06T00:00:00Z',
    )
    assert.equal((await put(waiting, 'tomorrow')).statusCode, 422)
    assert.equal((await put(waiting, '2026-03-01T00:00:00Z')).statusCode, 422)
    vitrine.clock.set('2026-03-05T12:00:00Z')
    await vitrine.runJobs()
    assert.ok('scheduled_for' in (await ada.get(`/v2/shots/${waiting}`)).json<Shot>())
    vitrine.clock.set('2026-03-06T00:00:00Z')
    await vitrine.runJobs()
    const published = (await put(waiting, '2026-04-01T00:00:00Z')).json<Shot>()
    assert.equal(published['published_at'], '2026-03-06T00:00:00Z')
    assert.ok(!('scheduled_for' in published))
  })

  test('team_id: "must be on the team. If any empty value is provided the team association will be removed."', async () => {
    await using vitrine = await startVitrine()
    const guild = await vitrine.person('guild', { team: true })
    const other = await vitrine.person('other', { team: true })
    const ada = await vitrine.person('ada', { memberOf: guild })
    const id = await vitrine.upload(ada)
    const team = async (value: unknown) => {
      const answer = await ada.put(`/v2/shots/${id}`, { team_id: value })
      return answer.statusCode === 200
        ? (answer.json<{ team?: { id: number } }>().team?.id ?? null)
        : answer.statusCode
    }
    assert.equal(await team(other.id), 422)
    for (const empty of [null, '']) {
      assert.equal(await team(guild.id), guild.id)
      assert.equal(await team(empty), null)
    }
    await team(guild.id)
    const form = { payload: 'team_id=', headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    assert.ok(!('team' in (await ada.put(`/v2/shots/${id}`, undefined, form)).json<Shot>()))
  })

  test('low_profile and a blank description; a title cannot be blank; nothing said changes nothing', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const id = await vitrine.upload(ada, { title: 'Kept', description: 'Gone soon' })
    const changed = (await ada.put(`/v2/shots/${id}`, { low_profile: '1', description: '' })).json<Shot>()
    assert.deepEqual([changed['low_profile'], changed['description'], changed['title']], [true, null, 'Kept'])
    assert.deepEqual((await ada.put(`/v2/shots/${id}`, { title: ' ' })).json(), {
      message: 'Validation failed.',
      errors: [{ attribute: 'title', message: "can't be blank" }],
    })
    const same = (await ada.put(`/v2/shots/${id}`, {})).json<Shot>()
    assert.deepEqual([same['low_profile'], same['title']], [true, 'Kept'])
  })
})

describe('Delete a shot', () => {
  test('"authenticated with the upload scope. The authenticated user must also own the shot."', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const bob = await vitrine.person('bob')
    const reader = await vitrine.person('reader', { scopes: 'public' })
    const id = await vitrine.upload(ada)
    const picture = (await ada.get(`/v2/shots/${id}`)).json<{ images: { normal: string } }>().images.normal
    assert.equal((await bob.delete(`/v2/shots/${id}`)).statusCode, 403)
    assert.equal((await reader.delete(`/v2/shots/${id}`)).statusCode, 403)
    assert.equal((await vitrine.anonymous.delete(`/v2/shots/${id}`)).statusCode, 401)

    const gone = await ada.delete(`/v2/shots/${id}`)
    assert.equal(gone.statusCode, 204)
    assert.equal(gone.body, '')
    assert.equal((await ada.get(`/v2/shots/${id}`)).statusCode, 404)
    assert.equal((await ada.delete(`/v2/shots/${id}`)).statusCode, 404)
    assert.equal((await vitrine.anonymous.request({ method: 'GET', url: picture })).statusCode, 404)
    // The bytes go a little later, when nothing can want them any more.
    vitrine.clock.advance(60)
    await vitrine.runJobs()
    const kept = []
    for await (const blob of vitrine.ctx.blobs.list()) kept.push(blob)
    assert.deepEqual(kept, [])
  })
})
