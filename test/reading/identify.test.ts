import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openDiskBlobs } from '../../src/blobs/disk.ts'
import type { Blobs } from '../../src/blobs/blobs.ts'
import type { Fetcher } from '../../src/fetching/fetcher.ts'
import { identifyUrl, type Identified } from '../../src/reading/identify.ts'
import { openReader, type Reader } from '../../src/reading/reader.ts'
import { testFetcher, webServer, type TestServer } from '../fetching/servers.ts'
import { temporaryFolder, type TemporaryFolder } from '../helpers/folders.ts'
import { pageWorker } from '../helpers/page-worker.ts'
import { samplePicture } from '../helpers/pictures.ts'

let folder: TemporaryFolder
let blobs: Blobs
let reader: Reader
let fetcher: Fetcher
let server: TestServer

const sentence =
  'The harbour lay quiet under a low sky, and the boats came in one after the other, heavy with herring. '
const article = `<article>${`<p>${sentence.repeat(4)}</p>`.repeat(6)}</article>`
const oembedLink = (path: string) =>
  `<title>Shown</title><link type="application/json+oembed" href="${path}">`

type Made = [type: string, body: string | Buffer]
const pages: Record<string, () => Made | Promise<Made>> = {
  '/picture': async () => ['text/html', await samplePicture({ width: 40, height: 30 })],
  '/paper': () => ['text/html', '%PDF-1.4\n'],
  '/sound': () => ['application/octet-stream', Buffer.from('fLaC\0\0\0')],
  '/film': () => ['text/plain', Buffer.from('\x1aE\xdf\xa3\x9f', 'latin1')],
  '/words': () => ['text/plain', 'just words'],
  '/article': () => [
    'text/html',
    `<title>Quiet</title><meta property="og:type" content="article">${article}`,
  ],
  '/blog': () => ['text/html', `<title>Blog</title>${article}`],
  '/recipe': () => [
    'text/html',
    `<script type="application/ld+json">{"@type":"Recipe","name":"Soup","recipeIngredient":["leeks"]}</script>`,
  ],
  '/video': () => ['text/html', oembedLink('/oembed/video')],
  '/photo': () => ['text/html', oembedLink('/oembed/photo')],
  '/link': () => ['text/html', oembedLink('/oembed/link')],
  '/broken': () => ['text/html', oembedLink('/oembed/broken')],
  '/inner': () => ['text/html', oembedLink('http://169.254.169.254/oembed')],
  '/wordpress': () => ['text/html', oembedLink('/wp-json/oembed/1.0/embed')],
  '/oembed/video': () => ['application/json', '{"type":"video","html":"<iframe></iframe>"}'],
  '/oembed/photo': () => ['application/json', '{"type":"photo","url":"/picture","width":40,"height":30}'],
  '/oembed/link': () => ['application/json', '{"type":"link"}'],
  '/oembed/broken': () => ['application/json', '{"type":"video"'],
  '/wp-json/oembed/1.0/embed': () => [
    'application/json',
    '{"type":"rich","html":"<blockquote></blockquote>"}',
  ],
  '/@ada/109876543210': () => [
    'text/html',
    '<title>ada: hello</title><meta name="description" content="hello">',
  ],
  '/large': () => ['text/html', Buffer.alloc(300_000, ' ')],
}

before(async () => {
  folder = await temporaryFolder()
  blobs = await openDiskBlobs(folder.path)
  reader = openReader(pageWorker)
  fetcher = testFetcher()
  server = await webServer((request, response) => {
    const made = pages[request.url ?? '']
    if (request.url === '/moved') response.writeHead(301, { location: '/article' }).end()
    else if (!made) response.writeHead(404, { 'content-type': 'text/html' }).end(article)
    else void send(response, made)
  })
})

async function send(response: ServerResponse, made: () => Made | Promise<Made>): Promise<void> {
  const [type, body] = await made()
  response.writeHead(200, { 'content-type': type }).end(body)
}

after(async () => {
  await server[Symbol.asyncDispose]()
  await fetcher.close()
  await reader.close()
  await folder.remove()
})

/** Looks at a page; what came with it is dropped, and nothing else may be left. */
async function look(path: string): Promise<Identified> {
  const found = await identifyUrl({ fetcher, reader, blobs }, server.url + path, {
    maxBytes: 200_000,
    account: 1,
  })
  if (found.incoming) {
    assert.ok(existsSync(found.incoming.path))
    await blobs.discard(found.incoming)
  }
  assert.deepEqual(readdirSync(join(folder.path, 'incoming')), [])
  return found
}

describe('what is at an address', () => {
  const cases: [path: string, kind: Identified['kind'], format: string | null][] = [
    ['/picture', 'image', 'png'],
    ['/paper', 'document', 'pdf'],
    ['/sound', 'audio', 'flac'],
    ['/film', 'embed', 'webm'],
    ['/words', 'page', 'txt'],
    ['/article', 'article', 'html'],
    ['/moved', 'article', 'html'],
    ['/blog', 'page', 'html'],
    ['/recipe', 'recipe', 'html'],
    ['/video', 'embed', 'html'],
    ['/photo', 'image', 'png'],
    ['/link', 'page', 'html'],
    ['/broken', 'page', 'html'],
    ['/inner', 'page', 'html'],
    ['/wordpress', 'page', 'html'],
    ['/@ada/109876543210', 'status', 'html'],
  ]
  for (const [path, kind, format] of cases)
    test(`${path}: ${kind}`, async () => {
      const found = await look(path)
      assert.deepEqual([found.kind, found.file?.format ?? null, found.problem], [kind, format, null])
    })

  test('what else is said', async () => {
    assert.equal((await look('/moved')).url, `${server.url}/article`)
    assert.equal((await look('/article')).page?.title, 'Quiet')
    assert.equal((await look('/video')).oembed?.html, '<iframe></iframe>')
    assert.equal((await look('/recipe')).page?.recipe?.ingredients, 'leeks')
    const { status, page } = await look('/@ada/109876543210')
    assert.deepEqual(status, { service: 'mastodon', author: 'ada', authorUrl: `${server.url}/@ada` })
    assert.equal(page?.description, 'hello')
    const { embed, incoming } = await look('/film')
    assert.equal(incoming, null)
    assert.deepEqual(embed?.attributes, { src: `${server.url}/film`, type: 'video/webm' })
  })

  test('what cannot be fetched is a page, and says why', async () => {
    for (const [path, problem] of [
      ['/nothing', 'the server answered 404'],
      ['/large', 'there is more of it than is fetched'],
    ] as const) {
      const { kind, incoming, page, problem: said } = await look(path)
      assert.deepEqual([kind, incoming, page, said], ['page', null, null, problem])
    }
    const inner = await identifyUrl({ fetcher, reader, blobs }, 'http://10.0.0.1/x', {
      maxBytes: 1_000,
      account: 1,
    })
    assert.deepEqual([inner.kind, inner.problem], ['page', 'the address leads where nothing is fetched from'])
  })

  test('what is no address of the web is refused', async () => {
    for (const url of ['ftp://a.test/', 'words', 'javascript:alert(1)', 'http://a:b@c.test/'])
      await assert.rejects(identifyUrl({ fetcher, reader, blobs }, url, { maxBytes: 1_000, account: 1 }), {
        name: 'FetchError',
        kind: 'bad_url',
      })
  })
})
