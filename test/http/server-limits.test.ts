import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'node:test'
import {
  announcesMoreThan,
  applyServerLimits,
  checkContinue,
  limitBodyTime,
  minimumRate,
  refuseOddRequests,
  serverOptions,
  usualServerLimits,
} from '../../src/http/server-limits.ts'
import type { ServerLimits } from '../../src/http/server-limits.ts'
import { exchange, hear, listen } from './wire.ts'

const SHORT: ServerLimits = {
  ...usualServerLimits,
  headersMs: 150,
  bodyMs: 150,
  idleMs: 600_000,
  checkMs: 25,
}

function limited(limits: ServerLimits, listener: RequestListener): Server {
  const server = createServer(serverOptions(limits), listener)
  applyServerLimits(server, limits)
  return server
}

function expecting(bytes: number, more = ''): string {
  return `POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ${bytes}\r\n${more}\r\n`
}

const echo: RequestListener = (request, response) => {
  response.setHeader('connection', 'close')
  text(request).then(
    (body) => response.end(`got ${body.length}`),
    () => response.destroy(),
  )
}

test('slow headers and slow bodies are closed, the others are served', { timeout: 10_000 }, async () => {
  await using server = await listen(limited(SHORT, echo))
  const slow = [
    ['headers', 'GET / HTTP/1.1\r\nHost: a\r\nX-Never'],
    ['nothing but a start', 'G'],
    ['body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n123'],
    ['chunks', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n123\r\n'],
  ] as const
  const good = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n123'
  const [quick, ...heard] = await Promise.all([
    exchange(server.port, good),
    ...slow.map(([, bytes]) => exchange(server.port, bytes)),
  ])
  assert.match(quick, /got 3$/)
  for (const [at, [name]] of slow.entries()) assert.doesNotMatch(heard[at] ?? '', / 200 /, name)
})

test('a slow answer to a complete body is no slow body', async () => {
  const server = limited({ ...SHORT, bodyMs: 60 }, (request, response) => {
    // The whole body has come; nobody reads it for a while.
    void pause(150).then(() => echo(request, response))
  })
  await using listening = await listen(server)
  assert.match(
    await exchange(listening.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n123'),
    /got 3$/,
  )
})

test('an idle connection is closed', async () => {
  const limits = { ...SHORT, headersMs: 60_000, idleMs: 100 }
  const server = limited(limits, () => undefined)
  await using listening = await listen(server)
  assert.equal(await exchange(listening.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'), '')
})

test('an upload below the minimum rate is cut, one above it is not, however long it takes', async () => {
  const server = limited({ ...SHORT, bodyMs: 100 }, (request, response) => {
    minimumRate(request, { bytesPerSecond: 1_000, graceMs: 150 })
    echo(request, response)
  })
  await using listening = await listen(server)
  const upload = async (pieceBytes: number): Promise<string> => {
    const socket = connect(listening.port, '127.0.0.1')
    const heard = hear(socket)
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${20 * pieceBytes}\r\n\r\n`)
    for (let piece = 0; piece < 20 && !socket.destroyed; piece += 1) {
      socket.write('x'.repeat(pieceBytes))
      await pause(25)
    }
    return heard
  }
  const [fast, slow] = await Promise.all([upload(1_000), upload(1)])
  assert.match(fast, /got 20000$/)
  assert.doesNotMatch(slow, / 200 /)
})

test('time in which the server does not read is not held against the client', async () => {
  const server = limited({ ...SHORT, bodyMs: 60_000 }, (request, response) => {
    minimumRate(request, { bytesPerSecond: 1e9, graceMs: 40 })
    request.once('data', () => {
      request.pause()
      void pause(200).then(() => echo(request, response))
    })
  })
  await using listening = await listen(server)
  const body = 'x'.repeat(400_000)
  const heard = await exchange(
    listening.port,
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  assert.match(heard, /got \d+$/)
})

test('a later watch takes the place of the earlier one', async () => {
  const server = createServer((request, response) => {
    limitBodyTime(request, 20)
    limitBodyTime(request, 60_000)
    echo(request, response)
  })
  await using listening = await listen(server)
  const socket = connect(listening.port, '127.0.0.1')
  const heard = hear(socket)
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n123')
  await pause(80)
  socket.write('456')
  assert.match(await heard, /got 6$/)
})

test('headers over the limit and connections over the limit', async () => {
  await using server = await listen(limited({ ...SHORT, connections: 1 }, echo))
  assert.match(
    await exchange(server.port, `GET / HTTP/1.1\r\nHost: a\r\nX-A: ${'x'.repeat(20_000)}\r\n\r\n`),
    / 431 /,
  )
  const holder = connect(server.port, '127.0.0.1')
  await once(holder, 'connect')
  const turnedAway = await exchange(server.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  holder.destroy()
  assert.equal(turnedAway, '')
})

test('odd requests get a plain answer, the rest its path', async () => {
  const server = limited(SHORT, (request, response) => {
    if (refuseOddRequests(request, response, (host) => host === 'own.example')) return
    response.setHeader('connection', 'close')
    response.end(`${request.headers.host} ${request.url}`)
  })
  await using listening = await listen(server)
  const cases: [string, RegExp][] = [
    ['GET /a?b HTTP/1.1\r\nHost: own.example\r\n\r\n', / 200 [^]*own\.example \/a\?b$/],
    ['GET http://own.example/a?b HTTP/1.1\r\nHost: other.example\r\n\r\n', / 200 [^]*own\.example \/a\?b$/],
    ['GET http://other.example/ HTTP/1.1\r\nHost: own.example\r\n\r\n', / 421 /],
    ['GET http://own.example@other.example/ HTTP/1.1\r\nHost: own.example\r\n\r\n', / 421 /],
    ['GET ftp://own.example/ HTTP/1.1\r\nHost: own.example\r\n\r\n', / 400 /],
    ['GET http://[ HTTP/1.1\r\nHost: own.example\r\n\r\n', / 400 /],
    ['GET /a HTTP/1.1\r\nHost: own.example\r\nHost: own.example\r\n\r\n', / 400 /],
    ['GET /a HTTP/1.1\r\nhost: own.example\r\nHOST: other.example\r\n\r\n', / 400 /],
    ['GET /a HTTP/1.1\r\n\r\n', / 400 /],
    ['TRACE /a HTTP/1.1\r\nHost: own.example\r\nCookie: s=1\r\n\r\n', / 405 /],
    ['CONNECT own.example:443 HTTP/1.1\r\nHost: own.example\r\n\r\n', / 405 /],
    ['OPTIONS * HTTP/1.1\r\nHost: own.example\r\n\r\n', / 200 /],
    ['GET * HTTP/1.1\r\nHost: own.example\r\n\r\n', / 400 /],
  ]
  for (const [bytes, expected] of cases) {
    const answer = await exchange(listening.port, bytes)
    assert.match(answer, expected, bytes)
    assert.doesNotMatch(answer, /s=1/)
  }
})

test('a body can be refused before it is sent', async () => {
  const server = limited(SHORT, echo)
  checkContinue(server, (request) => {
    if (request.headers['x-break'] !== undefined) throw new Error('broken')
    return announcesMoreThan(request, 1_000) ? { status: 413, body: 'Too large.\n' } : null
  })
  await using listening = await listen(server)

  const refused = await exchange(listening.port, expecting(9_000_000_000))
  assert.match(refused, /^HTTP\/1\.1 413 /)
  assert.doesNotMatch(refused, /100 Continue/)
  assert.match(await exchange(listening.port, expecting(3, 'X-Break: 1\r\n')), /^HTTP\/1\.1 500 /)

  const socket = connect(listening.port, '127.0.0.1')
  socket.write(expecting(3))
  const first: unknown[] = await once(socket, 'data')
  assert.match(String(first[0]), /^HTTP\/1\.1 100 Continue/)
  const rest = hear(socket)
  socket.write('123')
  assert.match(await rest, /^HTTP\/1\.1 200 [^]*got 3$/)
})
