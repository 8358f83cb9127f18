import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import sharp from 'sharp'
import { samplePicture } from '../../helpers/pictures.ts'
import { multipart, startVitrine, type Answer, type Person, type Vitrine } from '../../helpers/vitrine.ts'

// "API v2, Shots", heading by heading.

type Shot = Record<string, unknown> & { images: Record<string, string | null>; tags: string[] }
const post = async (who: Person, fields: Record<string, unknown>, picture?: Buffer): Promise<Answer> =>
  who.post('/v2/shots', undefined, multipart(fields, picture && { image: picture }))
const shotOf = async (who: Person, id: number) => (await who.get(`/v2/shots/${id}`)).json<Shot>()

/** A shot that has everything the documented example has, as far as the API can make it. */
async function fullShot(vitrine: Vitrine) {
  const guild = await vitrine.person('guild', {
    team: true,
    name: 'The Guild',
    bio: 'Makers of small things.',
    location: 'Utrecht',
    links: { web: 'https://guild.example', twitter: 'https://social.example/guild' },
  })
  const ada = await vitrine.person('ada', { memberOf: guild })
  const picture = await samplePicture({ width: 400, height: 300 })
  const id = await vitrine.upload(ada, {
    picture,
    fileName: 'Harbour.PNG',
    title: 'Harbour',
    description: 'Quick sketch of a *harbour* at dusk.',
    tags: ['sketch', 'harbour', 'Dusk'],
    team_id: guild.id,
  })
  return { guild, ada, id, picture }
}

describe('Get a shot', () => {
  test('the documented example, whole', async () => {
    await using vitrine = await startVitrine()
    const { guild, ada, id } = await fullShot(vitrine)
    const attached = await ada.post(
      `/v2/shots/${id}/attachments`,
      undefined,
      multipart(
        {},
        {
          field: 'file',
          fileName: 'detail.jpg',
          image: await samplePicture({ width: 600, height: 500, format: 'jpeg' }),
        },
      ),
    )
    assert.equal(attached.statusCode, 202)
    const project = (
      await ada.post('/v2/projects', { name: 'Ports', description: 'Ships & <b>more</b>' })
    ).json<{ id: number }>()
    await vitrine.ctx.db
      .insertInto('collection_item')
      .values({ collection_id: project.id, item_id: id, position: 1, added_ms: 1 })
      .execute()
    await vitrine.ctx.db
      .updateTable('collection')
      .set({ items_count: 1 })
      .where('id', '=', project.id)
      .execute()
    await vitrine.runJobs()

    const { base } = vitrine
    const folder = `${base}/users/${ada.id}/screenshots/${id}`
    const at = '2026-03-04T05:06:07Z'
    const answer = await ada.get(`/v2/shots/${id}`)
    const attachment = answer.json<{ attachments: { id: number; size: number }[] }>().attachments[0]
    const expected = {
      id,
      title: 'Harbour',
      description: '<p>Quick sketch of a *harbour* at dusk.</p>',
      width: 400,
      height: 300,
      images: { hidpi: null, normal: `${folder}/harbour.png`, teaser: `${folder}/harbour_teaser.png` },
      published_at: at,
      updated_at: at,
      html_url: `${base}/shots/${id}-Harbour`,
      animated: false,
      tags: ['dusk', 'harbour', 'sketch'],
      attachments: [
        {
          id: attachment?.id,
          url: `${folder}/attachments/${attachment?.id}/detail.jpg`,
          thumbnail_url: `${folder}/attachments/${attachment?.id}/thumbnail/detail.jpg`,
          size: attachment?.size,
          content_type: 'image/jpeg',
          created_at: at,
        },
      ],
      projects: [
        {
          id: project.id,
          name: 'Ports',
          description: 'Ships &amp; <b>more</b>',
          shots_count: 1,
          created_at: at,
          updated_at: at,
        },
      ],
      team: {
        id: guild.id,
        name: 'The Guild',
        login: 'guild',
        html_url: `${base}/guild`,
        avatar_url: `${base}/users/${guild.id}/avatars/normal/avatar.png?${Date.parse(at) / 1000}`,
        bio: 'Makers of small things.',
        location: 'Utrecht',
        links: { web: 'https://guild.example', twitter: 'https://social.example/guild' },
        type: 'Team',
        created_at: at,
        updated_at: at,
      },
      low_profile: false,
    }
    assert.equal(answer.body, JSON.stringify(expected))
    assert.equal(answer.headers['last-modified'], 'Wed, 04 Mar 2026 05:06:07 GMT')

    const list = await ada.get('/v2/user/shots')
    assert.equal(list.body, JSON.stringify([expected]))
    assert.equal(list.headers['x-ratelimit-limit'], '60')
  })

  test('"This endpoint returns only shots owned by the currently authenticated user."', async () => {
    await using vitrine = await startVitrine()
    const { ada, id } = await fullShot(vitrine)
    const bob = await vitrine.person('bob')
    assert.equal((await ada.get(`/v2/shots/${id}`)).statusCode, 200)
    assert.equal((await ada.get(`/v2/shots/${id}-Harbour`)).statusCode, 200)
    for (const path of [`/v2/shots/${id}`, '/v2/shots/999', '/v2/shots/x', '/v2/shots/99999999999999999999'])
      assert.equal((await bob.get(path)).body, '{"message":"Not found."}', path)
    assert.deepEqual((await bob.get('/v2/user/shots')).json(), [])
  })

  test('Images: hidpi is 800x600 or null, "width and height provide the size of the normal image", teaser 200x150', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const large = await vitrine.upload(ada, {
      picture: await samplePicture({ width: 800, height: 600, format: 'jpeg' }),
      fileName: 'wave.jpg',
    })
    const shot = await shotOf(ada, large)
    assert.deepEqual([shot['width'], shot['height']], [400, 300])
    assert.match(String(shot.images['hidpi']), /\/wave\.jpg$/)
    assert.match(String(shot.images['normal']), /\/wave_1x\.jpg$/)
    assert.match(String(shot.images['teaser']), /\/wave_teaser\.jpg$/)
    const sides = { hidpi: [800, 600], normal: [400, 300], teaser: [200, 150] }
    for (const [size, [width, height]] of Object.entries(sides)) {
      const picture = await vitrine.anonymous.request({ method: 'GET', url: String(shot.images[size]) })
      assert.equal(picture.statusCode, 200)
      assert.equal(picture.headers['content-type'], 'image/jpeg')
      const facts = await sharp(picture.rawPayload).metadata()
      assert.deepEqual([facts.width, facts.height], [width, height])
    }
  })

  test('"the highest resolution image available (hidpi or normal) will be animated (smaller images will be stills)"', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const pagesOf = async (url: unknown) => {
      const { rawPayload } = await vitrine.anonymous.request({ method: 'GET', url: String(url) })
      return (await sharp(rawPayload).metadata()).pages ?? 1
    }
    const gif = (width: number, height: number, frames: number) =>
      samplePicture({ width, height, format: 'gif', frames })
    const large = await shotOf(
      ada,
      await vitrine.upload(ada, { picture: await gif(800, 600, 3), fileName: 'a.gif' }),
    )
    assert.equal(large['animated'], true)
    assert.deepEqual(
      [
        await pagesOf(large.images['hidpi']),
        await pagesOf(large.images['normal']),
        await pagesOf(large.images['teaser']),
      ],
      [3, 1, 1],
    )
    const small = await shotOf(
      ada,
      await vitrine.upload(ada, { picture: await gif(400, 300, 2), fileName: 'b.gif' }),
    )
    assert.equal(small['animated'], true)
    assert.deepEqual([await pagesOf(small.images['normal']), await pagesOf(small.images['teaser'])], [2, 1])
    const still = await shotOf(
      ada,
      await vitrine.upload(ada, { picture: await gif(400, 300, 1), fileName: 'c.gif' }),
    )
    assert.equal(still['animated'], false)
  })

  test('Team: "Otherwise, the attribute will be omitted."', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const shot = await shotOf(ada, await vitrine.upload(ada))
    assert.ok(!('team' in shot) && !('video' in shot))
  })

  test('Scheduling: scheduled shots "include scheduled_for" in place of published_at, and are published in time', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada', { pro: true })
    const bob = await vitrine.person('bob')
    const id = await vitrine.upload(ada, { scheduled_for: '2026-03-04T08:00:00+01:00' })
    const waiting = await shotOf(ada, id)
    assert.equal(waiting['scheduled_for'], '2026-03-04T07:00:00Z')
    assert.ok(!('published_at' in waiting))
    assert.equal((await bob.get(`/v1/shots/${id}`)).statusCode, 404)

    // Its pictures are for whoever was given the address.
    const address = String(waiting.images['normal'])
    const signed = await vitrine.anonymous.request({ method: 'GET', url: address })
    assert.equal(signed.statusCode, 200)
    assert.equal(signed.headers['cache-control'], 'private, no-store')
    assert.equal(
      (await vitrine.anonymous.request({ method: 'GET', url: address.split('?')[0] ?? '' })).statusCode,
      404,
    )

    vitrine.clock.set('2026-03-04T07:00:01Z')
    await vitrine.runJobs()
    const published = await shotOf(ada, id)
    assert.equal(published['published_at'], '2026-03-04T07:00:00Z')
    assert.ok(!('scheduled_for' in published))
    assert.equal((await bob.get(`/v1/shots/${id}`)).statusCode, 200)
  })

  test('Video: the object of the example, and no address of a preview that is not there', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const id = await vitrine.upload(ada)
    await vitrine.ctx.db
      .updateTable('item')
      .set({
        kind: 'video',
        file_name: 'tide.webm',
        duration_seconds: 17.2,
        silent: 1,
        size_bytes: 5,
        width: 1600,
        height: 1200,
      })
      .where('id', '=', id)
      .execute()
    const shot = await shotOf(ada, id)
    const url = `${vitrine.base}/users/${ada.id}/videos/${id}/tide.webm`
    const at = '2026-03-04T05:06:07Z'
    const video = {
      id,
      duration: 17,
      video_file_name: 'tide.webm',
      video_file_size: 5,
      width: 1600,
      height: 1200,
      silent: true,
      created_at: at,
      updated_at: at,
      url,
      small_preview_url: url,
      large_preview_url: url,
      xlarge_preview_url: url,
    }
    assert.equal(JSON.stringify(shot['video']), JSON.stringify(video))
    assert.deepEqual(Object.keys(shot).slice(-2), ['video', 'low_profile'])
  })
})

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
