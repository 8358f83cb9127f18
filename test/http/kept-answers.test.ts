import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { CanonicalResponse } from '../../src/http/canonical-headers.ts'
import { createKeptAnswers, type AnswerToKeep } from '../../src/http/kept-answers.ts'

type Headers = Record<string, string>
interface Asked {
  method?: string
  path?: string
  headers?: Headers
  body?: string
  /** Which of this machine's addresses asks. */
  from?: string
}

const ANSWER: AnswerToKeep = {
  headers: { 'content-type': 'text/plain', etag: '"e"', 'x-own': ['one', 'two'] },
  body: 'kept',
  etag: '"e"',
  lastModified: new Date('2026-01-02T03:04:05Z'),
  admit: () => ['X-Admitted', 'yes'],
}

/** A server that answers all that is handed on with 201, and keeps `ANSWER` for the next time. */
async function start(more: Partial<AnswerToKeep> = {}, version: () => string | Promise<string> = () => 'v') {
  const kept = createKeptAnswers({ version, maxBytes: 1 << 20 })
  const server = createServer({ ServerResponse: CanonicalResponse }, (incoming, response) => {
    kept.answer(incoming, response, () => {
      kept.keep(incoming, incoming.url ?? '', 'v', { ...ANSWER, ...more })
      response.writeHead(201).end('made')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  async function ask({ method = 'GET', path = '/a', headers = {}, body, from = '127.0.0.1' }: Asked = {}) {
    const outgoing = request({
      port,
      host: '127.0.0.1',
      localAddress: from,
      method,
      path,
      headers,
      agent: false,
    })
    outgoing.end(body)
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
    return {
      status: answer.statusCode,
      headers: answer.headersDistinct,
      raw: answer.rawHeaders,
      body: await text(answer),
    }
  }
  return {
    ask,
    kept,
    [Symbol.asyncDispose]: async () => void (await new Promise((done) => server.close(done))),
  }
}

test('what was kept is answered with its headers and those of this one answer', async () => {
  await using server = await start()
  assert.equal((await server.ask()).status, 201)
  const { status, headers, raw, body } = await server.ask()
  assert.deepEqual([status, body], [200, 'kept'])
  assert.deepEqual(headers['x-own'], ['one', 'two'])
  assert.deepEqual(headers['x-admitted'], ['yes'])
  assert.deepEqual(headers['content-length'], ['4'])
  assert.ok(raw.includes('ETag'), 'in the usual spelling')
  assert.equal((await server.ask({ method: 'HEAD' })).body, '')
})

test('bytes that are no ASCII, and many of them, come back as they were', async () => {
  for (const body of ['Füße ✓', Buffer.from([0xff, 0, 0x80]), 'a'.repeat(40_000)]) {
    await using server = await start({ body: Buffer.from(body) })
    await server.ask()
    const answer = await server.ask()
    assert.equal(answer.status, 200)
    assert.equal(answer.body, Buffer.from(body).toString())
    assert.deepEqual(answer.headers['content-length'], [String(Buffer.byteLength(body))])
  }
})

test('a client that has it hears 304, and nothing about a body', async () => {
  await using server = await start()
  await server.ask()
  for (const headers of [
    { 'if-none-match': 'W/"x", "e"' },
    { 'if-none-match': '"e"' },
    { 'if-modified-since': 'Fri, 02 Jan 2026 03:04:05 GMT' },
  ] satisfies Headers[]) {
    const answer = await server.ask({ headers })
    assert.equal(answer.status, 304)
    assert.deepEqual(
      [answer.headers['content-type'], answer.headers['content-length']],
      [undefined, undefined],
    )
    assert.deepEqual(answer.headers.etag, ['"e"'])
  }
  assert.equal((await server.ask({ headers: { 'if-none-match': '"other"' } })).status, 200)
})

describe('a request is handed on', () => {
  const first = { headers: { authorization: 'Bearer a', accept: 'x/y', origin: 'https://a.test' } }
  const other = (headers: Headers) => ({ headers: { ...first.headers, ...headers } })
  const without = (name: string) => ({
    headers: Object.fromEntries(Object.entries(first.headers).filter(([one]) => one !== name)),
  })
  const requests: Record<string, Asked> = {
    'for another address': { ...first, path: '/a?b' },
    'to another host': other({ host: 'other.test' }),
    'with another credential': other({ authorization: 'Bearer b' }),
    'without a credential': without('authorization'),
    'with an empty credential': other({ authorization: '' }),
    'for another type': other({ accept: 'x/z' }),
    'for any type': without('accept'),
    'from a page of another site': other({ origin: 'https://b.test' }),
    'from no page': without('origin'),
    'behind a proxy': other({ 'x-forwarded-proto': 'https' }),
    'that another site made a browser send': other({ 'sec-fetch-site': 'cross-site' }),
    'by a program that tells its name': other({ 'user-agent': 'me' }),
    'to change something': { ...first, method: 'POST' },
    'with a body': { ...first, body: 'x', headers: { ...first.headers, 'content-length': '1' } },
  }
  for (const [name, asked] of Object.entries(requests))
    test(name, async () => {
      await using server = await start()
      await server.ask(first)
      assert.equal((await server.ask(first)).status, 200)
      assert.equal((await server.ask(asked)).status, 201)
    })

  test('when the library is another one, or cannot be asked', async () => {
    let version: () => string | Promise<string> = () => 'v'
    await using server = await start({}, () => version())
    await server.ask()
    version = () => Promise.resolve('v')
    assert.equal((await server.ask()).status, 200)
    const broken = new Error('broken')
    version = () => Promise.reject(broken)
    assert.equal((await server.ask()).status, 201)
    version = () => {
      throw broken
    }
    assert.equal((await server.ask()).status, 201)
    version = () => Promise.resolve('w')
    assert.equal((await server.ask()).status, 201)
  })

  test('when it is not admitted, and once the server is closing', async () => {
    let admitted: string[] | null = []
    await using server = await start({ admit: () => admitted })
    await server.ask()
    assert.equal((await server.ask()).status, 200)
    admitted = null
    assert.equal((await server.ask()).status, 201)
    admitted = []
    server.kept.close()
    for (const time of ['first', 'second']) assert.equal((await server.ask()).status, 201, time)
  })
})

test('what one proxy says of the scheme counts for its requests alone', async () => {
  await using server = await start()
  const headers = { 'x-forwarded-proto': 'https' }
  await server.ask({ headers })
  assert.equal((await server.ask({ headers })).status, 200)
  assert.equal((await server.ask({ headers, from: '127.0.0.2' })).status, 201)
})

test('of a Digest credential the login counts; the rest is for admission', async () => {
  const seen: (string | undefined)[] = []
  await using server = await start({
    admit: ({ headers }) => {
      seen.push(headers.authorization)
      return []
    },
  })
  const signed = (login: string, nc: number) => ({
    headers: { authorization: `Digest realm="r", username="${login}", nc=${nc}` },
  })
  await server.ask(signed('ada', 1))
  assert.equal((await server.ask(signed('ada', 2))).status, 200)
  assert.equal((await server.ask(signed('bob', 3))).status, 201)
  assert.deepEqual(seen, [signed('ada', 2).headers.authorization])
})

test('cookies are never kept, nor what Node would not write', async () => {
  for (const headers of [{ 'set-cookie': 'a=b' }, { 'x-own': 'a\nb' }] satisfies Headers[]) {
    await using server = await start({ headers })
    await server.ask()
    assert.equal((await server.ask()).status, 201)
  }
})
