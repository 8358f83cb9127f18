import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startVitrine } from '../../helpers/vitrine.ts'

/** Headers that may differ between two answers to the same question. */
const OWN = ['date', 'connection', 'keep-alive', 'x-ratelimit-remaining']

function withoutOwn(headers: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !OWN.includes(name))
      .map(([name, value]) => [name, String(value)]),
  )
}

test('an answer from memory is the one that was rendered, header by header, and is paid for', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const headers = { origin: 'https://app.example' }
  for (const path of ['/v1/users/ada', '/v2/user', '/v2/user/shots?per_page=2']) {
    const rendered = await ada.get(path, { headers })
    const kept = await ada.get(path, { headers })
    assert.equal(rendered.statusCode, 200)
    assert.equal(kept.statusCode, 200)
    assert.equal(kept.body, rendered.body)
    assert.deepEqual(withoutOwn(kept.headers), withoutOwn(rendered.headers))
    const left = (answer: typeof kept) => Number(answer.headers['x-ratelimit-remaining'])
    assert.equal(left(kept), left(rendered) - 1)

    const head = await ada.request({ method: 'HEAD', url: path, headers })
    assert.equal(head.body, '')
    assert.deepEqual(withoutOwn(head.headers), withoutOwn(rendered.headers))

    const unchanged = await ada.get(path, {
      headers: { ...headers, 'if-none-match': String(kept.headers.etag) },
    })
    assert.equal(unchanged.statusCode, 304)
    assert.equal(unchanged.body, '')
    assert.equal(left(unchanged), left(head))
    const {
      'content-type': _type,
      'content-length': _length,
      status: _status,
      ...shared
    } = withoutOwn(kept.headers)
    assert.deepEqual(withoutOwn(unchanged.headers), { ...shared, status: '304 Not Modified' })
  }
})

test('an answer in memory is for whoever may see it still', async () => {
  await using vitrine = await startVitrine({ settings: { VITRINE_DRIBBBLE_V2_LIMITS: '2/3600' } })
  const ada = await vitrine.person('ada')
  const kept = await ada.get('/v2/user')
  assert.equal((await ada.get('/v2/user')).statusCode, 200)
  const refused = await ada.get('/v2/user')
  assert.equal(refused.statusCode, 429)
  assert.equal(refused.headers['x-ratelimit-remaining'], '0')
  assert.equal(typeof refused.headers['retry-after'], 'string')
  assert.equal(refused.headers.etag, undefined)
  assert.equal((await vitrine.anonymous.get('/v2/user')).statusCode, 401)
  const again = { headers: { 'if-none-match': String(kept.headers.etag) } }
  assert.equal((await ada.get('/v2/user', again)).statusCode, 304)
})
