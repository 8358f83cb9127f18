import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { revokeToken } from '../../src/identity/tokens.ts'
import { startVitrine, type Vitrine } from '../helpers/vitrine.ts'

const HOST = '127.0.0.1:8080'

/** One read of each face, with a token where the face takes one. */
const READS = {
  dribbble: { path: '/dribbble/v2/user/shots', isSigned: true },
  derpibooru: { path: '/derpibooru/search.json?q=created_at.gte:2000', isSigned: false },
  tookapic: { path: '/tookapic/photos', isSigned: true },
  gimmebar: { path: '/gimmebar/api/v1/assets', isSigned: true },
}

const reader =
  ({ server }: Vitrine, url: string) =>
  (token: string | null, more: Record<string, string> = {}) => {
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` }
    return server.inject({ url, headers: { host: HOST, 'user-agent': 'tests', ...authorization, ...more } })
  }

/** Headers that may differ between two answers to the same question. */
const OWN = ['date', 'connection', 'keep-alive', 'x-ratelimit-remaining']
const shared = (headers: object) =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !OWN.includes(name))
      .map(([name, value]) => [name, String(value)]),
  )

for (const [face, { path, isSigned }] of Object.entries(READS))
  describe(`a read of ${face} that is answered again`, () => {
    test('is the same, counted like the first, and 304 for who has it', async () => {
      await using vitrine = await startVitrine()
      const ada = await vitrine.person('ada')
      await vitrine.upload(ada)
      const read = reader(vitrine, path)
      const token = isSigned ? ada.token : null
      const page = { origin: 'https://app.example' }
      const first = await read(token, page)
      const second = await read(token, page)
      assert.deepEqual([first.statusCode, second.statusCode], [200, 200], first.body)
      assert.equal(second.body, first.body)
      assert.deepEqual(shared(second.headers), shared(first.headers))
      const left = ({ headers }: typeof first) => Number(headers['x-ratelimit-remaining'] ?? 0)
      assert.equal(left(first) - left(second), first.headers['x-ratelimit-limit'] === undefined ? 0 : 1)
      const unchanged = await read(token, { ...page, 'if-none-match': String(first.headers.etag) })
      assert.deepEqual([unchanged.statusCode, unchanged.body], [304, ''])
      assert.equal(unchanged.headers.etag, first.headers.etag)
      assert.equal(unchanged.headers['content-type'], undefined)
      assert.equal(
        unchanged.headers['access-control-allow-origin'],
        first.headers['access-control-allow-origin'],
      )
      assert.equal((await read(token)).headers['access-control-allow-origin'], undefined)
    })

    test('tells what was written in between, and to each what is theirs', async () => {
      await using vitrine = await startVitrine()
      const [ada, bob] = [await vitrine.person('ada'), await vitrine.person('bob')]
      const read = reader(vitrine, path)
      const token = isSigned ? ada.token : null
      const before = await read(token)
      assert.equal((await read(token)).body, before.body)
      await vitrine.upload(ada)
      const after = await read(token)
      assert.notEqual(after.body, before.body)
      assert.equal((await read(token)).body, after.body)

      const elsewhere = await read(token, { host: 'elsewhere.test' })
      assert.ok(elsewhere.body.includes('http://elsewhere.test'), elsewhere.body)
      if (!isSigned) return
      const his = await read(bob.token)
      assert.equal(his.statusCode, 200)
      if (face !== 'tookapic') assert.notEqual(his.body, after.body)
      await revokeToken(vitrine.ctx, ada.token, null)
      assert.equal((await read(ada.token)).statusCode, 401)
      assert.equal((await read(bob.token)).statusCode, 200)
    })
  })

test('past the limit a kept answer is refused like any other', async () => {
  await using vitrine = await startVitrine({ settings: { VITRINE_TOOKAPIC_LIMITS: '2/3600' } })
  const ada = await vitrine.person('ada')
  const read = reader(vitrine, READS.tookapic.path)
  const first = await read(ada.token)
  assert.equal((await read(ada.token)).statusCode, 200)
  const refused = await read(ada.token)
  assert.deepEqual([refused.statusCode, refused.headers['x-ratelimit-remaining']], [403, '0'])
  // A 304 is not free here.
  assert.equal((await read(ada.token, { 'if-none-match': String(first.headers.etag) })).statusCode, 403)
})

test('addresses without a token are counted one by one', async () => {
  await using vitrine = await startVitrine({ settings: { VITRINE_TOOKAPIC_LIMITS: '2/3600' } })
  const url = READS.tookapic.path
  const from = async (remoteAddress: string) =>
    (await vitrine.server.inject({ url, remoteAddress, headers: { host: HOST } })).statusCode
  assert.deepEqual([await from('192.0.2.1'), await from('192.0.2.1')], [200, 200])
  assert.deepEqual([await from('192.0.2.2'), await from('192.0.2.2')], [200, 200])
  assert.deepEqual([await from('192.0.2.1'), await from('192.0.2.2')], [403, 403])
})
