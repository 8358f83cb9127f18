import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import sharp from 'sharp'
import { samplePicture } from '../../helpers/pictures.ts'
import { multipart, startVitrine, type Person, type Vitrine } from '../../helpers/vitrine.ts'

// "API v2, Shots", heading by heading.

type Shot = Record<string, unknown> & { images: Record<string, string | null>; tags: string[] }
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
