import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { addItem } from '../../../src/library/items.ts'
import { mergeItem, takeDownItem } from '../../../src/library/moderation.ts'
import { OPERATOR } from '../../../src/library/viewer.ts'
import { samplePicture } from '../../helpers/pictures.ts'
import { startBooru } from '../../helpers/started-booru.ts'
import { START, plainImage, representations, same } from './objects.ts'

// "Available Methods": "/44819.json", "/images/44819.json", and the image object of recorded replies.

const tags = [
  { id: 1, name: 'artist:ada' },
  { id: 2, name: 'blue boat' },
  { id: 3, name: 'safe' },
]

/** An image as an archive knows it, with everything said about it. */
const archived = {
  type: 'item',
  id: 44819,
  kind: 'image',
  owner: 'ada',
  description: 'Made for a *friend*.',
  source_url: 'https://ada.example/boats/1',
  tags: ['safe', 'artist:ada', 'blue boat'],
  width: 1600,
  height: 900,
  format: 'png',
  mime_type: 'image/png',
  file_name: 'Boat.PNG',
  sha512: 'a'.repeat(128),
  orig_sha512: 'b'.repeat(128),
  created_at: '2016-09-03T21:54:32.750Z',
  updated_at: '2016-09-05T01:02:03.004Z',
  first_seen_at: '2016-09-02T21:54:32.750Z',
  counts: { upvotes: 12, downvotes: 3, faves: 5, comments: 2 },
}

describe('the image object', () => {
  test('whole, of an imported library, by both of its paths', async () => {
    await using booru = await startBooru()
    await booru.import([{ type: 'account', login: 'ada', id: 7, name: 'Ada L' }, archived])
    const found = await booru.get<{ tag_ids: number[] }>('/44819.json')
    const day = '2016/9/3'
    const name = '44819__safe_artist-colon-ada_blue+boat'
    same(found, {
      id: 44819,
      created_at: '2016-09-03T21:54:32.750Z',
      updated_at: '2016-09-05T01:02:03.004Z',
      first_seen_at: '2016-09-02T21:54:32.750Z',
      tags: 'artist:ada, blue boat, safe',
      tag_ids: found.tag_ids,
      uploader_id: 7,
      score: 9,
      upvotes: 12,
      downvotes: 3,
      faves: 5,
      comment_count: 2,
      tag_count: 3,
      width: 1600,
      height: 900,
      file_name: 'Boat.PNG',
      description: 'Made for a *friend*.',
      uploader: 'Ada L',
      image: `${booru.base}/img/view/${day}/${name}.png`,
      aspect_ratio: 1600 / 900,
      original_format: 'png',
      mime_type: 'image/png',
      sha512_hash: 'a'.repeat(128),
      orig_sha512_hash: 'b'.repeat(128),
      source_url: 'https://ada.example/boats/1',
      representations: representations(booru, { id: 44819, day, name }),
      is_rendered: true,
      is_optimized: true,
      interactions: [],
      spoilered: false,
    })
    assert.equal(new Set(found.tag_ids).size, tags.length)
    assert.ok(found.tag_ids.every(Number.isInteger))
    same(await booru.get('/images/44819.json'), found)
    same(await booru.get('/images/44819', { headers: { accept: 'application/json' } }), found)
    same(await booru.get('/44819', { headers: { accept: 'application/json' } }), found)
  })

  test('of an item without a picture: the drawn one’s facts, every key, no null but where one is allowed', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const id = await booru.add(ada)
    const expected = plainImage(booru, { id, uploaderId: ada.id, uploader: 'ada' })
    same(await booru.get(`/${id}.json`), { ...expected, interactions: [], spoilered: false })
  })

  test('of an uploaded picture: its own sides, type and hash', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const picture = await samplePicture({ width: 400, height: 300, format: 'jpeg' })
    const id = await booru.vitrine.upload(ada, { picture, fileName: 'Harbour.JPG', tags: ['Safe', 'boat'] })
    const found = await booru.get(`/${id}.json`)
    const sha512 = createHash('sha512').update(picture).digest('hex')
    assert.deepEqual(
      [found['width'], found['height'], found['aspect_ratio'], found['original_format'], found['mime_type']],
      [400, 300, 400 / 300, 'jpeg', 'image/jpeg'],
    )
    assert.deepEqual([found['sha512_hash'], found['orig_sha512_hash']], [sha512, sha512])
    assert.equal(found['file_name'], 'Harbour.JPG')
    assert.equal(found['tags'], 'boat, safe')
  })

  test('an anonymous uploader has the name of nobody, and no id', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const id = await booru.add(ada, { anonymous: true })
    const { uploader, uploader_id } = await booru.get(`/${id}.json`)
    assert.deepEqual([uploader, uploader_id], ['Background Pony', null])
  })

  test('which name that is, is a setting', async () => {
    await using booru = await startBooru({ settings: { VITRINE_DERPIBOORU_ANONYMOUS: 'Somebody' } })
    const id = await booru.add(await booru.member('ada'), { anonymous: true })
    assert.equal((await booru.get(`/${id}.json`))['uploader'], 'Somebody')
  })

  test('addresses of pictures leave out the scheme where that is https on the usual port', async () => {
    await using booru = await startBooru({
      reach: 'path',
      settings: { VITRINE_URL: 'https://pictures.example' },
    })
    const id = await booru.add(await booru.member('ada'))
    assert.equal(
      (await booru.get(`/${id}.json`))['image'],
      `//pictures.example/derpibooru/img/view/2026/3/4/${id}.png`,
    )
  })

  test('what is not there is 404 with a JSON error', async () => {
    await using booru = await startBooru()
    for (const path of [
      '/1.json',
      '/images/1.json',
      '/images/x.json',
      '/999999999999999999.json',
      '/forum.json',
    ]) {
      const answer = await booru.ask(path)
      assert.deepEqual([answer.statusCode, answer.json()], [404, { error: 'Not found' }], path)
    }
  })

  test('a private one is there for its owner, at signed addresses', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const { id } = await addItem(booru.ctx, ada.viewer, {
      kind: 'image',
      ownerId: ada.id,
      visibility: 'private',
    })
    assert.equal((await booru.ask(`/${id}.json`)).statusCode, 404)
    const own = await booru.get<{ image: string }>(`/${id}.json?key=${ada.key}`)
    assert.match(own.image, /\?signature=/)
    assert.equal((await booru.ask(own.image)).statusCode, 200)
    assert.equal((await booru.ask(own.image.replace(/\?.*/, ''))).statusCode, 404)
  })
})

describe('a hidden image', () => {
  test('"metadata is limited": removed with a reason or without, or merged into another', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const [kept, merged, removed, silent] = [
      await booru.add(ada, { tags: ['boat'] }),
      await booru.add(ada, { tags: ['safe'] }),
      await booru.add(ada),
      await booru.add(ada),
    ]
    await mergeItem(booru.ctx, OPERATOR, merged, kept)
    await takeDownItem(booru.ctx, OPERATOR, removed, 'Rule 1')
    await takeDownItem(booru.ctx, OPERATOR, silent, null)
    const told = { created_at: START, updated_at: START, first_seen_at: START }
    const { tag_ids } = await booru.get<{ tag_ids: number[] }>(`/${merged}.json`)
    const facts = { ...told, tags: 'safe', tag_ids, uploader_id: ada.id }
    same(await booru.get(`/${merged}.json`), { id: merged, ...facts, duplicate_of: kept })
    const blank = { ...told, tags: '', tag_ids: [], uploader_id: ada.id }
    same(await booru.get(`/${removed}.json`), { id: removed, ...blank, deletion_reason: 'Rule 1' })
    same(await booru.get(`/images/${silent}.json`), {
      id: silent,
      ...blank,
      deletion_reason: 'None specified',
    })
  })
})
