import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { wireServer } from '../../fetching/servers.ts'
import { samplePicture } from '../../helpers/pictures.ts'
import {
  objectOf,
  recordsOf,
  refusedAs,
  startGimmebar,
  type Collector,
  type Form,
  type Gimmebar,
} from '../../helpers/start-gimmebar.ts'
import { pdf, plainPage, smallWeb } from './small-web.ts'

const SOURCE = 'https://found.example/where'
const settings = { VITRINE_FETCH_ALLOW: '127.0.0.1/32', VITRINE_CHROMIUM: 'off' }

const collect = async (who: Collector, url: string, form: Form = {}) =>
  objectOf(await who.send('POST', 'asset', { title: 'A find', source: SOURCE, url, ...form }))

async function withWeb(run: (on: { bar: Gimmebar; ada: Collector; at: string }) => Promise<void>) {
  await using web = await smallWeb()
  await using bar = await startGimmebar({ settings })
  await run({ bar, ada: await bar.person('ada'), at: web.url })
}

describe('POST asset with a url', () => {
  const types: [path: string, type: string][] = [
    ['/page', 'page'],
    ['/blog', 'page'],
    ['/article', 'article'],
    ['/moved', 'article'],
    ['/recipe', 'recipe'],
    ['/@mina/109000000001', 'status'],
    ['/film', 'embed'],
    ['/clip', 'embed'],
    ['/photo', 'image'],
    ['/picture', 'image'],
    ['/sound', 'audio'],
    ['/paper', 'document'],
    ['/words', 'page'],
    ['/half-a-picture', 'page'],
    ['/nowhere', 'page'],
    ['/broken', 'page'],
  ]

  test('is of the type that its bytes and its words tell', () =>
    withWeb(async ({ ada, at }) => {
      for (const [path, type] of types) {
        const shown = await collect(ada, at + path)
        assert.deepEqual(
          [shown['asset_type'], shown['title'], shown['source']],
          [type, 'A find', SOURCE],
          path,
        )
        assert.equal((shown['content'] as { original: string }).original !== '', true, path)
        assert.match(String(shown['media_hash']), /^[0-9a-f]{32}\d+$/, path)
      }
      const counts = objectOf(await ada.get('assets/totals'))
      assert.deepEqual(counts, {
        image: 0,
        embed: 2,
        audio: 1,
        document: 1,
        page: 6,
        text: 0,
        recipe: 1,
        article: 2,
        status: 1,
      })
    }))

  test('a page: the address, and its HTML as it was, to download', () =>
    withWeb(async ({ bar, ada, at }) => {
      const { content } = await collect(ada, `${at}/page`)
      const { original, full, ...rest } = content as Record<string, string>
      assert.deepEqual([original, rest], [`${at}/page`, {}])
      const copy = await bar.anonymous.get(String(full).slice(bar.base.length))
      assert.equal(copy.body, plainPage)
      assert.match(String(copy.headers['content-disposition']), /^attachment/)
    }))

  test('an article, a recipe, a status and an embed: what clients read of them', () =>
    withWeb(async ({ ada, at }) => {
      const contentOf = async (path: string) => {
        return (await collect(ada, at + path))['content'] as Record<string, unknown>
      }
      const article = await contentOf('/article')
      assert.equal(article['original'], `${at}/article`)
      assert.match(String(article['text']), /The quay was empty/)
      assert.match(String(article['html']), /<p>The quay was empty/)
      const soup = await contentOf('/recipe')
      assert.deepEqual(
        [
          soup['name'],
          soup['ingredients'],
          soup['recipeInstructions'],
          soup['recipeYield'],
          soup['original'],
        ],
        ['Leek soup', '3 leeks\nsalt', 'Simmer.', '4', `${at}/recipe`],
      )
      const {
        text,
        author,
        author_url: authorUrl,
        service,
        original,
      } = await contentOf('/@mina/109000000001')
      assert.deepEqual(
        [text, author, authorUrl, service, original],
        ['It rains on the quay', 'mina', `${at}/@mina`, 'mastodon', `${at}/@mina/109000000001`],
      )
      const { info } = await contentOf('/film')
      const told = info as Record<string, string>
      assert.deepEqual([told['type'], told['html']], ['video', '<iframe src="x"></iframe>'])
      const clip = await contentOf('/clip')
      assert.deepEqual(
        [clip['tag'], (clip['attributes'] as Record<string, string>)['src']],
        ['video', `${at}/clip`],
      )
    }))

  test('a picture, a sound and a document are fetched and kept', () =>
    withWeb(async ({ bar, ada, at }) => {
      const picture = await samplePicture({ width: 1200, height: 600 })
      const image = await collect(ada, `${at}/picture`)
      const md5 = createHash('md5').update(picture).digest('hex')
      assert.deepEqual(
        [image['media_hash'], image['size'], image['mime_type']],
        [`${md5}${picture.length}`, picture.length, 'image/png'],
      )
      await bar.vitrine.runJobs()
      const { resized_images: sizes } = objectOf(await ada.get(`asset/${String(image['id'])}`))[
        'content'
      ] as {
        resized_images: { display: { url: string; dims: unknown } }
      }
      assert.deepEqual(sizes.display.dims, { w: 960, h: 480 })
      const display = await bar.anonymous.get(sizes.display.url.slice(bar.base.length))
      assert.deepEqual([display.statusCode, display.headers['content-type']], [200, 'image/png'])
      for (const [path, bytes] of [
        ['/sound', 'ID3\x03\0\0\0\0\0\0 sound'],
        ['/paper', pdf],
      ] as const) {
        const { content } = await collect(ada, at + path)
        const file = await bar.anonymous.get((content as { url: string }).url.slice(bar.base.length))
        assert.equal(file.rawPayload.toString('latin1'), bytes, path)
      }
    }))

  test('a server that is slow, silent, cuts off or is not there makes a page, and nothing to capture', async () => {
    await using silent = await wireServer(() => undefined)
    await using slow = await wireServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 100000\r\n\r\n<title>Slow')
    })
    await using cut = await wireServer((socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n<title>Cut')
    })
    await using noise = await wireServer((socket) => socket.end('no such protocol\r\n\r\n'))
    const gone = await wireServer(() => undefined)
    await gone[Symbol.asyncDispose]()
    await using bar = await startGimmebar({ settings })
    const people = await Promise.all(['ada', 'grace'].map((login) => bar.person(login)))
    const [ada, grace] = people as [Collector, Collector]
    // No more than four are fetched at once for one person.
    const made = await Promise.all([
      collect(ada, `${silent.url}/`),
      collect(ada, `${slow.url}/`),
      collect(grace, `${cut.url}/`),
      collect(grace, `${noise.url}/`),
      collect(grace, `${gone.url}/`),
    ])
    for (const { asset_type: type, content } of made) {
      assert.equal(type, 'page')
      assert.deepEqual(Object.keys(content as object).toSorted(), ['original', 'problem'])
      assert.doesNotMatch((content as { problem: string }).problem, /ECONN|socket|\.ts/)
    }
    const jobs = await bar.vitrine.ctx.db.selectFrom('job').select('kind').execute()
    assert.deepEqual(
      jobs.filter(({ kind }) => kind === 'capture-page'),
      [],
    )
  })

  test('nothing is fetched from where nothing may be', async () => {
    await using web = await smallWeb()
    await using bar = await startGimmebar({ settings: { VITRINE_CHROMIUM: 'off' } })
    const ada = await bar.person('ada')
    const { asset_type: type, content } = await collect(ada, `${web.url}/picture`)
    assert.deepEqual([type, Object.keys(content as object)], ['page', ['original', 'problem']])
    assert.equal(web.connections(), 0)
    for (const url of ['ftp://example.org/', 'file:///etc/passwd', 'javascript:alert(1)', 'nonsense'])
      refusedAs(
        await ada.send('POST', 'asset', { title: 'T', source: SOURCE, url }),
        400,
        'INVALID_INPUT',
        /url/,
      )
  })

  test('prevent_capture: no picture of the page is ordered', () =>
    withWeb(async ({ bar, ada, at }) => {
      const ordered = async () => {
        const jobs = await bar.vitrine.ctx.db.selectFrom('job').select('kind').execute()
        return jobs.filter(({ kind }) => kind === 'capture-page').length
      }
      await collect(ada, `${at}/page`, { prevent_capture: '1' })
      for (const path of ['/article', '/recipe', '/picture']) await collect(ada, at + path)
      assert.equal(await ordered(), 0)
      await collect(ada, `${at}/page`)
      await collect(ada, `${at}/blog`, { prevent_capture: '0' })
      assert.equal(await ordered(), 2)
    }))

  test('dupes, owned, copy and use_prev, over what came from an address', () =>
    withWeb(async ({ bar, ada, at }) => {
      const grace = await bar.person('grace')
      const { id: bread } = objectOf(await ada.send('POST', 'collection', { title: 'Bread' }))
      const said = { description: 'Dark #rye', collection_id: [String(bread)] }
      const first = await collect(ada, `${at}/article`, said)
      bar.clock.advance(60)
      const hers = await collect(grace, `${at}/article`)
      assert.equal(hers['media_hash'], first['media_hash'])
      const dupesOf = async (who: Collector, { id }: Record<string, unknown>, query = '') => {
        const { dupes } = objectOf(await who.get(`asset/${String(id)}${query}`))
        return (dupes as { id: string }[]).map((dupe) => dupe.id)
      }
      assert.deepEqual(await dupesOf(ada, first), [hers['id']])
      assert.deepEqual(await dupesOf(grace, hers), [first['id']])
      const copy = await grace.send('POST', `asset/${String(first['id'])}/copy`)
      refusedAs(copy, 400, 'INVALID_INPUT', /already own/)
      bar.clock.advance(60)
      const again = await collect(grace, `${at}/article`)
      assert.deepEqual(await dupesOf(ada, first), [again['id']], 'one of each owner')
      assert.deepEqual(await dupesOf(ada, first, '?repeat=1'), [again['id'], hers['id']])

      const joan = await bar.person('joan')
      const copied = objectOf(await joan.send('POST', `asset/${String(first['id'])}/copy`))
      assert.deepEqual(
        [copied['asset_type'], copied['title'], copied['tags'], copied['source'], copied['media_hash']],
        ['article', 'A find', ['rye'], SOURCE, first['media_hash']],
      )
      assert.equal((copied['content'] as { text: string }).text, (first['content'] as { text: string }).text)
      assert.equal(recordsOf(await joan.get('assets/search?terms=boat')).length, 1)

      // The words are those of the newest asset from the same source; what is found there is new.
      bar.clock.advance(60)
      const next = await collect(ada, `${at}/recipe`, { use_prev: '1', title: 'Not this' })
      assert.deepEqual(
        [next['asset_type'], next['title'], next['description'], next['tags']],
        ['recipe', 'A find', 'Dark #rye', ['rye']],
      )
      assert.equal(recordsOf(await ada.get(`collection/${String(bread)}/assets`)).length, 2)
    }))
})
