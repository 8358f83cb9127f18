import { once } from 'node:events'
import { createServer, type Server } from 'node:http'

const recipe = {
  '@context': 'https://schema.org',
  '@type': 'Recipe',
  name: 'Pea soup',
  recipeIngredient: ['500 g peas', 'water'],
  recipeInstructions: 'Boil.',
}
const paragraph =
  '<p>' + 'The harbour lay still under the morning fog, and nobody spoke. '.repeat(12) + '</p>'

const pages: Record<string, [type: string, body: string | Buffer]> = {
  '/page': ['text/html', '<!doctype html><title>Plain</title><p>Hello'],
  '/recipe': [
    'text/html',
    `<!doctype html><title>Soup</title><script type="application/ld+json">${JSON.stringify(recipe)}</script>`,
  ],
  '/article': [
    'text/html',
    `<!doctype html><html><head><title>Fog</title><meta property="og:type" content="article"></head>
    <body><article><h1>Fog</h1>${paragraph.repeat(4)}</article></body></html>`,
  ],
  '/sound': ['audio/mpeg', Buffer.from('ID3\x03\0\0\0\0\0\0 sound', 'latin1')],
}

/** A small web on the loopback address, with one page of each sort. */
export async function webOf(): Promise<{ origin: string; server: Server }> {
  const server = createServer((request, response) => {
    const [type, body] = pages[request.url ?? ''] ?? ['text/plain', '']
    response.writeHead(body.length > 0 ? 200 : 404, { 'content-type': type }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return { origin: `http://127.0.0.1:${port}`, server }
}

export async function closeWeb(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
