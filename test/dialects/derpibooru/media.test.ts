import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import sharp from 'sharp'
import { samplePicture, type PictureOptions } from '../../helpers/pictures.ts'
import { startBooru, type Booru } from '../../helpers/started-booru.ts'
import { keyOf } from './shelf.ts'

// The addresses of pictures: versions, the picture itself, downloads.

interface Pictured {
  image: string
  representations: Record<string, string>
}

async function withPicture(booru: Booru, options: PictureOptions) {
  const ada = await booru.member('ada')
  const picture = await samplePicture(options)
  await booru.import(
    [
      {
        type: 'item',
        id: 31,
        kind: 'image',
        owner: 'ada',
        media: 'boat',
        tags: ['safe', 'blue boat'],
        created_at: '2016-09-03T21:54:32.750Z',
      },
    ],
    { boat: picture },
  )
  return { ada, picture, image: await booru.get<Pictured>('/31.json') }
}

const sidesAt = async (booru: Booru, address: string) => {
  const answer = await booru.ask(address)
  assert.equal(answer.statusCode, 200, `${address} ${answer.body.slice(0, 100)}`)
  const { width, height, pages = 1, format } = await sharp(answer.rawPayload, { animated: true }).metadata()
  return { width, height: height / pages, pages, format }
}

describe('the versions of a picture', () => {
  const cases: [PictureOptions, Record<string, [number, number]>][] = [
    [
      { width: 1600, height: 900 },
      {
        thumb_tiny: [50, 28],
        thumb_small: [150, 84],
        thumb: [250, 141],
        small: [320, 180],
        medium: [800, 450],
        large: [1280, 720],
        tall: [1024, 576],
        full: [1600, 900],
      },
    ],
    [
      { width: 300, height: 1800, format: 'jpeg' },
      {
        thumb_tiny: [8, 50],
        thumb_small: [25, 150],
        thumb: [42, 250],
        small: [40, 240],
        medium: [100, 600],
        large: [171, 1024],
        tall: [300, 1800],
        full: [300, 1800],
      },
    ],
    // Never enlarged.
    [
      { width: 40, height: 30 },
      { thumb_tiny: [40, 30], thumb: [40, 30], tall: [40, 30], full: [40, 30] },
    ],
  ]
  for (const [options, expected] of cases)
    test(`of ${options.width}x${options.height} fit into their boxes`, async () => {
      await using booru = await startBooru()
      const { image, picture } = await withPicture(booru, options)
      for (const [version, [width, height]] of Object.entries(expected)) {
        const found = await sidesAt(booru, image.representations[version] ?? '')
        const format = options.format ?? 'png'
        assert.deepEqual(found, { width, height, pages: 1, format }, version)
      }
      assert.deepEqual((await booru.ask(image.image)).rawPayload, picture)
    })

  test('an animation moves in the larger ones and stands still in the small ones', async () => {
    await using booru = await startBooru()
    const { image } = await withPicture(booru, { width: 900, height: 300, format: 'gif', frames: 3 })
    const pages = async (version: string) =>
      (await sidesAt(booru, image.representations[version] ?? '')).pages
    assert.deepEqual(
      [await pages('thumb_small'), await pages('medium'), await pages('tall'), await pages('full')],
      [1, 3, 3, 3],
    )
  })

  test('a small animation stands still where it is shown small', async () => {
    await using booru = await startBooru()
    const { image } = await withPicture(booru, { width: 48, height: 48, format: 'gif', frames: 2 })
    const { width, pages } = await sidesAt(booru, image.representations['thumb_tiny'] ?? '')
    assert.deepEqual([width, pages], [48, 1])
  })

  test('are made when they are first asked for, once, and kept', async () => {
    await using booru = await startBooru()
    const { image } = await withPicture(booru, { width: 600, height: 400 })
    const names = async () =>
      await booru.ctx.db
        .selectFrom('rendition')
        .select(['name', 'blob_sha256'])
        .where('name', 'like', 'fit-%')
        .orderBy('name')
        .execute()
    assert.deepEqual(await names(), [])
    const asked = ['thumb', 'thumb', 'small', 'thumb_tiny'].map((version) =>
      booru.ask(image.representations[version] ?? ''),
    )
    assert.deepEqual(
      (await Promise.all(asked)).map(({ statusCode }) => statusCode),
      [200, 200, 200, 200],
    )
    const made = await names()
    assert.deepEqual(
      made.map(({ name }) => name),
      ['fit-150x150', 'fit-250x250', 'fit-320x240', 'fit-50x50'],
    )
    await booru.ask(image.representations['thumb'] ?? '')
    assert.deepEqual(await names(), made)
  })

  test('that cannot be made are the picture itself, and are not tried again at once', async () => {
    await using booru = await startBooru()
    const { image, picture } = await withPicture(booru, { width: 600, height: 400 })
    const { media } = booru.ctx
    let tries = 0
    booru.ctx.media = {
      ...media,
      processPicture: () => {
        tries += 1
        return Promise.reject(new Error('The decoder died.'))
      },
    }
    for (let asked = 0; asked < 2; asked += 1)
      assert.deepEqual((await booru.ask(image.representations['thumb'] ?? '')).rawPayload, picture)
    assert.equal(tries, 1)
  })

  test('belong to what the uploads of the other dialects make ready', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const id = await booru.vitrine.upload(ada)
    const { representations } = await booru.get<Pictured>(`/${id}.json`)
    assert.equal((await sidesAt(booru, representations['thumb'] ?? '')).width, 250)
  })
})

describe('the picture itself', () => {
  test('everything after the leading number is decoration', async () => {
    await using booru = await startBooru()
    const { picture } = await withPicture(booru, { width: 60, height: 40 })
    for (const path of [
      '/img/view/2016/9/3/31__safe_blue+boat.png',
      '/img/view/2016/9/3/31.png',
      '/img/view/2016/9/3/31__anything-else',
      '/img/2016/9/3/31/full.png',
    ]) {
      const answer = await booru.ask(path)
      assert.deepEqual([answer.statusCode, answer.headers['content-disposition']], [200, 'inline'], path)
      assert.deepEqual(answer.rawPayload, picture)
    }
  })

  test('is saved, not shown, from its download address', async () => {
    await using booru = await startBooru()
    await withPicture(booru, { width: 60, height: 40 })
    const answer = await booru.ask('/img/download/2016/9/3/31__safe_blue+boat.png')
    assert.equal(answer.headers['content-disposition'], 'attachment; filename="31__safe_blue boat.png"')
    assert.equal((await booru.ask('/img/download/2016/9/3/31.png')).statusCode, 200)
  })

  test('has an entity tag, ranges and HEAD', async () => {
    await using booru = await startBooru()
    const { picture, image } = await withPicture(booru, { width: 60, height: 40 })
    const { headers } = await booru.ask(image.image)
    const again = await booru.ask(image.image, { headers: { 'if-none-match': String(headers.etag) } })
    assert.equal(again.statusCode, 304)
    const part = await booru.ask(image.image, { headers: { range: 'bytes=0-9' } })
    assert.deepEqual([part.statusCode, part.rawPayload], [206, picture.subarray(0, 10)])
    const head = await booru.ask(image.image, { method: 'HEAD' })
    assert.deepEqual([head.statusCode, head.headers['content-length']], [200, String(picture.length)])
  })

  test('of an item without one is drawn, in every version', async () => {
    await using booru = await startBooru()
    const id = await booru.add(await booru.member('ada'))
    const { image, representations } = await booru.get<Pictured>(`/${id}.json`)
    for (const address of [image, ...Object.values(representations)])
      assert.equal((await sidesAt(booru, address)).width, 300, address)
  })

  test('what is no address of a picture is 404', async () => {
    await using booru = await startBooru()
    await withPicture(booru, { width: 60, height: 40 })
    for (const path of [
      '/img/2016/9/3/31/huge.png',
      '/img/2016/9/x/31/thumb.png',
      '/img/2016/9/3/99/thumb.png',
      '/img/2016/9/3/x/thumb.png',
      '/img/view/2016/9/3/__31.png',
      '/img/view/2016/9/3/31x.png',
      '/img/view/2016/9/31.png',
      '/media/BAhbB1sHOgZmSSIm',
      '/thumbs/31.png',
      '/avatars/99/avatar.png',
    ])
      assert.equal((await booru.ask(path)).statusCode, 404, path)
  })

  test('of a private image is for the holder of a signed address: as a parameter, or as ID-KEY', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const id = await booru.add(ada, { visibility: 'private' })
    const key = await keyOf(booru, ada.id)
    const { image } = await booru.get<Pictured>(`/${id}.json?key=${key}`)
    const signature = new URL(image).searchParams.get('signature') ?? ''
    for (const [path, status] of [
      [`/img/2026/3/4/${id}/thumb.png`, 404],
      [`/img/2026/3/4/${id}/thumb.png?signature=wrong-wrong`, 404],
      [`/img/2026/3/4/${id}/thumb.png?signature=${signature}`, 200],
      [`/img/2026/3/4/${id}-${signature}/thumb.png`, 200],
      [`/img/view/2026/3/4/${id}-${signature}.png`, 200],
      [`/img/view/2026/3/4/${id}-wrong-wrong.png`, 404],
    ] as const)
      assert.equal((await booru.ask(path)).statusCode, status, path)
  })
})

test('pictures are asked for without a key, and nobody’s scripts are told of them', async () => {
  await using booru = await startBooru()
  const { image } = await withPicture(booru, { width: 60, height: 40 })
  const answer = await booru.ask(`${image.image}?key=wrong`, { headers: { origin: 'https://app.example' } })
  assert.deepEqual([answer.statusCode, answer.headers['access-control-allow-origin']], [200, undefined])
})
