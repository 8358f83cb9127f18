import type { ServerResponse } from 'node:http'
import { webServer, type TestServer } from '../../fetching/servers.ts'
import { samplePicture } from '../../helpers/pictures.ts'

const recipe = {
  '@context': 'https://schema.org',
  '@type': 'Recipe',
  name: 'Leek soup',
  recipeIngredient: ['3 leeks', 'salt'],
  recipeInstructions: 'Simmer.',
  recipeYield: '4',
}
const sentence = 'The quay was empty when the last boat came in with its lamps still burning. '
const story = `<article><h1>The quay</h1>${`<p>${sentence.repeat(5)}</p>`.repeat(6)}</article>`
const html = (head: string, body = '') =>
  `<!doctype html><html><head>${head}</head><body>${body}</body></html>`
export const pdf = '%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n'

export const plainPage = html('<title>A plain page</title>', '<p>Hello')

type Made = [type: string, body: string | Buffer]
const pages: Record<string, (own: string) => Made | Promise<Made>> = {
  '/page': () => ['text/html', plainPage],
  // Long, but nothing in it says that it is an article.
  '/blog': () => ['text/html', html('<title>A web log</title>', story)],
  '/article': () => [
    'text/html',
    html('<title>The quay</title><meta property="og:type" content="article">', story),
  ],
  '/recipe': () => [
    'text/html',
    html(`<title>Soup</title><script type="application/ld+json">${JSON.stringify(recipe)}</script>`),
  ],
  '/@mina/109000000001': () => [
    'text/html',
    html('<title>mina</title><meta property="og:description" content="It rains on the quay">'),
  ],
  '/film': (own) => [
    'text/html',
    html(`<title>A film</title><link rel="alternate" type="application/json+oembed" href="${own}/oembed">`),
  ],
  '/oembed': () => [
    'application/json',
    JSON.stringify({ version: '1.0', type: 'video', title: 'A film', html: '<iframe src="x"></iframe>' }),
  ],
  '/photo': (own) => [
    'text/html',
    html(`<title>A photo</title><link rel="alternate" type="application/json+oembed" href="${own}/o-photo">`),
  ],
  '/o-photo': (own) => [
    'application/json',
    JSON.stringify({ version: '1.0', type: 'photo', url: `${own}/picture`, width: 1200, height: 600 }),
  ],
  // The bytes decide, not what the server says of them.
  '/picture': async () => ['text/html', await samplePicture({ width: 1200, height: 600 })],
  '/sound': () => ['application/octet-stream', Buffer.from('ID3\x03\0\0\0\0\0\0 sound', 'latin1')],
  '/paper': () => ['application/octet-stream', pdf],
  '/clip': () => ['video/webm', Buffer.from('\x1aE\xdf\xa3\x9f film', 'latin1')],
  '/words': () => ['text/plain', 'just words'],
  '/half-a-picture': async () => [
    'image/png',
    (await samplePicture({ width: 20, height: 20 })).subarray(0, 40),
  ],
}

/** A small web of other people, on this machine. */
export function smallWeb(): Promise<TestServer> {
  const send = async (response: ServerResponse, url: string, own: string) => {
    const made = await pages[url]?.(own)
    if (url === '/moved') response.writeHead(302, { location: '/article' }).end()
    else if (url === '/broken') response.writeHead(500).end('trouble')
    else if (made === undefined) response.writeHead(404, { 'content-type': 'text/html' }).end(story)
    else response.writeHead(200, { 'content-type': made[0] }).end(made[1])
  }
  return webServer((request, response) => {
    void send(response, request.url ?? '', `http://${request.headers.host}`)
  })
}
