import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { samplePicture } from '../../helpers/pictures.ts'
import { startBooru, type Booru } from '../../helpers/started-booru.ts'
import { multipart } from '../../helpers/vitrine.ts'
import { idsOf } from './objects.ts'

// One library: what comes in through one dialect is there in the other.

const find = async (booru: Booru, query: string) =>
  idsOf((await booru.get<{ search: unknown[] }>(`/search.json?${query}`)).search)

describe('uploads of the other dialect', () => {
  test('are found by their tags, at once, and no longer once they are gone', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const id = await booru.vitrine.upload(ada, { title: 'Harbour', tags: ['Safe', 'Blue  Boat'] })
    assert.deepEqual(await find(booru, 'q=safe,blue+boat'), [id])
    await ada.put(`/v2/shots/${id}`, { tags: ['safe', 'kite'] })
    assert.deepEqual([await find(booru, 'q=blue+boat'), await find(booru, 'q=kite')], [[], [id]])
    await ada.delete(`/v2/shots/${id}`)
    assert.deepEqual(await find(booru, 'q=kite'), [])
    assert.equal((await booru.ask(`/${id}.json`)).statusCode, 404)
  })

  test('a fave here is a like there, and the reverse', async () => {
    await using booru = await startBooru()
    const [ada, brook] = [await booru.member('ada'), await booru.member('brook')]
    const id = await booru.vitrine.upload(ada, { tags: ['safe'] })
    const form = { class: 'Image', id: String(id), key: brook.key, value: 'true' }
    await booru.ask('/api/v2/interactions/fave', { method: 'PUT', form })
    const likes = (await brook.get(`/v1/shots/${id}/likes`)).json<{ user: { id: number } }[]>()
    assert.deepEqual(
      likes.map(({ user }) => user.id),
      [brook.id],
    )
    await ada.post(`/v1/shots/${id}/like`)
    assert.deepEqual(await booru.get(`/images/${id}/favorites.json`), [ada.id, brook.id])
    assert.deepEqual(await find(booru, 'q=faved_by:ada,faves.gte:2'), [id])
  })

  test('a comment there is one here', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const id = await booru.vitrine.upload(ada)
    await ada.post(`/v1/shots/${id}/comments`, { body: 'Fine lines.' })
    const { comments } = await booru.get<{ comments: { author: string }[] }>(`/images/${id}/comments.json`)
    assert.deepEqual(
      comments.map(({ author }) => author),
      ['ada'],
    )
  })
})

describe('/search/reverse.json', () => {
  const reverse = (booru: Booru, fields: Record<string, unknown>, image?: Buffer) =>
    booru.ask('/search/reverse.json', {
      method: 'POST',
      ...multipart(fields, image && { image, field: 'image' }),
    })

  test('finds a picture again, by file and by one of our addresses', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const [red, blue] = [
      await samplePicture({ width: 400, height: 300, seed: 1 }),
      await samplePicture({ width: 400, height: 300, seed: 3 }),
    ]
    const id = await booru.vitrine.upload(ada, { picture: red })
    const other = await booru.vitrine.upload(ada, { picture: blue })
    const answer = await reverse(booru, {}, red)
    assert.equal(answer.statusCode, 200, answer.body)
    const { search, total } = answer.json<{ search: unknown[]; total: number }>()
    assert.deepEqual([idsOf(search), total, Object.keys(answer.json())], [[id], 1, ['search', 'total']])

    const { image } = await booru.get<{ image: string }>(`/${other}.json`)
    const byUrl = await booru.ask('/search/reverse.json', {
      method: 'POST',
      form: { url: image, fuzziness: '0.5' },
    })
    assert.deepEqual(idsOf(byUrl.json<{ search: unknown[] }>().search), [other])
  })

  test('finds a picture by the address it has on another site', async () => {
    const picture = await samplePicture({ width: 400, height: 300, seed: 2 })
    const elsewhere = createServer((request, response) => {
      if (request.url === '/gone.png') response.writeHead(404).end()
      else response.writeHead(200, { 'content-type': 'image/png' }).end(picture)
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const { port } = elsewhere.address() as AddressInfo
    try {
      await using booru = await startBooru({ settings: { VITRINE_FETCH_ALLOW: '127.0.0.1' } })
      const id = await booru.vitrine.upload(await booru.member('ada'), { picture })
      const found = await reverse(booru, { url: `http://127.0.0.1:${port}/a.png` })
      assert.deepEqual(idsOf(found.json<{ search: unknown[] }>().search), [id], found.body)
      const gone = await reverse(booru, { url: `http://127.0.0.1:${port}/gone.png` })
      assert.deepEqual([gone.statusCode, Object.keys(gone.json())], [422, ['url']])
      assert.equal(await booru.ctx.blobs.sweepIncoming(-1), 0)
    } finally {
      elsewhere.closeAllConnections()
      await new Promise((resolve) => elsewhere.close(resolve))
    }
  })

  test('refuses what is no picture, nothing to be fetched, and nothing', async () => {
    await using booru = await startBooru()
    const id = await booru.add(await booru.member('ada'))
    for (const [fields, image, field] of [
      [{}, undefined, 'image'],
      [{}, Buffer.from('no picture at all'), 'image'],
      [{ url: 'http://127.0.0.1/a.png' }, undefined, 'url'],
      [{ url: 'not an address' }, undefined, 'url'],
      [{ url: `${booru.base}/${id}` }, undefined, 'url'],
    ] as const) {
      const answer = await reverse(booru, fields, image)
      assert.deepEqual([answer.statusCode, Object.keys(answer.json())], [422, [field]], answer.body)
    }
    assert.equal((await booru.ask('/search/reverse.json')).statusCode, 405)
    const big = await reverse(booru, {}, Buffer.alloc(26 * 1024 * 1024))
    assert.deepEqual([big.statusCode, big.json()], [422, { image: ['is too large (at most 25 MB)'] }])
  })
})
