import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { XMLParser } from 'fast-xml-parser'
import { chooseVersion } from '../../../src/dialects/derpibooru/presenters/oembed.ts'
import { takeDownItem } from '../../../src/library/moderation.ts'
import { OPERATOR } from '../../../src/library/viewer.ts'
import { startBooru, type Booru } from '../../helpers/started-booru.ts'
import { same } from './objects.ts'
import { item, shelf } from './shelf.ts'

// "oEmbed", statement by statement.

const lines = [
  shelf[0],
  item(31, {
    tags: ['safe', 'artist:ada', 'artist:brook', 'boat & <sail>'],
    source_url: 'https://ada.example/boats?a=1&b=2',
    width: 1600,
    height: 900,
    created_at: '2016-09-03T21:54:32.750Z',
    counts: { upvotes: 12, downvotes: 3, comments: 4 },
  }),
  item(32, { width: 40, height: 30 }),
]
const embed = (booru: Booru, url: string, rest = '', format = 'json') =>
  booru.ask(`/oembed.${format}?url=${encodeURIComponent(url)}${rest}`)

async function started(settings: Record<string, string> = {}) {
  const booru = await startBooru({ settings })
  await booru.import(lines)
  return booru
}

describe('/oembed.json', () => {
  test('whole', async () => {
    await using booru = await started()
    const answer = await embed(booru, `${booru.base}/31`)
    assert.match(String(answer.headers['content-type']), /^application\/json/)
    const { image } = await booru.get<{ image: string }>('/31.json')
    same(answer.json(), {
      version: '1.0',
      type: 'photo',
      title: '#31 - artist:ada, artist:brook, boat & <sail>, safe - Derpibooru',
      // "The author_url and author_name attributes will be set to the original author/source URL attributes"
      author_url: 'https://ada.example/boats?a=1&b=2',
      author_name: 'ada',
      provider_name: 'Derpibooru',
      // "The provider_url attribute will always direct you to the image's page"
      provider_url: `${booru.base}/31`,
      cache_age: 7200,
      // "derpibooru_id, derpibooru_score, derpibooru_comments"
      derpibooru_id: 31,
      derpibooru_score: 9,
      derpibooru_comments: 4,
      derpibooru_tags: ['artist:ada', 'artist:brook', 'boat & <sail>', 'safe'],
      thumbnail_url: image,
      url: image,
      width: 1600,
      height: 900,
      thumbnail_width: 1600,
      thumbnail_height: 900,
    })
  })

  test('"A cache age parameter is provided"', async () => {
    await using booru = await started()
    const { headers } = await embed(booru, `${booru.base}/31`)
    assert.equal(headers['cache-control'], 'public, max-age=7200')
  })

  test('without an artist and a source', async () => {
    await using booru = await started()
    const answer = (await embed(booru, `${booru.base}/32`)).json<Record<string, unknown>>()
    assert.deepEqual([answer['author_name'], answer['author_url']], ['Unknown Artist', null])
  })

  test('every supported address leads to the same answer', async () => {
    await using booru = await started({ VITRINE_DERPIBOORU_ALIASES: 'pictures.example,cdn.example' })
    const expected = (await embed(booru, `${booru.base}/31`)).json<unknown>()
    const { image, representations } = await booru.get<{
      image: string
      representations: Record<string, string>
    }>('/31.json')
    for (const url of [
      image,
      ...Object.values(representations),
      `${booru.base}/images/31?q=boat`,
      `${booru.base}/img/download/2016/9/3/31.png`,
      'https://pictures.example/31',
      '//cdn.example/img/2016/9/3/31/thumb.png',
      'https://cdn.example/derpibooru/img/view/2016/9/3/31.png',
    ])
      same((await embed(booru, url)).json(), expected)
  })

  test('an address that is none is 400; one that is not ours, or of nothing shown, is 404', async () => {
    await using booru = await started()
    await takeDownItem(booru.ctx, OPERATOR, 32, null)
    for (const [url, status] of [
      ['', 400],
      ['31', 400],
      ['https://elsewhere.example/31', 404],
      [`${booru.base}/99`, 404],
      [`${booru.base}/32`, 404],
      [`${booru.base}/media/abc`, 404],
    ] as const)
      for (const format of ['json', 'xml'])
        assert.equal((await embed(booru, url, '', format)).statusCode, status, url)
  })

  test('"maxwidth and maxheight parameters; these will return a fully formed thumbnail"', async () => {
    await using booru = await started()
    for (const [room, version, width, height] of [
      ['&maxwidth=1280&maxheight=1024', 'large', 1280, 720],
      ['&maxwidth=1100&maxheight=900', 'tall', 1024, 576],
      ['&maxwidth=320&maxheight=240', 'small', 320, 180],
      ['&maxwidth=300', 'thumb', 250, 141],
      ['&maxheight=100', 'thumb_small', 150, 84],
      ['&maxwidth=10&maxheight=10', 'thumb_tiny', 50, 28],
    ] as const) {
      const answer = (await embed(booru, `${booru.base}/31`, room)).json<Record<string, unknown>>()
      const address = `${booru.base}/img/2016/9/3/31/${version}.png`
      assert.deepEqual(
        [answer['thumbnail_url'], answer['thumbnail_width'], answer['thumbnail_height']],
        [address, width, height],
        room,
      )
      assert.deepEqual([answer['url'], answer['width'], answer['height']], [address, width, height])
    }
    for (const room of ['&maxwidth=0', '&maxwidth=x', '&maxwidth=5000'])
      assert.equal((await embed(booru, `${booru.base}/31`, room)).json<{ width: number }>().width, 1600, room)
  })
})

test('the version for a room is the largest that fits it, the picture itself where that does', () => {
  const chosen = (width: number, height: number, maxWidth: number | null, maxHeight: number | null) =>
    chooseVersion({ width, height }, { maxWidth, maxHeight })
  assert.deepEqual(chosen(40, 30, 100, 100), { version: 'full', width: 40, height: 30 })
  assert.deepEqual(chosen(40, 30, null, null), { version: 'full', width: 40, height: 30 })
  assert.deepEqual(chosen(600, 6000, null, 4096), { version: 'tall', width: 410, height: 4096 })
  assert.deepEqual(chosen(600, 6000, 100, null), { version: 'medium', width: 60, height: 600 })
  assert.deepEqual(chosen(60, 30, 59, null), { version: 'thumb_tiny', width: 50, height: 25 })
})

describe('/oembed.xml', () => {
  test('"call oembed.xml for an XML response": one element a field, one for each tag', async () => {
    await using booru = await started()
    const answer = await embed(booru, `${booru.base}/31`, '', 'xml')
    assert.match(String(answer.headers['content-type']), /^text\/xml/)
    assert.match(answer.body, /^<\?xml version="1.0" encoding="utf-8"\?>\n<oembed>/)
    const read: unknown = new XMLParser({ parseTagValue: false }).parse(answer.body)
    const oembed = new Map(Object.entries(Object(read)).flatMap(([, root]) => Object.entries(Object(root))))
    const json = (await embed(booru, `${booru.base}/31`)).json<Record<string, unknown>>()
    assert.deepEqual([...oembed.keys()], Object.keys(json))
    for (const [name, value] of Object.entries(json))
      assert.deepEqual(oembed.get(name), Array.isArray(value) ? value : String(value), name)
  })

  test('nothing said is an empty element', async () => {
    await using booru = await started()
    assert.match((await embed(booru, `${booru.base}/32`, '', 'xml')).body, /<author_url\/>/)
  })
})

test('/oembed leads to the image’s page', async () => {
  await using booru = await started()
  const answer = await booru.ask(
    `/oembed?url=${encodeURIComponent(`${booru.base}/img/view/2016/9/3/31.png`)}`,
  )
  assert.deepEqual([answer.statusCode, answer.headers.location], [302, `${booru.base}/31`])
})

describe('the page of an image', () => {
  test('"embellished with appropriate oEmbed lookup link tags for automatic oEmbed discovery"', async () => {
    await using booru = await started()
    const page = await booru.ask('/31', { headers: { accept: 'text/html,application/json;q=0.9' } })
    assert.match(String(page.headers['content-type']), /^text\/html/)
    const links = [...page.body.matchAll(/<link rel="alternate" type="([^"]+)" href="([^"]+)"/g)]
    assert.deepEqual(
      links.map(([, type]) => type),
      ['application/json+oembed', 'application/xml+oembed', 'text/xml+oembed'],
    )
    for (const [, , href = ''] of links) assert.equal((await booru.ask(href)).statusCode, 200, href)
    const medium = `${booru.base}/img/2016/9/3/31/medium.png`
    for (const tag of [
      `<link rel="image_src" href="${medium}">`,
      `<meta property="og:image" content="${medium}">`,
      '<meta property="dc:creator" content="ada">',
      '<meta property="dc:creator" content="brook">',
      '<link rel="foaf:primaryTopic" href="https://ada.example/boats?a=1&amp;b=2">',
      `<link rel="shortlink" href="${booru.base}/31">`,
    ])
      assert.ok(page.body.includes(tag), tag)
  })

  test('credits the artist and shows the source (Licensing), and escapes what people wrote', async () => {
    await using booru = await started()
    const { body } = await booru.ask('/images/31')
    assert.ok(body.includes('<p>By ada, brook</p>'))
    assert.ok(body.includes('href="https://ada.example/boats?a=1&amp;b=2" rel="nofollow ugc noopener"'))
    assert.ok(body.includes('boat &amp; &lt;sail&gt;') && !body.includes('<sail>'))
  })

  test('shows what everybody may see, whatever key is in its address', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const id = await booru.add(ada, { visibility: 'private' })
    assert.equal((await booru.ask(`/${id}?key=${ada.key}`)).statusCode, 404)
    assert.equal((await booru.ask('/99')).statusCode, 404)
  })
})
