import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createResponseCache } from '../../src/http/response-cache.ts'

const answer = (size: number) => ({
  headers: { whole: ['ETag', '"e"'], unchanged: [] },
  body: Buffer.alloc(size),
  etag: '"e"',
  admit: () => [],
})

test('an answer is found only under its key and version', () => {
  const cache = createResponseCache({ maxBytes: 1 << 20 })
  const kept = answer(10)
  cache.set('/a', 'v1', kept)
  assert.equal(cache.get('/a', 'v1'), kept)
  assert.equal(cache.get('/b', 'v1'), undefined)
  assert.equal(cache.get('/a', 'v2'), undefined)
  assert.equal(cache.bytes, 0, 'an outdated answer is dropped when met')
})

test('never more bytes than allowed; the least recently used goes first', () => {
  const cache = createResponseCache({ maxBytes: 16_000 })
  for (let key = 0; key < 100; key += 1) {
    cache.set(`/${key}`, 'v', answer(1_000))
    cache.get('/0', 'v')
    assert.ok(cache.bytes <= 16_000)
  }
  assert.notEqual(cache.get('/0', 'v'), undefined)
  assert.notEqual(cache.get('/99', 'v'), undefined)
  assert.equal(cache.get('/1', 'v'), undefined)
})

test('replacing and clearing give the room back, a giant is not kept', () => {
  const cache = createResponseCache({ maxBytes: 16_000 })
  cache.set('/a', 'v', answer(1_500))
  const before = cache.bytes
  cache.set('/a', 'v', answer(1_500))
  assert.equal(cache.bytes, before)
  cache.set('/a', 'v', answer(9_000))
  assert.equal(cache.get('/a', 'v'), undefined, 'the old answer must not stay in place of one too large')
  cache.set('/b', 'v', answer(10))
  cache.clear()
  assert.deepEqual([cache.bytes, cache.get('/b', 'v')], [0, undefined])
})
