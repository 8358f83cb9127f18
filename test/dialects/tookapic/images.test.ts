import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { samplePicture } from '../../helpers/pictures.ts'
import { dataOf, idOf, startTookapic, type PhotoClient } from '../../helpers/start-tookapic.ts'
import { multipart } from '../../helpers/vitrine.ts'

async function sidesAt(client: PhotoClient, url: unknown) {
  const answer = await client.get(String(url))
  assert.equal(answer.statusCode, 200, String(url))
  const { width, height, format } = await sharp(answer.rawPayload).metadata()
  assert.equal(answer.headers['content-type'], `image/${format}`)
  return [width, height]
}

test('image_thumb is the centre of the picture, image and image_large are the whole of it in a box', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada')
  const picture = await samplePicture({ width: 1500, height: 1000, format: 'jpeg' })
  const id = await tookapic.upload(ada, {}, picture)
  const {
    image_thumb: thumb,
    image,
    image_large: large,
  } = dataOf(await tookapic.anonymous.get(`/photos/${id}`))
  assert.equal(image, `${tookapic.base}/images/${id}/medium.jpg`)
  const { anonymous } = tookapic
  assert.deepEqual(await sidesAt(anonymous, thumb), [400, 300])
  assert.deepEqual(await sidesAt(anonymous, image), [800, 533])
  assert.deepEqual(await sidesAt(anonymous, large), [1280, 853])
  // The second time they are there already.
  assert.deepEqual(await sidesAt(anonymous, large), [1280, 853])
  const head = await anonymous.request({ method: 'HEAD', url: `/images/${id}/large.jpg` })
  assert.deepEqual([head.statusCode, head.body], [200, ''])
})

test('a small picture is never enlarged', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada')
  const id = await tookapic.upload(ada)
  for (const size of ['medium', 'large'])
    assert.deepEqual(await sidesAt(tookapic.anonymous, `/images/${id}/${size}.png`), [40, 30])
})

test('what has no picture at hand is drawn; what is none is 404', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada')
  const id = await tookapic.photo(ada)
  const text = await tookapic.photo(ada, { kind: 'text' })
  for (const size of ['thumb', 'medium', 'large'])
    assert.deepEqual(await sidesAt(tookapic.anonymous, `/images/${id}/${size}.png`), [300, 300])
  const { image_avatar: avatar } = dataOf(await ada.get('/user'))
  assert.deepEqual(await sidesAt(tookapic.anonymous, avatar), [160, 160])
  const none = [
    `/images/${id}/huge.png`,
    `/images/${id}/thumb`,
    `/images/${text}/thumb.png`,
    '/images/99999/thumb.png',
    '/images/avatars/99999.png',
    '/images/avatars/x.png',
    '/images/..%2f..%2fetc/thumb.png',
  ]
  for (const path of none) {
    const answer = await tookapic.anonymous.get(path)
    assert.deepEqual([answer.statusCode, answer.headers['x-ratelimit-limit']], [404, undefined], path)
  }
})

test('the picture of a private photo is for whoever is given its address', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada')
  const id = await tookapic.upload(ada)
  await tookapic.vitrine.ctx.db.updateTable('item').set({ visibility: 'private' }).execute()
  const { image } = dataOf(await ada.get(`/photos/${id}`))
  assert.match(String(image), /\?signature=/)
  const shown = await tookapic.anonymous.get(String(image))
  assert.equal(shown.statusCode, 200)
  assert.match(String(shown.headers['cache-control']), /private/)
  assert.equal((await tookapic.anonymous.get(`/images/${id}/medium.png`)).statusCode, 404)
  assert.equal((await tookapic.anonymous.get(`/images/${id}/medium.png?signature=x`)).statusCode, 404)
})

test('no picture says where it was taken', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada')
  const image = await sharp(await samplePicture({ width: 60, height: 40 }))
    .withExif({ IFD0: { Make: 'Kestrel' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '54/1 31/1 0/1' } })
    .jpeg()
    .toBuffer()
  const id = idOf(await ada.send('POST', '/photos', undefined, multipart({}, { image })))
  await tookapic.vitrine.runJobs()
  for (const size of ['thumb', 'medium', 'large']) {
    const { rawPayload } = await tookapic.anonymous.get(`/images/${id}/${size}.jpg`)
    const { exif } = await sharp(rawPayload).metadata()
    assert.ok(exif === undefined || !exif.includes(Buffer.from([0x88, 0x25])), size)
  }
})
