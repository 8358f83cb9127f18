import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startTookapic } from '../../helpers/start-tookapic.ts'

const epoch = (iso: string) => String(Date.parse(iso) / 1000)

describe('Rate Limiting', () => {
  test('"For requests using OAuth, … 1000 requests per hour. For unauthenticated requests, … 50 requests per 15 minutes"', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const limits = ({ headers }: { headers: Record<string, unknown> }) =>
      ['limit', 'remaining', 'reset'].map((name) => headers[`x-ratelimit-${name}`])
    assert.deepEqual(limits(await ada.get('/users')), ['1000', '999', epoch('2026-03-04T06:00:00Z')])
    assert.deepEqual(limits(await ada.get('/users')), ['1000', '998', epoch('2026-03-04T06:00:00Z')])
    const open = await tookapic.anonymous.get('/users')
    assert.deepEqual(limits(open), ['50', '49', epoch('2026-03-04T05:15:00Z')])
  })

  test('"Once you go over the rate limit you will receive an error response"', async () => {
    await using tookapic = await startTookapic()
    const { anonymous, clock } = tookapic
    for (let n = 0; n < 50; n += 1) assert.equal((await anonymous.get('/users')).statusCode, 200)
    const refused = await anonymous.get('/users')
    assert.equal(refused.statusCode, 403)
    assert.equal(refused.body, '{"message":"403 Forbidden","status_code":403}')
    assert.equal(refused.headers['content-type'], 'application/json')
    assert.equal(refused.headers['x-ratelimit-limit'], '50')
    assert.equal(refused.headers['x-ratelimit-remaining'], '0')
    assert.equal(refused.headers['x-ratelimit-reset'], epoch('2026-03-04T05:15:00Z'))
    assert.equal(refused.headers['retry-after'], String(8 * 60 + 53))
    assert.equal(refused.headers['etag'], undefined)

    // "X-RateLimit-Reset: The time at which the current rate limit window resets"
    clock.set('2026-03-04T05:14:59Z')
    assert.equal((await anonymous.get('/users')).statusCode, 403)
    clock.set('2026-03-04T05:15:00Z')
    assert.equal((await anonymous.get('/users')).statusCode, 200)
  })

  test('with a token the thousand and first is refused, until the hour ends', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const bob = await tookapic.person('bob')
    for (let n = 0; n < 1000; n += 1) await ada.get('/user')
    assert.equal((await ada.get('/user')).statusCode, 403)
    assert.equal((await bob.get('/user')).statusCode, 200)
    tookapic.clock.set('2026-03-04T06:00:00Z')
    assert.equal((await ada.get('/user')).headers['x-ratelimit-remaining'], '999')
  })

  test('of 120 at once exactly 50 pass', async () => {
    await using tookapic = await startTookapic()
    const answers = await Promise.all(Array.from({ length: 120 }, () => tookapic.anonymous.get('/tags')))
    assert.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 50)
  })

  test('every call counts: errors, writes, a 304, a token that is no good', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const { anonymous } = tookapic
    const left = (answer: { headers: Record<string, unknown> }) => answer.headers['x-ratelimit-remaining']
    const first = await anonymous.get('/users')
    const etag = String(first.headers.etag)
    assert.equal(left(first), '49')
    assert.equal(left(await anonymous.get('/users', { 'if-none-match': etag })), '48')
    assert.equal(left(await anonymous.get('/users/nobody')), '47')
    assert.equal(left(await anonymous.get('/users', { accept: 'application/vnd.tookapic.v1+json' })), '46')
    assert.equal(left(await anonymous.get('/users', { authorization: 'Bearer x' })), '45')
    assert.equal(left(await anonymous.send('PUT', '/users/ada/follow')), '44')
    assert.equal(left(await anonymous.send('DELETE', '/users')), '43')
    assert.equal(left(await anonymous.get('/users?callback=1')), '42')
    assert.equal(left(await ada.send('PUT', '/user', { bio: 'x' })), '999')
    // What people's browsers ask for by themselves is not a call.
    await anonymous.get(`/images/avatars/${ada.id}.png`)
    await anonymous.request({ method: 'OPTIONS', url: '/users', headers: { origin: 'https://app.example' } })
    assert.equal(left(await anonymous.get('/users')), '41')
  })

  test('limits of one’s own, and none at all', async () => {
    const own = async (limits: string) => {
      await using tookapic = await startTookapic({ settings: { VITRINE_TOOKAPIC_LIMITS: limits } })
      const ada = await tookapic.person('ada')
      const answers = [await tookapic.anonymous.get('/users'), await ada.get('/users')]
      return answers.map(({ headers }) => headers['x-ratelimit-limit'])
    }
    assert.deepEqual(await own('7/60,900/86400'), ['7', '7'])
    assert.deepEqual(await own('off'), [undefined, undefined])
  })
})
