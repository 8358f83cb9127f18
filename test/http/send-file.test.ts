import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import fastify from 'fastify'
import { readRange } from '../../src/http/byte-range.ts'
import { httpDate } from '../../src/http/etag.ts'
import { answerFile, sendStored } from '../../src/http/send-file.ts'
import type { SendOptions, StoredFile } from '../../src/http/send-file.ts'
import { listen } from './wire.ts'

const bytes = Buffer.from('0123456789')
const lastModifiedMs = Date.parse('2024-05-01T10:00:00.500Z')
const file: StoredFile = {
  sizeBytes: bytes.length,
  etag: '"abc"',
  lastModifiedMs,
  mimeType: 'image/png',
  open: (range) => Readable.from([range ? bytes.subarray(range.first, range.last + 1) : bytes]),
}
const open: SendOptions = { visibility: 'public', disposition: 'inline', fileName: 'harbour.png' }

test('one range of bytes', () => {
  const cases: [string | undefined, string][] = [
    [undefined, 'null'],
    ['bytes=0-3', '{"first":0,"last":3}'],
    ['bytes=4-', '{"first":4,"last":9}'],
    ['bytes=0-999', '{"first":0,"last":9}'],
    ['bytes=-3', '{"first":7,"last":9}'],
    ['bytes=-999', '{"first":0,"last":9}'],
    ['Bytes=9-9', '{"first":9,"last":9}'],
    ['bytes=10-', '"unsatisfiable"'],
    ['bytes=-0', '"unsatisfiable"'],
    ['bytes=5-2', 'null'],
    ['bytes=0-1,3-4', 'null'],
    ['bytes=-', 'null'],
    ['bytes=a-b', 'null'],
    ['lines=0-1', 'null'],
    [`bytes=0-${'9'.repeat(400)}`, 'null'],
  ]
  for (const [header, expected] of cases)
    assert.equal(JSON.stringify(readRange(header, 10)), expected, header)
  assert.equal(readRange('bytes=0-', 0), 'unsatisfiable')
  assert.equal(readRange('bytes=-5', 0), 'unsatisfiable')
})

test('which answer for which request', () => {
  const sent = httpDate(lastModifiedMs)
  const cases: [string, Record<string, string>, number, string][] = [
    ['GET', {}, 200, 'whole'],
    ['HEAD', {}, 200, 'nothing'],
    ['HEAD', { range: 'bytes=0-1' }, 200, 'nothing'],
    ['GET', { range: 'bytes=0-1' }, 206, 'range'],
    ['GET', { range: 'bytes=0-1,4-5' }, 200, 'whole'],
    ['GET', { range: 'bytes=99-' }, 416, 'nothing'],
    ['GET', { range: 'bytes=0-1', 'if-range': '"abc"' }, 206, 'range'],
    ['GET', { range: 'bytes=0-1', 'if-range': '"old"' }, 200, 'whole'],
    ['GET', { range: 'bytes=0-1', 'if-range': 'W/"abc"' }, 200, 'whole'],
    ['GET', { range: 'bytes=99-', 'if-range': '"old"' }, 200, 'whole'],
    ['GET', { range: 'bytes=0-1', 'if-range': sent }, 206, 'range'],
    ['GET', { range: 'bytes=0-1', 'if-range': httpDate(0) }, 200, 'whole'],
    ['GET', { range: 'bytes=0-1', 'if-none-match': '"abc"' }, 304, 'nothing'],
    ['GET', { range: 'bytes=0-1', 'if-none-match': '"old"' }, 206, 'range'],
    ['HEAD', { 'if-modified-since': sent }, 304, 'nothing'],
  ]
  for (const [method, headers, status, send] of cases) {
    const answer = answerFile(file, { method, headers }, open)
    const what = typeof answer.send === 'string' ? answer.send : 'range'
    assert.deepEqual([answer.status, what], [status, send], JSON.stringify([method, headers]))
    assert.equal(answer.headers['etag'], '"abc"')
  }
})

test('stored files are harmless wherever they are opened', () => {
  const shared = answerFile(file, { method: 'GET', headers: {} }, open).headers
  assert.deepEqual(shared, {
    etag: '"abc"',
    'last-modified': 'Wed, 01 May 2024 10:00:00 GMT',
    'accept-ranges': 'bytes',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox; style-src 'unsafe-inline'",
    'cross-origin-resource-policy': 'cross-origin',
    'content-type': 'image/png',
    'content-disposition': 'inline; filename="harbour.png"',
    'content-length': '10',
  })
  const secret = answerFile(
    file,
    { method: 'GET', headers: {} },
    { visibility: 'private', disposition: 'attachment' },
  )
  assert.equal(secret.headers['cache-control'], 'private, no-store')
  assert.equal(secret.headers['cross-origin-resource-policy'], 'same-origin')
  assert.equal(secret.headers['content-disposition'], 'attachment')
})

test('over Fastify: bytes, ranges, HEAD, 304 and 416', async () => {
  const app = fastify()
  app.get('/', (request, reply) =>
    sendStored(reply, file, { method: request.method, headers: request.headers }, open),
  )
  const whole = await app.inject('/')
  assert.deepEqual([whole.statusCode, whole.body, whole.headers['content-length']], [200, '0123456789', '10'])

  const head = await app.inject({ method: 'HEAD', url: '/' })
  assert.deepEqual([head.statusCode, head.body], [200, ''])
  const { date: _one, ...headHeaders } = head.headers
  const { date: _two, ...wholeHeaders } = whole.headers
  assert.deepEqual(headHeaders, wholeHeaders)

  const part = await app.inject({ url: '/', headers: { range: 'bytes=2-4' } })
  assert.deepEqual([part.statusCode, part.body, part.headers['content-range']], [206, '234', 'bytes 2-4/10'])
  const outside = await app.inject({ url: '/', headers: { range: 'bytes=20-' } })
  assert.deepEqual(
    [outside.statusCode, outside.body, outside.headers['content-range']],
    [416, '', 'bytes */10'],
  )
  const same = await app.inject({ url: '/', headers: { 'if-none-match': '"abc"' } })
  assert.deepEqual([same.statusCode, same.body, same.headers['etag']], [304, '', '"abc"'])
  await app.close()
})

test('a client that goes away closes the file', async () => {
  const endless = new Readable({ read() { this.push(Buffer.alloc(65_536)) } }) // prettier-ignore
  const app = fastify()
  app.get('/', (_request, reply) =>
    sendStored(
      reply,
      { ...file, sizeBytes: 1e12, open: () => endless },
      { method: 'GET', headers: {} },
      open,
    ),
  )
  await app.ready()
  await using server = await listen(app.server)
  const socket = connect(server.port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await once(socket, 'data')
  const closed = once(endless, 'close')
  socket.destroy()
  await closed.catch(() => undefined)
  assert.equal(endless.destroyed, true)
})
