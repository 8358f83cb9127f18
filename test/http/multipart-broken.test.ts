import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'node:test'
import type { FilePart, FileSink } from '../../src/http/file-part.ts'
import { readMultipart } from '../../src/http/multipart.ts'
import { END, LIMITS, TYPE, arriving, field, file, refusal, toText } from './multipart-bodies.ts'
import { hear, listen } from './wire.ts'

const nothing: FileSink<string> = async () => '-'
const firstByte: FileSink<string> = async ({ stream }) => {
  for await (const chunk of stream) return String(chunk).slice(0, 1)
  return ''
}

/** Keeps account of what it was given and of how that ended. */
function ledger() {
  const open = new Set<string>()
  const kept = new Set<string>()
  const sink: FileSink<string> = async ({ field: name, stream, onDiscard }) => {
    open.add(name)
    try {
      onDiscard(async () => {
        await turn()
        kept.delete(name)
      })
      for await (const chunk of stream) await turn(chunk)
      kept.add(name)
      return name
    } finally {
      open.delete(name)
    }
  }
  return { open, kept, sink }
}

test('a body cut anywhere is refused, never waits, and leaves nothing behind', async () => {
  const body = Buffer.from(
    field('a', '1') + file('f', '', 'x'.repeat(50)) + file('g', 'g.png', '\r\n--lin') + field('b', '') + END,
  )
  const whole = body.length - '--\r\n'.length
  for (let at = 0; at < body.length; at += 1) {
    for (const pieceBytes of [5, 65_536]) {
      const { open, kept, sink } = ledger()
      const reading = readMultipart(arriving(body.subarray(0, at), pieceBytes), TYPE, LIMITS, sink)
      const outcome = await refusal(reading)
      if (at < whole) assert.equal(outcome, 'truncated', `cut at ${at}`)
      assert.equal(open.size, 0, `cut at ${at}`)
      if (outcome !== 'accepted') assert.equal(kept.size, 0, `cut at ${at}`)
    }
  }
})

test('bytes at random never do worse than being refused', async () => {
  const pieces = [
    '--line',
    '--line--',
    '\r\n',
    '\r\n\r\n',
    '--',
    'Content-Disposition: form-data; name="a"',
    '; filename=""',
    '; filename="x"',
    'Content-Type: application/json',
    '\0',
    'x',
    ':',
    '"',
    ' ',
  ]
  let seed = 7
  const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
  for (let run = 0; run < 600; run += 1) {
    const body = Array.from({ length: next(24) }, () => pieces[next(pieces.length)] ?? '').join('')
    const { open, sink } = ledger()
    await refusal(readMultipart(arriving(body, 1 + next(40)), TYPE, LIMITS, sink))
    assert.equal(open.size, 0, JSON.stringify(body))
  }
})

test('a refusal ends the sinks that run, undoes those that finished, and is thrown after both', async () => {
  const { open, kept, sink } = ledger()
  const states: string[] = []
  const source = Readable.from(
    (async function* () {
      yield Buffer.from(file('first', 'a', 'x') + file('second', 'b', 'y'.repeat(900)).replace(/\r\n$/, ''))
      for (let turns = 0; kept.size === 0 && turns < 100_000; turns += 1) await turn()
      states.push(`${[...kept].join()} kept, ${[...open].join()} open`)
      yield Buffer.from('y'.repeat(900))
    })(),
    { objectMode: false },
  )
  assert.equal(await refusal(readMultipart(source, TYPE, LIMITS, sink)), 'too_large')
  assert.deepEqual(states, ['first kept, second open'])
  assert.deepEqual([open.size, kept.size], [0, 0])
})

test('a body whose stream is closed without a word is truncated', async () => {
  const { open, sink } = ledger()
  const source = new Readable({ read: () => undefined })
  source.push(file('f', 'a', 'x'.repeat(100)))
  const reading = refusal(readMultipart(source, TYPE, LIMITS, sink))
  for (let turns = 0; open.size === 0 && turns < 100_000; turns += 1) await turn()
  source.destroy()
  assert.equal(await reading, 'truncated')
  assert.equal(open.size, 0)
})

test('a sink that fails ends the reading with its own error', async () => {
  const seen: FilePart[] = []
  const failing: FileSink<string> = async (part) => {
    seen.push(part)
    if (part.field === 'full') throw new Error('disk full')
    return text(part.stream)
  }
  const endless = new Readable({ read() { this.push(this.readableFlowing ? Buffer.from('z'.repeat(100)) : '') } }) // prettier-ignore
  endless.push(
    file('a', 'a', 'x') + `--line\r\nContent-Disposition: form-data; name="full"; filename="b"\r\n\r\n`,
  )
  const limits = { ...LIMITS, fileBytes: 1e9, totalBytes: 1e9 }
  assert.equal(await refusal(readMultipart(endless, TYPE, limits, failing)), 'Error: disk full')
  assert.equal(seen[0]?.signal.aborted, true)
  endless.destroy()
})

test('a sink may leave bytes unread, or all of them', async () => {
  const body =
    file('a', 'a', 'x'.repeat(900_000)) + file('b', 'b', 'y'.repeat(900_000)) + field('c', '1') + END
  const limits = { ...LIMITS, fileBytes: 1e6, totalBytes: 1e7 }
  for (const [sink, expected] of [
    [firstByte, 'x,y'],
    [nothing, '-,-'],
  ] as const) {
    const { files, fields } = await readMultipart(arriving(body), TYPE, limits, sink)
    assert.equal(files.map(({ stored }) => stored).join(), expected)
    assert.deepEqual({ ...fields.values }, { c: '1' })
  }
})

test('a slow sink holds the client back', async () => {
  let sent = 0
  const source = Readable.from(
    (function* () {
      yield Buffer.from(file('a', 'a', '').replace(/\r\n$/, ''))
      for (; sent < 200; sent += 1) yield Buffer.alloc(65_536, 'x')
      yield Buffer.from(`\r\n${END}`)
    })(),
    { objectMode: false },
  )
  const gate = new AbortController()
  const slow: FileSink<number> = async ({ stream }) => {
    await once(gate.signal, 'abort')
    let bytes = 0
    for await (const chunk of stream) bytes += Buffer.from(chunk).length
    return bytes
  }
  const reading = readMultipart(source, TYPE, { ...LIMITS, fileBytes: 1e9, totalBytes: 1e9 }, slow)
  for (let turns = 0; turns < 200; turns += 1) await turn()
  assert.ok(sent < 20, `${sent} pieces taken in while nobody reads them`)
  gate.abort()
  assert.equal((await reading).files[0]?.stored, 200 * 65_536)
})

test('a stream that is over before the reading begins is a truncated body', async () => {
  const over = arriving('')
  over.resume()
  await once(over, 'close')
  assert.equal(await refusal(readMultipart(over, TYPE, LIMITS, toText)), 'truncated')
})

test('a client that goes away in the middle of a file', async () => {
  const { open, kept, sink } = ledger()
  const outcomes: Promise<string>[] = []
  const server = createServer((request, response) => {
    outcomes.push(refusal(readMultipart(request, request.headers['content-type'], LIMITS, sink)))
    response.on('error', () => undefined)
  })
  await using listening = await listen(server)
  const socket = connect(listening.port, '127.0.0.1')
  socket.write(
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${TYPE}\r\nContent-Length: 5000\r\n\r\n${file('f', 'a', 'x'.repeat(400))}`,
  )
  await once(server, 'request')
  for (let turns = 0; open.size === 0 && turns < 100_000; turns += 1) await turn()
  socket.destroy()
  assert.equal(await outcomes[0], 'truncated')
  assert.deepEqual([open.size, kept.size], [0, 0])
})

test('a client that sends too much gets to see the refusal', async () => {
  const server = createServer((request, response) => {
    void refusal(readMultipart(request, request.headers['content-type'], LIMITS, toText)).then((kind) =>
      response.writeHead(413, { connection: 'close' }).end(kind),
    )
  })
  await using listening = await listen(server)
  const body = file('f', 'a', 'x'.repeat(600_000)) + END
  const socket = connect(listening.port, '127.0.0.1')
  socket.write(
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${TYPE}\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  socket.write(body)
  assert.match(await hear(socket), /^HTTP\/1\.1 413 [^]*too_large/)
})
