import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { samplePicture } from '../helpers/pictures.ts'
import { multipart, startVitrine, type Person, type Vitrine } from '../helpers/vitrine.ts'
import { head, openWire, statusOf } from '../helpers/wire.ts'

const MB = 1024 * 1024

interface Reached extends AsyncDisposable {
  vitrine: Vitrine
  ada: Person
  url: string
  authorization: string
}

/** A server that is reached over real connections. */
async function listening(): Promise<Reached> {
  const vitrine = await startVitrine({ reach: 'path', settings: { VITRINE_DRIBBBLE_V2_LIMITS: 'off' } })
  const ada = await vitrine.person('ada')
  const url = await vitrine.server.listen({ host: '127.0.0.1', port: 0 })
  const authorization = `Bearer ${ada.token}`
  return { vitrine, ada, url, authorization, [Symbol.asyncDispose]: () => vitrine[Symbol.asyncDispose]() }
}

/** Sends these bytes and hears all of the answer. */
async function exchange(url: string, ...pieces: readonly (string | Buffer)[]): Promise<string> {
  const { socket, closed } = await openWire(url)
  for (const piece of pieces) if (!socket.destroyed) socket.write(piece)
  return closed
}

const chunked = (body: Buffer, size: number): Buffer[] => {
  const chunks: Buffer[] = []
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size)
    chunks.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'))
  }
  return [...chunks, Buffer.from('0\r\n\r\n')]
}

const CHUNKED = { 'transfer-encoding': 'chunked' }
const jsonOf = (heard: string): unknown => JSON.parse(/\r\n\r\n(.*)$/s.exec(heard)?.[1] ?? '')

test('a body in chunks, without a length, is read like any other; broken chunks are 400', async () => {
  await using reached = await listening()
  const { vitrine, ada, url, authorization } = reached
  const image = await samplePicture({ width: 400, height: 300 })
  const { payload, headers } = multipart({ title: 'In chunks' }, { image })
  const request = head(url, 'POST /dribbble/v2/shots', { ...headers, ...CHUNKED, authorization })
  for (const size of [17, 4096])
    assert.equal(statusOf(await exchange(url, request, ...chunked(payload, size))), 202)
  await vitrine.runJobs()

  const json = { 'content-type': 'application/json', authorization }
  const put = head(url, 'PUT /dribbble/v2/shots/1', { ...json, ...CHUNKED })
  assert.equal(
    statusOf(await exchange(url, put, ...chunked(Buffer.from('{"title":"Piece by piece"}'), 1))),
    200,
  )
  assert.equal(((await ada.get('/v2/shots/1')).data() as { title: string }).title, 'Piece by piece')

  for (const broken of ['zz\r\n{}\r\n0\r\n\r\n', '-1\r\n\r\n', 'ffffffffffffffff1\r\n'])
    assert.equal(statusOf(await exchange(url, put, broken)), 400, broken)
  // Both framings at once is how requests are smuggled.
  const both = head(url, 'PUT /dribbble/v2/shots/1', { ...json, ...CHUNKED, 'content-length': 2 })
  assert.equal(statusOf(await exchange(url, both, '0\r\n\r\n{}')), 400)
})

test('a body on a read is passed over', async () => {
  await using reached = await listening()
  const { url, authorization } = reached
  for (const method of ['GET', 'HEAD']) {
    const request = head(url, `${method} /dribbble/v2/user`, {
      'content-type': 'application/json',
      'content-length': 9,
      authorization,
    })
    assert.equal(statusOf(await exchange(url, request, '{"broken"')), 200, method)
  }
  const inChunks = head(url, 'GET /dribbble/v2/user', { ...CHUNKED, authorization })
  assert.equal(statusOf(await exchange(url, inChunks, '5\r\nhello\r\n0\r\n\r\n')), 200)
})

test('a body that is announced too large is refused before it is sent', async () => {
  await using reached = await listening()
  const { vitrine, url, authorization } = reached
  const { headers } = multipart({})
  const announced = { ...headers, authorization, 'content-length': 9_000 * MB }
  const waiting = head(url, 'POST /dribbble/v2/shots', { ...announced, expect: '100-continue' })
  const refused = await exchange(url, waiting)
  assert.equal(statusOf(refused), 413)
  assert.doesNotMatch(refused, /^HTTP\/1\.1 100/)
  // Who does not ask first is read up to the limit.
  const first = multipart({}, { image: Buffer.alloc(11 * MB) }).payload
  assert.equal(statusOf(await exchange(url, head(url, 'POST /dribbble/v2/shots', announced), first)), 422)

  const body = '{"title":"x"}'
  const small = {
    'content-type': 'application/json',
    'content-length': body.length,
    expect: '100-continue',
    authorization,
  }
  const { socket, heard, closed } = await openWire(url)
  socket.write(head(url, 'PUT /dribbble/v2/shots/1', small))
  while (!heard().includes('100 Continue')) await new Promise((resolve) => socket.once('data', resolve))
  socket.write(body)
  assert.equal(statusOf(await closed), 404)
  assert.deepEqual(await readdir(join(vitrine.ctx.config.data, 'incoming')), [])
})

test('a client that sends more than it may still gets to read why', async () => {
  await using reached = await listening()
  const { vitrine, url, authorization } = reached
  const errors = [{ attribute: 'base', message: 'is too large (at most 10 MB)' }]
  const refused = { message: 'Validation failed.', errors }
  const bodies = [
    multipart({}, { image: Buffer.alloc(10 * MB + 1, 'x') }),
    {
      payload: Buffer.from(`{"title":"${'x'.repeat(20 * MB)}"}`),
      headers: { 'content-type': 'application/json' },
    },
  ]
  for (const { payload, headers } of bodies) {
    const own = { ...headers, authorization, 'content-length': payload.length }
    const heard = await exchange(url, head(url, 'POST /dribbble/v2/shots', own), payload)
    assert.equal(statusOf(heard), 422, headers['content-type'])
    assert.deepEqual(jsonOf(heard), refused)
  }
  assert.deepEqual(await readdir(join(vitrine.ctx.config.data, 'incoming')), [])
})

test('requests that are none are answered with 4xx, and the next one as ever', async () => {
  await using reached = await listening()
  const { url, authorization } = reached
  const host = new URL(url).host
  const odd = [
    'GARBAGE\r\n\r\n',
    `GET /dribbble/v2/user HTTP/1.1\r\nHost: ${host}\r\nHost: other.example\r\n\r\n`,
    `GET /dribbble/v2/user HTTP/1.1\r\n\r\n`,
    `GET /dribbble/v2/user HTTP/9.9\r\nHost: ${host}\r\n\r\n`,
    `GET /dribbble/v2/%ff%fe%zz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    `GET /dribbble/v2/user?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `GET /dribbble/v2/user HTTP/1.1\r\nHost: ${host}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    `GET /dribbble/v2/user HTTP/1.1\r\nHost: ${host}\r\nX : y\r\n\r\n`,
    `GET http://other.example/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    `CONNECT other.example:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `TRACE / HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `POST /dribbble/v2/shots HTTP/1.1\r\nHost: ${host}\r\nContent-Length: -1\r\n\r\n`,
    `POST /dribbble/v2/shots HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx`,
  ]
  for (const request of odd) {
    const status = statusOf(await exchange(url, request)) ?? 0
    assert.ok(status >= 400 && status < 500, `${request.slice(0, 100)}: ${status}`)
    assert.equal(statusOf(await exchange(url, head(url, 'GET /dribbble/v2/user', { authorization }))), 200)
  }
})
