import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import sharp from 'sharp'
import { samplePicture } from '../../helpers/pictures.ts'
import { dataOf, listOf, same, startTookapic } from '../../helpers/start-tookapic.ts'
import { photo, user } from './shown.ts'

/** Three quarters of one colour and a quarter of another. */
async function twoColours(): Promise<Buffer> {
  const blue = { width: 80, height: 60, channels: 3 as const, background: '#1040c0' }
  const red = await sharp({ create: { ...blue, width: 20, background: '#d02010' } })
    .png()
    .toBuffer()
  return sharp({ create: blue })
    .composite([{ input: red, left: 60, top: 0 }])
    .png()
    .toBuffer()
}

describe('GET /photos/:id?include=', () => {
  test('colors are those of the picture', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const id = await tookapic.upload(ada, {}, await twoColours())
    const shown = dataOf(await tookapic.anonymous.get(`/photos/${id}?include=colors`))
    const { data: colors } = shown['colors'] as { data: { hex: string; share: number }[] }
    assert.deepEqual(colors, [
      { hex: '#1040c0', share: 0.75 },
      { hex: '#d02010', share: 0.25 },
    ])
    assert.equal(shown['color'], '#1040c0')
    assert.deepEqual([shown['width'], shown['height']], [80, 60])
    // Not asked for, not there.
    assert.ok(!('colors' in dataOf(await tookapic.anonymous.get(`/photos/${id}`))))
  })

  test('user, tags, comments and likes nest as name:{data}; names of nothing are passed over', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const bob = await tookapic.person('bob')
    const id = await tookapic.photo(ada, { tags: ['Sea', 'gdynia harbour'], takenOn: '2026-03-04' })
    await tookapic.photo(bob, { tags: ['sea'] })
    await tookapic.photo(ada, { tags: ['sea'], visibility: 'private' })
    const said = dataOf(await bob.send('POST', `/photos/${id}/comments`, { content: 'Fine' }), 201)
    await bob.send('PUT', `/photos/${id}/like`)
    const [like] = listOf(await ada.get(`/photos/${id}/likes`))

    const include = 'likes,tags, user,comments,nonsense,__proto__'
    const answer = await tookapic.anonymous.get(`/photos/${id}?include=${encodeURIComponent(include)}`)
    const days = { count_photos: 1, streak: 1, longest_streak: 1, started_on: '2026-03-04' }
    same(
      dataOf(answer),
      photo(tookapic, id, 'ada', {
        count_likes: 1,
        count_comments: 1,
        number: 1,
        taken_on: '2026-03-04',
        user: { data: user(tookapic, ada, days) },
        tags: {
          data: [
            { name: 'gdynia harbour', url: `${tookapic.base}/tags/gdynia%20harbour`, count_photos: 1 },
            { name: 'sea', url: `${tookapic.base}/tags/sea`, count_photos: 2 },
          ],
        },
        comments: { data: [said] },
        likes: { data: [like] },
      }),
    )
    // A private photo's own tags count what others see of them.
    const hidden = await tookapic.photo(ada, { tags: ['secret'], visibility: 'private' })
    const { tags } = dataOf(await ada.get(`/photos/${hidden}?include=tags`)) as { tags: { data: unknown } }
    same(tags.data, [{ name: 'secret', url: `${tookapic.base}/tags/secret`, count_photos: 0 }])
  })

  test('a list takes those that cost the same for any number of photos', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    await tookapic.photo(ada, { tags: ['sea'] })
    const [shown] = listOf(
      await tookapic.anonymous.get('/photos?include=colors,user,tags,comments,likes,exif'),
    )
    assert.deepEqual(Object.keys(shown ?? {}).slice(-4), ['colors', 'user', 'tags', 'exif'])
  })

  test('exif: what the camera wrote, and never where it was', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const picture = await sharp(await samplePicture({ width: 40, height: 30 }))
      .withExif({
        IFD0: { Make: 'Kestrel', Model: 'Kestrel 7' },
        IFD2: {
          ISOSpeedRatings: '200',
          FNumber: '28/10',
          ExposureTime: '1/250',
          DateTimeOriginal: '2026:03:01 10:11:12',
        },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '54/1 31/1 0/1' },
      })
      .jpeg()
      .toBuffer()
    const id = await tookapic.upload(ada, {}, picture)
    const answer = await tookapic.anonymous.get(`/photos/${id}?include=exif`)
    const shown = dataOf(answer)
    assert.equal(shown['camera'], 'Kestrel 7')
    same(shown['exif'], {
      data: {
        make: 'Kestrel',
        model: 'Kestrel 7',
        lens: null,
        exposure_time: 1 / 250,
        aperture: 2.8,
        iso: 200,
        focal_length: null,
        taken_at: '2026-03-01T10:11:12',
      },
    })
    assert.ok(!/gps|latitude/i.test(answer.body))
    // The day is the one it was uploaded for, not the camera's.
    assert.equal(shown['taken_on'], '2026-03-04')
    const bare = await tookapic.photo(ada)
    const { exif } = dataOf(await ada.get(`/photos/${bare}?include=exif`)) as { exif: { data: object } }
    assert.deepEqual([...new Set(Object.values(exif.data))], [null])
  })
})
