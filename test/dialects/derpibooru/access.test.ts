import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { resetKey } from '../../../src/identity/keys.ts'
import { startBooru } from '../../helpers/started-booru.ts'
import { keyOf, shelf } from './shelf.ts'

// "Accessing the API", "Licensing", and what every answer has.

describe('the key', () => {
  test('"the URL parameter "key" should be appended"', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    const key = await keyOf(booru, 7)
    assert.equal((await booru.ask(`/images/watched.json?key=${key}`)).statusCode, 200)
    assert.equal((await booru.ask('/images/watched.json')).statusCode, 403)
    // An empty one is none.
    assert.equal((await booru.ask('/images.json?key=')).statusCode, 200)
  })

  test('a wrong one is 403 wherever it is sent, a replaced one at once', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    for (const path of ['/images.json', '/search.json?q=a', '/1.json', '/tags.json', '/filters.json'])
      for (const key of ['wrong', 'undefined', 'x'.repeat(5000), '%00']) {
        const answer = await booru.ask(`${path}${path.includes('?') ? '&' : '?'}key=${key}`)
        assert.deepEqual([answer.statusCode, answer.json()], [403, { error: 'Invalid API key.' }], path)
      }
    assert.equal((await booru.ask(`/images.json?key=${ada.key}`)).statusCode, 200)
    await resetKey(booru.ctx, ada.id)
    assert.equal((await booru.ask(`/images.json?key=${ada.key}`)).statusCode, 403)
  })

  test('of a suspended account is nobody’s', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    await booru.ctx.db.updateTable('account').set({ suspended: 1 }).where('id', '=', ada.id).execute()
    assert.equal((await booru.ask(`/images.json?key=${ada.key}`)).statusCode, 403)
  })
})

describe('"properly cache, respect server-side cache expiry times"', () => {
  test('answers have an entity tag and an expiry; one that has not changed is 304, also from memory', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    const key = await keyOf(booru, 7)
    const path = `/search.json?q=safe&key=${key}`
    const first = await booru.ask(path)
    assert.equal(first.headers['cache-control'], 'max-age=0, private, must-revalidate')
    const headers = { 'if-none-match': String(first.headers.etag) }
    const unchanged = await booru.ask(path, { headers })
    assert.deepEqual([unchanged.statusCode, unchanged.body], [304, ''])
    const kept = await booru.ask(path)
    assert.deepEqual([kept.statusCode, kept.body, kept.headers.etag], [200, first.body, first.headers.etag])
    assert.equal(kept.headers['content-type'], first.headers['content-type'])
    const head = await booru.ask(path, { method: 'HEAD' })
    assert.deepEqual([head.statusCode, head.body], [200, ''])

    // A write by anybody is seen by the next request.
    const form = { class: 'Image', id: '1', key, value: 'up' }
    await booru.ask('/api/v2/interactions/vote', { method: 'PUT', form })
    const changed = await booru.ask(path, { headers })
    assert.equal(changed.statusCode, 200)
    assert.notEqual(changed.headers.etag, first.headers.etag)
    // What is one's own is not what everybody gets.
    assert.notEqual((await booru.ask('/search.json?q=safe')).headers.etag, changed.headers.etag)
  })
})

describe('scripts of other sites', () => {
  test('may read everything, without credentials', async () => {
    await using booru = await startBooru()
    const headers = { origin: 'https://app.example' }
    for (const path of [
      '/images.json',
      '/images.json',
      '/99.json',
      '/search.json?q=(',
      '/images.json?key=wrong',
    ]) {
      const answer = await booru.ask(path, { headers })
      assert.equal(answer.headers['access-control-allow-origin'], '*', path)
      assert.equal(answer.headers['access-control-allow-credentials'], undefined)
      assert.equal(answer.headers.vary, 'Origin')
    }
  })

  test('a preflight tells the verbs of the path', async () => {
    await using booru = await startBooru()
    const answer = await booru.ask('/api/v2/interactions/vote', {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type',
      },
    })
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['access-control-allow-methods'], 'OPTIONS, PUT, POST')
    assert.equal(answer.headers['access-control-allow-headers'], 'content-type')
  })
})

describe('what cannot be answered', () => {
  test('another verb is 405 with Allow', async () => {
    await using booru = await startBooru()
    const answer = await booru.ask('/images.json', { method: 'DELETE' })
    assert.deepEqual([answer.statusCode, answer.headers.allow], [405, 'OPTIONS, GET'])
  })

  test('a malformed address and a malformed body are 400 with a JSON error', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    assert.equal((await booru.ask('/tags/%zz.json')).statusCode, 400)
    const answer = await booru.ask(`/filters.json?key=${ada.key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      payload: '{"name":',
    })
    assert.deepEqual([answer.statusCode, Object.keys(answer.json())], [400, ['error']])
  })

  test('thousands of parameters are 400', async () => {
    await using booru = await startBooru()
    const query = Array.from({ length: 1100 }, (_, at) => `a${at}=1`).join('&')
    assert.equal((await booru.ask(`/images.json?${query}`)).statusCode, 400)
  })

  test('an error of our own is 500 in the service’s shape, and tells nothing', async () => {
    await using booru = await startBooru()
    await booru.ctx.db.schema.dropTable('account_setting').execute()
    const ada = await booru.member('ada')
    const answer = await booru.ask(`/images.json?key=${ada.key}`)
    assert.deepEqual(
      [answer.statusCode, answer.json()],
      [500, { status: 500, error: 'Internal Server Error' }],
    )
  })
})
