import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startVitrine } from '../../helpers/vitrine.ts'

describe('Conditional requests', () => {
  test('the sample of the page: ETag, Last-Modified, 304 by either, remaining unchanged', async () => {
    await using vitrine = await startVitrine()
    await vitrine.person('ada')
    const { anonymous } = vitrine
    const first = await anonymous.get('/v1/users/ada')
    const etag = String(first.headers.etag)
    assert.equal(first.headers['last-modified'], 'Wed, 04 Mar 2026 05:06:07 GMT')
    assert.equal(first.headers['x-ratelimit-remaining'], '59')

    for (const headers of [
      { 'if-none-match': etag },
      { 'if-none-match': `"other", W/${etag}` },
      { 'if-none-match': '*' },
      { 'if-modified-since': 'Wed, 04 Mar 2026 05:06:07 GMT' },
    ]) {
      const again = await anonymous.get('/v1/users/ada', { headers })
      assert.equal(again.statusCode, 304)
      assert.equal(again.body, '')
      assert.equal(again.headers.etag, etag)
      assert.equal(again.headers['last-modified'], 'Wed, 04 Mar 2026 05:06:07 GMT')
      assert.equal(again.headers['x-ratelimit-remaining'], '59')
    }
    const both = await anonymous.get('/v1/users/ada', {
      headers: { 'if-none-match': '"other"', 'if-modified-since': 'Wed, 04 Mar 2026 05:06:07 GMT' },
    })
    assert.equal(both.statusCode, 200)
    assert.equal(both.headers['x-ratelimit-remaining'], '58')
  })

  test('past the limit a 304 is still free, and anything else is refused', async () => {
    await using vitrine = await startVitrine()
    await vitrine.person('ada')
    const { anonymous } = vitrine
    const etag = String((await anonymous.get('/v1/users/ada')).headers.etag)
    for (let n = 0; n < 59; n += 1) await anonymous.get('/v1/users/ada')
    assert.equal(
      (await anonymous.get('/v1/users/ada', { headers: { 'if-none-match': etag } })).statusCode,
      304,
    )
    const refused = await anonymous.get('/v1/users/ada', { headers: { 'if-none-match': '"other"' } })
    assert.equal(refused.statusCode, 403)
    assert.equal(refused.headers.etag, undefined)
    assert.deepEqual(refused.json(), { message: 'API rate limit exceeded.' })
  })

  test('the tag changes with every byte, the caller and the callback', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const bob = await vitrine.person('bob')
    const tagOf = (answer: { headers: Record<string, unknown> }) => answer.headers['etag']
    const before = tagOf(await ada.get('/v1/users/ada'))
    assert.equal(tagOf(await ada.get('/v1/users/ada')), before)
    assert.notEqual(tagOf(await bob.get('/v1/users/ada')), before)
    assert.notEqual(
      tagOf(await ada.get('/v1/users/ada?callback=a')),
      tagOf(await ada.get('/v1/users/ada?callback=b')),
    )
    await bob.put('/v1/users/ada/follow')
    assert.notEqual(tagOf(await ada.get('/v1/users/ada')), before)
  })

  test('a token that is no longer good is 401, never 304', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const etag = String((await ada.get('/v1/user')).headers.etag)
    await vitrine.ctx.db.updateTable('token').set({ revoked_ms: 1 }).execute()
    assert.equal((await ada.get('/v1/user', { headers: { 'if-none-match': etag } })).statusCode, 401)
  })
})
