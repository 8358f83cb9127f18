import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { samplePicture } from '../../helpers/pictures.ts'
import { multipart, startVitrine, type Answer, type Person } from '../../helpers/vitrine.ts'

// "API v2, Shots", "Create a shot".

type Shot = Record<string, unknown> & { tags: string[] }
const post = async (who: Person, fields: Record<string, unknown>, picture?: Buffer): Promise<Answer> =>
  who.post('/v2/shots', undefined, multipart(fields, picture && { image: picture }))
const shotOf = async (who: Person, id: number) => (await who.get(`/v2/shots/${id}`)).json<Shot>()

describe('Create a shot', () => {
  test('"the returned location will return a 404 Not Found until processing is completed": 202, Location, no body', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const created = await post(ada, { title: 'Harbour' }, await samplePicture({ width: 400, height: 300 }))
    assert.equal(created.statusCode, 202)
    assert.equal(created.headers['status'], '202 Accepted')
    assert.equal(created.body, '')
    const location = String(created.headers['location'])
    assert.match(location, new RegExp(`^${vitrine.base}/v2/shots/\\d+$`))
    assert.equal(created.headers['x-ratelimit-remaining'], '59')

    assert.equal((await ada.request({ method: 'GET', url: location })).statusCode, 404)
    await vitrine.runJobs()
    const shot = (await ada.request({ method: 'GET', url: location })).json<Shot>()
    assert.deepEqual([shot['title'], shot['description']], ['Harbour', null])
  })

  test('"authenticated with the upload scope. The authenticated user must also be a player or team."', async () => {
    await using vitrine = await startVitrine()
    const picture = await samplePicture({ width: 400, height: 300 })
    const reader = await vitrine.person('reader', { scopes: 'public write comment' })
    const refused = await post(reader, { title: 'x' }, picture)
    assert.equal(refused.statusCode, 403)
    assert.equal(refused.headers['www-authenticate'], 'Bearer error="insufficient_scope", scope="upload"')
    const viewer = await vitrine.person('viewer', { mayUpload: false })
    assert.equal((await post(viewer, { title: 'x' }, picture)).statusCode, 403)
    const team = await vitrine.person('guild', { team: true })
    assert.equal((await post(team, { title: 'x' }, picture)).statusCode, 202)
    const nobody = await vitrine.anonymous.post(
      '/v2/shots',
      undefined,
      multipart({ title: 'x' }, { image: picture }),
    )
    assert.equal(nobody.statusCode, 401)
    const files = await vitrine.ctx.blobs.sweepIncoming(-1)
    assert.equal(files, 0, 'refused uploads leave nothing in incoming/')
  })

  test('image: "exactly 400x300 or 800x600, no larger than eight megabytes, and be a GIF, JPG, or PNG"', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const problem = async (picture?: Buffer) => {
      const answer = await post(ada, { title: 'x' }, picture)
      assert.equal(answer.statusCode, 422)
      return answer.json<{ errors: unknown[] }>().errors
    }
    const image = (message: string) => [{ attribute: 'image', message }]
    assert.deepEqual(await problem(), image("can't be blank"))
    for (const [width, height] of [
      [399, 300],
      [400, 301],
      [801, 600],
      [300, 400],
    ] as const)
      assert.deepEqual(
        await problem(await samplePicture({ width, height })),
        image('must be exactly 400x300 or 800x600'),
      )
    assert.deepEqual(
      await problem(await samplePicture({ width: 400, height: 300, format: 'webp' })),
      image('must be a GIF, JPG, or PNG'),
    )
    const padded = Buffer.concat([
      await samplePicture({ width: 400, height: 300 }),
      Buffer.alloc(8 * 1024 * 1024),
    ])
    assert.deepEqual(await problem(padded), image('is too large (at most 8 MB)'))
    assert.equal(await vitrine.ctx.blobs.sweepIncoming(-1), 0)
  })

  test('title is required, tags are "Limited to a maximum of 12 tags", everything wrong is said at once', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const thirteen = Array.from({ length: 13 }, (_, n) => `tag ${n}`)
    const answer = await post(ada, { tags: thirteen, scheduled_for: 'soon', team_id: 'x' })
    assert.deepEqual(answer.json(), {
      message: 'Validation failed.',
      errors: [
        { attribute: 'scheduled_for', message: 'is not an ISO 8601 timestamp' },
        { attribute: 'tags', message: 'are limited to a maximum of 12' },
        { attribute: 'team_id', message: 'is not an id' },
        { attribute: 'title', message: "can't be blank" },
        { attribute: 'image', message: "can't be blank" },
      ],
    })
  })

  test('tags as repeated, bracketed, comma text and JSON; counted after cleaning; sorted', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const id = await vitrine.upload(ada, { tags: 'Sea, sea , harbour  wall,' })
    assert.deepEqual((await shotOf(ada, id)).tags, ['harbour wall', 'sea'])
    for (const [payload, type] of [
      ['tags=b&tags=a', 'application/x-www-form-urlencoded'],
      ['tags[]=b&tags[]=a', 'application/x-www-form-urlencoded'],
      ['{"tags":["B","a","b"]}', 'application/json'],
    ] as const) {
      const changed = await ada.put(`/v2/shots/${id}`, undefined, {
        payload,
        headers: { 'content-type': type },
      })
      assert.deepEqual(changed.json<Shot>().tags, ['a', 'b'])
    }
    assert.deepEqual((await ada.put(`/v2/shots/${id}`, { tags: [] })).json<Shot>().tags, [])
  })

  test('scheduled_for: "must be a pro, a team, or a member of a team"; not in the past', async () => {
    await using vitrine = await startVitrine()
    const picture = await samplePicture({ width: 400, height: 300 })
    const guild = await vitrine.person('guild', { team: true })
    const status = async (who: Person, at = '2026-03-05T00:00:00Z') =>
      (await post(who, { title: 'x', scheduled_for: at }, picture)).statusCode
    assert.equal(await status(await vitrine.person('ada')), 403)
    assert.equal(await status(await vitrine.person('pro', { pro: true })), 202)
    assert.equal(await status(guild), 202)
    assert.equal(await status(await vitrine.person('member', { memberOf: guild })), 202)
    assert.equal(await status(guild, '2020-01-01T00:00:00Z'), 422)
    assert.equal(await status(guild, '1772600000000'), 422)
  })

  test('team_id: "a member of the team or be authenticated as the same team"', async () => {
    await using vitrine = await startVitrine()
    const picture = await samplePicture({ width: 400, height: 300 })
    const guild = await vitrine.person('guild', { team: true })
    const member = await vitrine.person('member', { memberOf: guild })
    const stranger = await vitrine.person('stranger')
    for (const [who, expected] of [
      [guild, 202],
      [member, 202],
      [stranger, 422],
    ] as const)
      assert.equal(
        (await post(who, { title: 'x', team_id: guild.id }, picture)).statusCode,
        expected,
        who.login,
      )
  })

  test('rebound_source_id: "must be reboundable and by a user not blocking the authenticated user"', async () => {
    await using vitrine = await startVitrine()
    const picture = await samplePicture({ width: 400, height: 300 })
    const ada = await vitrine.person('ada')
    const bob = await vitrine.person('bob')
    const id = await vitrine.upload(ada)
    const rebound = async (source: unknown) => post(bob, { title: 'x', rebound_source_id: source }, picture)
    assert.equal((await rebound(id)).statusCode, 202)
    assert.deepEqual(
      (await rebound(9999)).json<{ errors: { attribute: string }[] }>().errors[0]?.attribute,
      'rebound_source_id',
    )
    await vitrine.ctx.db
      .insertInto('block')
      .values({ account_id: ada.id, blocked_id: bob.id, created_ms: 1 })
      .execute()
    assert.equal((await rebound(id)).statusCode, 422)
  })

  test('empty parts of a form mean "not given"; the picture may come first, last, misnamed, or as a data URL', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const picture = await samplePicture({ width: 400, height: 300 })
    const blank = {
      description: '',
      rebound_source_id: '',
      scheduled_for: '',
      team_id: '',
      low_profile: 'on',
    }
    const form = multipart(
      { title: 'x', ...blank },
      { image: picture, fileName: 'blob', mimeType: 'text/plain' },
    )
    const made = await ada.post('/v2/shots', undefined, form)
    assert.equal(made.statusCode, 202)
    const url = `data:image/png;base64,${picture.toString('base64')}`
    assert.equal(
      (await ada.post('/v2/shots', undefined, multipart({ title: 'y', image_data: url }))).statusCode,
      202,
    )
    await vitrine.runJobs()
    const shots = (await ada.get('/v2/user/shots')).json<Shot[]>()
    assert.deepEqual(
      shots.map((shot) => [shot['title'], shot['low_profile'], shot['description']]),
      [
        ['y', false, null],
        ['x', true, null],
      ],
    )
  })

  test('the same Idempotency-Key gets the same answer and makes one shot; another request under it is refused', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const picture = await samplePicture({ width: 400, height: 300 })
    const send = async (title: string) => {
      const form = multipart({ title }, { image: picture })
      return ada.post('/v2/shots', undefined, {
        ...form,
        headers: { ...form.headers, 'idempotency-key': 'k1' },
      })
    }
    const [first, second] = await Promise.all([send('once'), send('once')])
    assert.equal(first.headers['location'], second.headers['location'])
    assert.equal((await send('once')).headers['location'], first.headers['location'])
    assert.equal((await send('twice')).statusCode, 422)
    await vitrine.runJobs()
    assert.equal((await ada.get('/v2/user/shots')).json<Shot[]>().length, 1)
  })

  test('Location is readable for scripts', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const form = multipart({ title: 'x' }, { image: await samplePicture({ width: 400, height: 300 }) })
    const headers = { ...form.headers, origin: 'https://app.example' }
    const made = await ada.post('/v2/shots', undefined, { ...form, headers })
    assert.equal(
      made.headers['access-control-expose-headers'],
      'ETag, Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Location',
    )
  })

  test('quotas: the words that upload tools look for come first', async () => {
    await using vitrine = await startVitrine({ settings: { VITRINE_UPLOADS_PER_DAY: '1' } })
    const ada = await vitrine.person('ada')
    await vitrine.upload(ada)
    const refused = await post(ada, { title: 'x' }, await samplePicture({ width: 400, height: 300 }))
    assert.equal(refused.statusCode, 422)
    assert.match(String(refused.json<{ errors: { message: string }[] }>().errors[0]?.message), /daily limit/)
  })
})
