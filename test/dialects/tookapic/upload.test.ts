import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { samplePicture } from '../../helpers/pictures.ts'
import {
  dataOf,
  errorsOf,
  idOf,
  same,
  startTookapic,
  type Photographer,
} from '../../helpers/start-tookapic.ts'
import { multipart } from '../../helpers/vitrine.ts'
import { photo } from './shown.ts'

const small = () => samplePicture({ width: 40, height: 30 })
const dataUrl = (bytes: Buffer) => `data:image/png;base64,${bytes.toString('base64')}`
const post = (who: Photographer, fields: Record<string, unknown>, image: Buffer, headers = {}) => {
  const body = multipart(fields, { image })
  return who.send('POST', '/photos', undefined, { ...body, headers: { ...body.headers, ...headers } })
}

describe('POST /photos', () => {
  test('a file: 201 with the photo and its address, which is there for everybody once its pictures are made', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const made = await post(ada, { title: 'Quay', tags: ['Sea', 'sky'], place: 'Gdynia' }, await small())
    const id = idOf(made)
    assert.equal(made.headers.location, `${tookapic.base}/photos/${id}`)
    const pictures = Object.fromEntries(
      Object.entries({ image_thumb: 'thumb', image: 'medium', image_large: 'large' }).map(([name, size]) => [
        name,
        `${tookapic.base}/images/${id}/${size}.png`,
      ]),
    )
    const expected = photo(tookapic, id, 'ada', {
      ...pictures,
      title: 'Quay',
      taken_on: '2026-03-04',
      width: 40,
      height: 30,
      place: 'Gdynia',
      is_liked: false,
    })
    const shown = dataOf(made, 201)
    // Until then only its owner is given the way to its pictures.
    assert.match(String(shown['image']), /medium\.png\?signature=[\w-]+$/)
    same({ ...shown, ...pictures }, expected)
    for (const who of [ada, tookapic.anonymous])
      assert.equal((await who.get(`/photos/${id}`)).statusCode, 404)

    await tookapic.vitrine.runJobs()
    const ready = dataOf(await ada.get(`/photos/${id}`))
    assert.match(String(ready['color']), /^#[0-9a-f]{6}$/)
    same(ready, { ...expected, number: 1, color: ready['color'] })
    const { tags } = dataOf(await ada.get(`/photos/${id}?include=tags`)) as {
      tags: { data: { name: string }[] }
    }
    assert.deepEqual(
      tags.data.map(({ name }) => name),
      ['sea', 'sky'],
    )
  })

  test('a data URL in JSON', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const fields = { image: dataUrl(await small()), title: 'Quay', tags: 'sea, sky', taken_on: '2026-03-02' }
    const shown = dataOf(await ada.send('POST', '/photos', fields), 201)
    assert.deepEqual(
      [shown['title'], shown['taken_on'], shown['width'], shown['number']],
      ['Quay', '2026-03-02', 40, null],
    )
  })

  test('422 names what is wrong, all at once, and nothing stays behind', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const bad = await post(
      ada,
      { title: 'x'.repeat(1001), taken_on: '2026-02-30', place: 'x'.repeat(256) },
      Buffer.from('GIF89a'),
    )
    assert.deepEqual(Object.keys(errorsOf(bad)).toSorted(), ['image', 'place'])
    const fields = await post(ada, { title: 'x'.repeat(1001), taken_on: '2026-02-30' }, await small())
    assert.deepEqual(errorsOf(fields), {
      title: ['The title is too long (at most 1000 characters).'],
      taken_on: ['The taken_on must be a day such as 2026-03-04.'],
    })
    for (const [image, problem] of [
      [undefined, "The image can't be blank."],
      ['', "The image can't be blank."],
      ['https://pictures.example/1.png', 'The image must be a file or a data URL.'],
      ['data:image/png;base64,', 'The image must be a file or a data URL.'],
    ])
      assert.deepEqual(errorsOf(await ada.send('POST', '/photos', { image })), { image: [problem] })
    const svg = dataUrl(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))
    assert.match(
      String(errorsOf(await ada.send('POST', '/photos', { image: svg }))['image']),
      /cannot be used/,
    )

    const { db, blobs } = tookapic.vitrine.ctx
    assert.deepEqual(await db.selectFrom('item').select('id').execute(), [])
    assert.equal(await blobs.sweepIncoming(-1), 0)
  })

  test('too large is 422 for a picture and 413 for a body', async () => {
    const settings = { VITRINE_UPLOAD_MAX_BYTES: '2000' }
    await using tookapic = await startTookapic({ settings })
    const ada = await tookapic.person('ada')
    const large = Buffer.concat([await small(), Buffer.alloc(4000)])
    const asText = await ada.send('POST', '/photos', { image: dataUrl(large) })
    assert.match(String(errorsOf(asText)['image']), /too large/)
    const asFile = await post(ada, {}, large)
    assert.deepEqual(
      [asFile.statusCode, asFile.body],
      [413, '{"message":"413 Payload Too Large","status_code":413}'],
    )
    assert.equal(await tookapic.vitrine.ctx.blobs.sweepIncoming(-1), 0)
  })

  test('who may not upload may not, and is told before sending anything', async () => {
    await using tookapic = await startTookapic()
    const guest = await tookapic.person('guest', { mayUpload: false })
    assert.equal((await post(guest, {}, await small())).statusCode, 403)
    assert.equal(
      (await tookapic.anonymous.send('POST', '/photos', { image: dataUrl(await small()) })).statusCode,
      401,
    )
    assert.equal(await tookapic.vitrine.ctx.blobs.sweepIncoming(-1), 0)
  })

  test('the same Idempotency-Key gets the same photo, not a second one', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const once = { 'idempotency-key': 'k1' }
    const picture = await small()
    const answers = await Promise.all([1, 2, 3].map(() => post(ada, { title: 'Quay' }, picture, once)))
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [201, 201, 201],
    )
    assert.equal(new Set(answers.map(idOf)).size, 1)
    const other = await post(ada, { title: 'Pier' }, picture, once)
    assert.deepEqual(errorsOf(other), { base: ['Was used for a different request.'] })
  })

  test('its owner may take it back before it is ready, and the day is free again', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const bob = await tookapic.person('bob')
    const id = idOf(await post(ada, {}, await small()))
    assert.equal((await bob.send('DELETE', `/photos/${id}`)).statusCode, 404)
    assert.equal((await ada.send('DELETE', `/photos/${id}`)).statusCode, 204)
    assert.equal((await post(ada, {}, await small())).statusCode, 201)
  })
})
