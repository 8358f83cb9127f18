import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { FetchError, type FetchErrorKind } from '../../src/fetching/errors.ts'
import { quick, testFetcher, until, webServer, wireServer } from './servers.ts'

const maxBytes = 50_000
const ok = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n'

const bomb = gzipSync(Buffer.alloc(4_000_000))

interface Bad {
  name: string
  kind: FetchErrorKind
  does: (socket: Socket) => void
}

/** Sends a piece again and again until the other side goes. */
function drip(socket: Socket, piece: string, everyMs: number): void {
  const timer = setInterval(() => socket.write(piece), everyMs)
  socket.once('close', () => clearInterval(timer))
}

function flood(socket: Socket, piece: Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  }
  socket.on('drain', more)
  more()
}

const servers: Bad[] = [
  { name: 'says nothing', kind: 'too_slow', does: () => undefined },
  { name: 'hangs up at once', kind: 'bad_answer', does: (socket) => socket.destroy() },
  { name: 'hangs up politely', kind: 'bad_answer', does: (socket) => socket.end() },
  {
    name: 'speaks another language',
    kind: 'bad_answer',
    does: (socket) => socket.write('220 mail ready\r\n'),
  },
  { name: 'sends its head byte by byte', kind: 'too_slow', does: (socket) => drip(socket, 'H', 2_000) },
  {
    name: 'sends headers for ever, slowly',
    kind: 'too_slow',
    does(socket) {
      socket.write('HTTP/1.1 200 OK\r\n')
      drip(socket, 'X-More: and more\r\n', 50)
    },
  },
  {
    name: 'sends headers for ever, fast',
    kind: 'bad_answer',
    does(socket) {
      socket.write('HTTP/1.1 200 OK\r\n')
      flood(socket, Buffer.from('X-More: and more\r\n'.repeat(100)))
    },
  },
  {
    name: 'sends interim answers for ever',
    kind: 'too_slow',
    does: (socket) => drip(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n', 50),
  },
  {
    name: 'switches protocols unasked',
    kind: 'bad_answer',
    does: (socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
  },
  {
    name: 'sends a head and no body',
    kind: 'too_slow',
    does: (socket) => socket.write(`${ok}Content-Length: 9\r\n\r\n`),
  },
  {
    name: 'sends its body too slowly',
    kind: 'too_slow',
    does(socket) {
      socket.write(`${ok}Content-Length: 9000\r\n\r\n`)
      drip(socket, 'x', 20)
    },
  },
  {
    name: 'sends for ever, fast enough to go on for hours',
    kind: 'too_slow',
    does(socket) {
      socket.write(`${ok}\r\n`)
      drip(socket, 'x'.repeat(300), 20)
    },
  },
  {
    name: 'promises more than the limit',
    kind: 'too_large',
    does: (socket) => socket.write(`${ok}Content-Length: 50001\r\n\r\n`),
  },
  {
    name: 'sends for ever, fast',
    kind: 'too_large',
    does(socket) {
      socket.write(`${ok}\r\n`)
      flood(socket, Buffer.alloc(65_536, 'x'))
    },
  },
  {
    name: 'sends chunks for ever',
    kind: 'too_large',
    does(socket) {
      socket.write(`${ok}Transfer-Encoding: chunked\r\n\r\n`)
      flood(socket, Buffer.from(`4000\r\n${'x'.repeat(0x4000)}\r\n`))
    },
  },
  {
    name: 'sends less than it promised',
    kind: 'bad_answer',
    does: (socket) => socket.end(`${ok}Content-Length: 9\r\n\r\nfour`),
  },
  {
    name: 'ends in the middle of a chunk',
    kind: 'bad_answer',
    does: (socket) => socket.end(`${ok}Transfer-Encoding: chunked\r\n\r\n9\r\nfour`),
  },
  {
    name: 'gives two lengths',
    kind: 'bad_answer',
    does: (socket) => socket.end(`${ok}Content-Length: 4\r\nContent-Length: 5\r\n\r\nfour`),
  },
  {
    name: 'calls plain text gzip',
    kind: 'bad_answer',
    does: (socket) => socket.end(`${ok}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nfour`),
  },
  {
    name: 'cuts its gzip short',
    kind: 'bad_answer',
    does: (socket) => sendPacked(socket, 'gzip', gzipSync(Buffer.alloc(1_000, 'words ')).subarray(0, 20)),
  },
  {
    name: 'uses an encoding nobody asked for',
    kind: 'bad_answer',
    does: (socket) => sendPacked(socket, 'zstd', Buffer.from('four')),
  },
  {
    name: 'packs its answer three times',
    kind: 'bad_answer',
    does: (socket) => sendPacked(socket, 'gzip, gzip, gzip', gzipSync(gzipSync(gzipSync('four')))),
  },
  {
    // Empty stored blocks (RFC 1951, 3.2.4): as many as one likes, and nothing comes out of them.
    name: 'sends gzip for ever that holds nothing',
    kind: 'too_large',
    does(socket) {
      socket.write(`${ok}Content-Encoding: gzip\r\n\r\n`)
      socket.write(Buffer.from('\x1f\x8b\x08\0\0\0\0\0\0\x03', 'latin1'))
      flood(socket, Buffer.from('\0\0\0\xff\xff'.repeat(1_000), 'latin1'))
    },
  },
  {
    name: 'sends a bomb',
    kind: 'too_large',
    does: (socket) => sendPacked(socket, 'gzip', bomb),
  },
  {
    name: 'sends a bomb in a bomb',
    kind: 'too_large',
    does: (socket) => sendPacked(socket, 'gzip, gzip', gzipSync(bomb)),
  },
]

function sendPacked(socket: Socket, encoding: string, bytes: Buffer): void {
  socket.write(`${ok}Content-Encoding: ${encoding}\r\nContent-Length: ${bytes.length}\r\n\r\n`)
  socket.end(bytes)
}

describe('a server that', { concurrency: 6 }, () => {
  for (const { name, kind, does } of servers)
    test(`${name}: ${kind}`, async () => {
      await using server = await wireServer((socket) => void socket.once('data', () => does(socket)))
      await using fetcher = testFetcher(kind === 'too_slow' ? { limits: quick } : {})
      await assert.rejects(fetcher.fetchBytes(server.url, { maxBytes }), (error: unknown) => {
        assert.ok(error instanceof FetchError, String(error))
        assert.equal(error.kind, kind, `${error.message}: ${String(error.cause)}`)
        return true
      })
      await until(() => server.open() === 0)
    })
})

describe('nothing is left', () => {
  test('of a body that nobody reads, once the time is up', async () => {
    await using server = await wireServer((socket) => {
      socket.once('data', () => socket.write(`${ok}Content-Length: 40000\r\n\r\n${'x'.repeat(20_000)}`))
    })
    await using fetcher = testFetcher({ limits: quick })
    const { body } = await fetcher.fetchUrl(server.url, { maxBytes })
    await until(() => server.open() === 0)
    assert.ok(body.errored instanceof FetchError)
  })

  test('of a body that is dropped, a caller who stops, and a fetcher that is closed', async () => {
    await using server = await wireServer((socket) => {
      socket.once('data', () => socket.write(`${ok}Content-Length: 40000\r\n\r\nxxx`))
    })
    const fetcher = testFetcher({ limits: { measureMs: 60_000 } })
    const { body } = await fetcher.fetchUrl(server.url, { maxBytes })
    body.destroy()
    await until(() => server.open() === 0)

    const stopping = new AbortController()
    const stopped = fetcher.fetchBytes(server.url, { maxBytes, signal: stopping.signal })
    await until(() => server.open() === 1)
    stopping.abort()
    await assert.rejects(stopped, { kind: 'stopped' })
    await assert.rejects(fetcher.fetchUrl(server.url, { maxBytes, signal: stopping.signal }), {
      kind: 'stopped',
    })

    const closed = fetcher.fetchBytes(server.url, { maxBytes })
    await until(() => server.connections() === 3)
    await fetcher.close()
    await assert.rejects(closed, { kind: 'stopped' })
    await assert.rejects(fetcher.fetchUrl(server.url, { maxBytes }), { kind: 'stopped' })
    await until(() => server.open() === 0)
    assert.equal(server.connections(), 3)
  })
})

describe('at most four at once for one account', () => {
  test('the fifth waits, another account does not', async () => {
    const waiting: (() => void)[] = []
    await using server = await webServer(
      (_request, response) => void waiting.push(() => response.end('done')),
    )
    await using fetcher = testFetcher()
    const fetches = [1, 1, 1, 1, 1, 1, 2].map((account) =>
      fetcher.fetchBytes(server.url, { maxBytes, account }),
    )
    await until(() => waiting.length === 5)
    for (let answered = 0; answered < 7; answered += 1) {
      await until(() => waiting.length > answered)
      assert.ok(server.open() <= 5, 'four of one account and one of another')
      waiting[answered]?.()
    }
    for (const { bytes } of await Promise.all(fetches)) assert.equal(bytes.toString(), 'done')
  })

  test('who stops while waiting is gone, and the next one takes the turn', async () => {
    await using server = await wireServer(() => undefined)
    await using fetcher = testFetcher({ limits: { ...quick, perAccount: 1 } })
    const stopping = new AbortController()
    const first = assert.rejects(fetcher.fetchUrl(server.url, { maxBytes }), { kind: 'too_slow' })
    const second = assert.rejects(fetcher.fetchUrl(server.url, { maxBytes, signal: stopping.signal }), {
      kind: 'stopped',
    })
    const third = assert.rejects(fetcher.fetchUrl(server.url, { maxBytes }), { kind: 'too_slow' })
    stopping.abort()
    await Promise.all([first, second, third])
    assert.equal(server.connections(), 2)
  })
})
