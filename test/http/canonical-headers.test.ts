import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { test } from 'node:test'
import fastify from 'fastify'
import { canonicalName, CanonicalResponse } from '../../src/http/canonical-headers.ts'
import { exchange, listen } from './wire.ts'

const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

async function namesOnWire(listener: RequestListener): Promise<string[]> {
  await using server = await listen(createServer({ ServerResponse: CanonicalResponse }, listener))
  return namesIn(await exchange(server.port, REQUEST))
}

function namesIn(answer: string): string[] {
  const [head = ''] = answer.split('\r\n\r\n', 1)
  return head
    .split('\r\n')
    .slice(1)
    .map((line) => line.slice(0, line.indexOf(':')))
}

test('names are spelled as in the documents', () => {
  const cases: [string, string][] = [
    ['etag', 'ETag'],
    ['www-authenticate', 'WWW-Authenticate'],
    ['x-ratelimit-limit', 'X-RateLimit-Limit'],
    ['x-ratelimit-remaining', 'X-RateLimit-Remaining'],
    ['x-content-type-options', 'X-Content-Type-Options'],
    ['content-type', 'Content-Type'],
    ['status', 'Status'],
    ['x-9-lives', 'X-9-Lives'],
    ['Content-type', 'Content-type'],
    ['X-ODD', 'X-ODD'],
  ]
  for (const [name, expected] of cases) {
    assert.equal(canonicalName(name), expected)
    assert.equal(canonicalName(name), expected, 'and again, from the table')
  }
})

test('names without end do not fill the memory and are still spelled right', () => {
  for (let at = 0; at < 3_000; at += 1) assert.equal(canonicalName(`x-made-up-${at}`), `X-Made-Up-${at}`)
})

test('every way to set headers ends in the same spelling on the wire', async () => {
  const ways: [string, RequestListener][] = [
    ['setHeader', (_, response) => response.setHeader('etag', '"a"').setHeader('set-cookie', ['a=1', 'b=2']).end()],
    ['appendHeader', (_, response) => response.setHeader('etag', '"a"').appendHeader('set-cookie', 'a=1').appendHeader('set-cookie', 'b=2').end()],
    ['object', (_, response) => response.writeHead(200, { etag: '"a"', 'set-cookie': ['a=1', 'b=2'] }).end()],
    ['reason and object', (_, response) => response.writeHead(200, 'Fine', { etag: '"a"', 'set-cookie': ['a=1', 'b=2'] }).end()],
    ['in turn', (_, response) => response.writeHead(200, ['etag', '"a"', 'set-cookie', 'a=1', 'set-cookie', 'b=2']).end()],
    ['pairs', (_, response) => response.writeHead(200, [['etag', '"a"'], ['set-cookie', 'a=1'], ['set-cookie', 'b=2']]).end()],
    ['both', (_, response) => response.setHeader('etag', '"z"').writeHead(200, { etag: '"a"', 'set-cookie': ['a=1', 'b=2'] }).end()],
  ] // prettier-ignore
  for (const [way, listener] of ways) {
    const names = (await namesOnWire(listener)).filter((name) => /^(?:etag|set-cookie)$/i.test(name))
    assert.deepEqual(names, ['ETag', 'Set-Cookie', 'Set-Cookie'], way)
  }
})

test('Fastify answers in that spelling too', async () => {
  const app = fastify({ http: { ServerResponse: CanonicalResponse } })
  app.get('/', (_request, reply) =>
    reply.header('x-ratelimit-limit', '60').header('etag', '"a"').send({ a: 1 }),
  )
  await app.ready()
  await using server = await listen(app.server)
  const names = namesIn(await exchange(server.port, REQUEST))
  for (const name of ['X-RateLimit-Limit', 'ETag', 'Content-Type', 'Content-Length', 'Date']) {
    assert.ok(names.includes(name), `${name} in ${names.join()}`)
  }
})
