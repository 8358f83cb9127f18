import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startTookapic } from '../../helpers/start-tookapic.ts'

const ORIGIN = 'https://app.example'

// Decided: "reflect the origin with credentials only under /dribbble and /tookapic (no cookies, no Basic or Digest there)".
describe('scripts of other sites', () => {
  test('the origin is reflected, on errors too, and the headers of the page may be read', async () => {
    await using tookapic = await startTookapic()
    for (const [path, status] of [
      ['/users', 200],
      ['/users/nobody', 404],
      ['/user', 401],
      ['/nothing', 404],
    ] as const) {
      const { statusCode, headers } = await tookapic.anonymous.get(path, { origin: ORIGIN })
      assert.equal(statusCode, status)
      assert.equal(headers['access-control-allow-origin'], ORIGIN)
      assert.equal(headers['access-control-allow-credentials'], 'true')
      assert.equal(headers.vary, 'Origin')
      const exposed = 'ETag, Location, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset'
      assert.equal(headers['access-control-expose-headers'], exposed)
    }
    const plain = (await tookapic.anonymous.get('/users')).headers
    assert.deepEqual([plain['access-control-allow-origin'], plain.vary], [undefined, 'Origin'])
    const odd = (await tookapic.anonymous.get('/users', { origin: 'null' })).headers
    assert.deepEqual(
      [odd['access-control-allow-origin'], odd['access-control-allow-credentials']],
      ['*', undefined],
    )
    for (const origin of ['x', 'https://a.example/', 'https://a.example, https://b.example'])
      assert.equal(
        (await tookapic.anonymous.get('/users', { origin })).headers['access-control-allow-origin'],
        undefined,
      )
  })

  test('a preflight passes unsigned and uncounted, for every verb of the path and the content-type of a GET', async () => {
    await using tookapic = await startTookapic()
    const ask = (url: string, method: string) =>
      tookapic.anonymous.request({
        method: 'OPTIONS',
        url,
        headers: {
          origin: ORIGIN,
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization, content-type',
        },
      })
    const photo = await ask('/photos/1', 'GET')
    assert.equal(photo.statusCode, 200)
    assert.equal(photo.headers['access-control-allow-methods'], 'OPTIONS, GET, PUT, PATCH, DELETE')
    assert.equal(photo.headers['access-control-allow-headers'], 'authorization, content-type')
    assert.equal(photo.headers['access-control-max-age'], '86400')
    assert.equal(photo.headers['x-ratelimit-limit'], undefined)
    assert.equal(
      (await ask('/user', 'PUT')).headers['access-control-allow-methods'],
      'OPTIONS, GET, PUT, PATCH',
    )
    for (let n = 0; n < 60; n += 1) await ask('/users', 'GET')
    assert.equal((await tookapic.anonymous.get('/users')).headers['x-ratelimit-remaining'], '49')
    const token = await ask('/oauth2/token', 'POST')
    assert.equal(token.headers['access-control-allow-origin'], ORIGIN)
  })

  test('pages and pictures are not for scripts', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    for (const url of ['/oauth2/authorize', `/images/avatars/${ada.id}.png`])
      for (const method of ['GET', 'OPTIONS'] as const) {
        const answer = await tookapic.anonymous.request({ method, url, headers: { origin: ORIGIN } })
        assert.equal(answer.headers['access-control-allow-origin'], undefined, `${method} ${url}`)
      }
  })

  test('a cookie is nobody', async () => {
    await using tookapic = await startTookapic()
    const answer = await tookapic.anonymous.get('/user', { cookie: 'session=1; vitrine=1', origin: ORIGIN })
    assert.equal(answer.statusCode, 401)
    assert.equal(answer.headers['set-cookie'], undefined)
  })

  test('only the origins that are named', async () => {
    await using tookapic = await startTookapic({ settings: { VITRINE_CORS_ORIGINS: ORIGIN } })
    const allowed = async (origin: string) =>
      (await tookapic.anonymous.get('/users', { origin })).headers['access-control-allow-origin']
    assert.equal(await allowed(ORIGIN), ORIGIN)
    assert.equal(await allowed('https://other.example'), undefined)
  })
})
