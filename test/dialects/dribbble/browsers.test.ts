import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startVitrine } from '../../helpers/vitrine.ts'

const EXPOSED = 'ETag, Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset'
const origin = 'https://app.example'

describe('Cross Origin Resource Sharing', () => {
  test('the sample of a simple request', async () => {
    await using vitrine = await startVitrine()
    await vitrine.person('ada')
    const { headers } = await vitrine.anonymous.get('/v1/users/ada', { headers: { origin } })
    assert.equal(headers['access-control-allow-origin'], origin)
    assert.equal(headers['access-control-expose-headers'], EXPOSED)
    assert.equal(headers['access-control-allow-credentials'], 'true')
    assert.equal(headers['vary'], 'Origin')
  })

  test('the sample of a preflight: 200, no token, no User-Agent, not counted', async () => {
    await using vitrine = await startVitrine()
    const { anonymous } = vitrine
    const preflight = await anonymous.request({
      method: 'OPTIONS',
      url: '/v1/users/ada',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'Authorization',
      },
    })
    assert.equal(preflight.statusCode, 200)
    assert.equal(preflight.headers['access-control-allow-origin'], origin)
    assert.equal(preflight.headers['access-control-allow-methods'], 'OPTIONS, GET')
    assert.equal(preflight.headers['access-control-expose-headers'], EXPOSED)
    assert.equal(preflight.headers['access-control-max-age'], '86400')
    assert.equal(preflight.headers['access-control-allow-credentials'], 'true')
    // Not in the sample, but no browser sends a token without it.
    assert.equal(preflight.headers['access-control-allow-headers'], 'Authorization')
    assert.equal((await anonymous.get('/v1/users/nobody')).headers['x-ratelimit-remaining'], '59')

    const writing = await anonymous.request({ method: 'OPTIONS', url: '/v2/shots/1', headers: { origin } })
    assert.equal(writing.headers['access-control-allow-methods'], 'OPTIONS, GET, PUT, PATCH, DELETE')
  })

  test('errors carry the headers, too; without an origin there are none', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada', { scopes: 'public' })
    const answers = [
      await vitrine.anonymous.get('/v2/user', { headers: { origin } }),
      await ada.get('/v2/shots/99', { headers: { origin } }),
      await ada.post('/v2/shots', {}, { headers: { origin } }),
      await ada.post('/v1/user', {}, { headers: { origin } }),
    ]
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [401, 404, 403, 405],
    )
    for (const { headers } of answers) assert.equal(headers['access-control-allow-origin'], origin)
    const none = await ada.get('/v2/user')
    assert.equal(none.headers['access-control-allow-origin'], undefined)
    assert.equal(none.headers['vary'], 'Origin')
  })

  test('`null` is answered `*` without credentials, anything that is no origin is not answered', async () => {
    await using vitrine = await startVitrine()
    await vitrine.person('ada')
    const ask = async (value: string) =>
      (await vitrine.anonymous.get('/v1/users/ada', { headers: { origin: value } })).headers
    const nowhere = await ask('null')
    assert.equal(nowhere['access-control-allow-origin'], '*')
    assert.equal(nowhere['access-control-allow-credentials'], undefined)
    assert.equal((await ask('not an origin'))['access-control-allow-origin'], undefined)
  })

  test('no cookie signs anybody in on the API', async () => {
    await using vitrine = await startVitrine()
    const answer = await vitrine.anonymous.get('/v2/user', {
      headers: { cookie: 'vitrine-local=anything', origin },
    })
    assert.equal(answer.statusCode, 401)
  })
})

describe('JSON-P Callbacks', () => {
  test('the envelope of the sample, with the links as tuples', async () => {
    await using vitrine = await startVitrine()
    await vitrine.person('ada')
    for (const login of ['bob', 'cleo']) await (await vitrine.person(login)).put('/v1/users/ada/follow')
    const answer = await vitrine.anonymous.get('/v1/users/ada/followers?per_page=1&callback=bar')
    const plain = await vitrine.anonymous.get('/v1/users/ada/followers?per_page=1')

    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['content-type'], 'application/javascript; charset=utf-8')
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    const envelope: unknown = JSON.parse(answer.body.replace(/^\/\*\*\/bar\((.*)\)$/s, '$1'))
    const next = `${vitrine.base}/v1/users/ada/followers?per_page=1&page=2`
    assert.deepEqual(envelope, {
      meta: {
        status: 200,
        'X-RateLimit-Limit': 60,
        'X-RateLimit-Remaining': 59,
        'X-RateLimit-Reset': Date.parse('2026-03-04T06:00:00Z') / 1000,
        Link: [
          [next, { rel: 'next' }],
          [next, { rel: 'last' }],
        ],
      },
      data: plain.data(),
    })
  })

  test('errors come with status 200 and say their own inside', async () => {
    await using vitrine = await startVitrine()
    const answer = await vitrine.anonymous.get('/v1/users/nobody?callback=bar')
    assert.equal(answer.statusCode, 200)
    const envelope = JSON.parse(answer.body.slice('/**/bar('.length, -1)) as {
      meta: { status: number }
      data: unknown
    }
    assert.equal(envelope.meta.status, 404)
    assert.deepEqual(envelope.data, { message: 'Not found.' })
  })

  test('the root of the API answers', async () => {
    await using vitrine = await startVitrine()
    const answer = await vitrine.anonymous.get('/v1?callback=bar')
    assert.match(answer.body, /^\/\*\*\/bar\(\{"meta":\{"status":200,/)
  })

  test('names that are no functions are refused, a script cannot be closed from inside', async () => {
    await using vitrine = await startVitrine()
    await vitrine.person('ada', { name: '</script><script>\u2028' })
    for (const name of ['alert(1)', 'a;b', '<x>', 'eval', 'a'.repeat(200)]) {
      const answer = await vitrine.anonymous.get(`/v1/users/ada?callback=${encodeURIComponent(name)}`)
      assert.equal(answer.statusCode, 400, name)
      assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
    }
    const body = (await vitrine.anonymous.get('/v1/users/ada?callback=jQuery1102_169')).body
    assert.ok(!body.includes('<') && !body.includes('\u2028'))
  })
})
