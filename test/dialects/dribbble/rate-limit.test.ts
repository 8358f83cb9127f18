import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startVitrine } from '../../helpers/vitrine.ts'

const reset = (iso: string) => String(Date.parse(iso) / 1000)

describe('Rate Limiting', () => {
  test('"For requests using OAuth, … 3,600 requests per hour. For unauthenticated requests, … 60 requests per hour"', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const own = (await ada.get('/v1/user')).headers
    assert.deepEqual(
      [own['x-ratelimit-limit'], own['x-ratelimit-remaining'], own['x-ratelimit-reset']],
      ['3600', '3599', reset('2026-03-04T06:00:00Z')],
    )
    const open = (await vitrine.anonymous.get('/v1/users/ada')).headers
    assert.deepEqual([open['x-ratelimit-limit'], open['x-ratelimit-remaining']], ['60', '59'])
  })

  test('"Once you go over the rate limit you will receive an error response": 403, the headers, the body', async () => {
    await using vitrine = await startVitrine()
    await vitrine.person('ada')
    for (let n = 0; n < 60; n += 1)
      assert.equal((await vitrine.anonymous.get('/v1/users/ada')).statusCode, 200)
    const refused = await vitrine.anonymous.get('/v1/users/ada')
    assert.equal(refused.statusCode, 403)
    assert.equal(refused.headers['status'], '403 Forbidden')
    assert.equal(refused.headers['x-ratelimit-limit'], '60')
    assert.equal(refused.headers['x-ratelimit-remaining'], '0')
    assert.equal(refused.headers['x-ratelimit-reset'], reset('2026-03-04T06:00:00Z'))
    assert.equal(refused.headers['retry-after'], String(53 * 60 + 53))
    assert.deepEqual(refused.json(), { message: 'API rate limit exceeded.' })

    vitrine.clock.set('2026-03-04T06:00:00Z')
    assert.equal((await vitrine.anonymous.get('/v1/users/ada')).statusCode, 200)
  })

  test('of 200 at once exactly 60 pass', async () => {
    await using vitrine = await startVitrine()
    await vitrine.person('ada')
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => vitrine.anonymous.get('/v1/users/ada')),
    )
    assert.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 60)
  })

  test('"You can also check your rate limit status without incurring an API hit", also past the limit', async () => {
    await using vitrine = await startVitrine()
    await vitrine.person('ada')
    const status = async () => (await vitrine.anonymous.get('/v1/rate_limit')).json()
    const core = (remaining: number) => ({
      resources: { core: { limit: 60, remaining, reset: Number(reset('2026-03-04T06:00:00Z')) } },
    })
    assert.deepEqual(await status(), core(60))
    assert.deepEqual(await status(), core(60))
    for (let n = 0; n < 61; n += 1) await vitrine.anonymous.get('/v1/users/ada')
    assert.deepEqual(await status(), core(0))
  })

  test('a caller is application and account, not token; another address is another anonymous caller', async () => {
    await using vitrine = await startVitrine({ settings: { VITRINE_TRUSTED_PROXIES: '127.0.0.1' } })
    const ada = await vitrine.person('ada')
    const bob = await vitrine.person('bob')
    await ada.get('/v1/user')
    assert.equal((await bob.get('/v1/user')).headers['x-ratelimit-remaining'], '3599')
    assert.equal((await ada.get('/v1/user')).headers['x-ratelimit-remaining'], '3598')

    const from = async (address: string) =>
      (await vitrine.anonymous.get('/v1/users/ada', { headers: { 'x-forwarded-for': address } })).headers[
        'x-ratelimit-remaining'
      ]
    assert.equal(await from('192.0.2.1'), '59')
    assert.equal(await from('192.0.2.2'), '59')
    assert.equal(await from('2001:db8::1'), '59')
    // One line has a whole /64.
    assert.equal(await from('2001:db8::2'), '58')
    // What stands left of the last untrusted address was written by the client.
    assert.equal(await from('203.0.113.9, 192.0.2.1'), '58')
  })

  test('errors carry the headers and are counted', async () => {
    await using vitrine = await startVitrine()
    const missing = await vitrine.anonymous.get('/v1/users/nobody')
    assert.equal(missing.statusCode, 404)
    assert.equal(missing.body, '{"message":"Not found."}')
    assert.equal(missing.headers['x-ratelimit-remaining'], '59')
  })

  test('v2: 60 a minute and 1,440 a day, 429', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const first = await ada.get('/v2/user')
    assert.equal(first.headers['x-ratelimit-limit'], '60')
    assert.equal(first.headers['x-ratelimit-remaining'], '59')
    for (let n = 0; n < 59; n += 1) await ada.get('/v2/user')
    const refused = await ada.get('/v2/user')
    assert.equal(refused.statusCode, 429)
    assert.deepEqual(refused.json(), { message: 'API rate limit exceeded.' })
    vitrine.clock.advance(60)
    assert.equal((await ada.get('/v2/user')).statusCode, 200)
  })

  test('the profiles of later pages, and none at all', async () => {
    await using vitrine = await startVitrine({
      settings: { VITRINE_DRIBBBLE_V1_LIMITS: 'v1', VITRINE_DRIBBBLE_V2_LIMITS: 'off' },
    })
    const ada = await vitrine.person('ada')
    assert.equal((await ada.get('/v1/user')).headers['x-ratelimit-limit'], '60')
    assert.equal((await ada.get('/v2/user')).headers['x-ratelimit-limit'], undefined)
  })
})

describe('User Agent Required', () => {
  test('"Requests with no User-Agent header will be rejected": 403, also on the status of the limit', async () => {
    await using vitrine = await startVitrine()
    for (const agent of ['', '   ', undefined])
      for (const path of ['/v1/rate_limit', '/v1/users/ada']) {
        const answer = await vitrine.server.inject({
          url: `/dribbble${path}`,
          headers: { host: '127.0.0.1:8080', 'user-agent': agent },
        })
        assert.equal(answer.statusCode, 403)
        assert.deepEqual(answer.json(), { message: 'Missing required User-Agent header.' })
        assert.equal(answer.headers['x-ratelimit-limit'], undefined)
      }
  })

  test('v2 and preflights do not need one', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const headers = { 'user-agent': '', authorization: `Bearer ${ada.token}`, host: '127.0.0.1:8080' }
    assert.equal((await vitrine.server.inject({ url: '/dribbble/v2/user', headers })).statusCode, 200)
    const preflight = await vitrine.server.inject({
      method: 'OPTIONS',
      url: '/dribbble/v1/users/ada',
      headers: { 'user-agent': '', origin: 'https://app.example' },
    })
    assert.equal(preflight.statusCode, 200)
  })
})
