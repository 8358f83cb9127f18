import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { issueNamedToken } from '../../../src/identity/named-tokens.ts'
import { desktopApp, refusedAs, startGimmebar, type Gimmebar } from '../../helpers/start-gimmebar.ts'
import type { Answer } from '../../helpers/vitrine.ts'

type Parts = Record<string, string>
const hash = (algorithm: string, text: string) =>
  createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
    .update(text)
    .digest('hex')

async function withToken(bar: Gimmebar) {
  const ada = await bar.person('ada')
  const app = await desktopApp(bar, ada)
  const { access_token: token } = await app.tokens(ada)
  return { ada, token, ...digestClient(bar, token) }
}

/** Ada's client, with a token unless another is said. */
function digestClient(bar: Gimmebar, token = '') {
  const target = `${new URL(bar.base).pathname.replace(/\/$/, '')}/api/v1/auth/test`
  const nonce = async () => nonceOf(await bar.anonymous.get('auth/test'))
  /** What a client answers to a challenge, written here from RFC 7616. */
  const header = (nonceText: string, wrong: Parts = {}) => {
    const said: Parts = {
      username: 'ada',
      realm: 'GimmeBarAPI',
      nonce: nonceText,
      uri: target,
      algorithm: 'MD5',
      cnonce: '6897ccbf',
      nc: '00000001',
      qop: 'auth',
      ...wrong,
    }
    const { algorithm = 'MD5', verb = 'GET', secret = token } = wrong
    const a1 = hash(algorithm, `${said['username']}:${said['realm']}:${secret}`)
    const a2 = hash(algorithm, `${verb}:${said['uri']}`)
    const middle = [nonceText, said['nc'], said['cnonce'], said['qop']].join(':')
    const response = hash(algorithm, `${a1}:${middle}:${a2}`)
    const parts: Parts = { ...said, response }
    delete parts['verb']
    delete parts['secret']
    return `Digest ${Object.entries(parts)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => (name === 'nc' ? `nc=${value}` : `${name}="${value}"`))
      .join(', ')}`
  }
  const ask = (authorization: string, more: Record<string, string> = {}) =>
    bar.anonymous.get('auth/test', { authorization, ...more })
  return { nonce, header, ask }
}

const challengesOf = (answer: Answer) => [answer.headers['www-authenticate'] ?? []].flat()
const nonceOf = (answer: Answer) => /nonce="([0-9a-f]{32})"/.exec(challengesOf(answer).join())?.[1] ?? ''
const isStale = (answer: Answer) => challengesOf(answer).some((one) => one.includes('stale=true'))

describe('HTTP Digest', () => {
  test('is offered with SHA-256 and MD5, Basic and Bearer after it; not to scripts in a page', async () => {
    await using bar = await startGimmebar()
    const answer = await bar.anonymous.get('auth/test')
    refusedAs(answer, 401, 'NOT_AUTHORIZED')
    const schemes = challengesOf(answer).map(
      (one) => `${one.split(' ')[0]} ${/algorithm=([\w-]+)/.exec(one)?.[1] ?? ''}`,
    )
    assert.deepEqual(schemes, ['Digest SHA-256', 'Digest MD5', 'Basic ', 'Bearer '])
    const toScript = await bar.anonymous.get('auth/test', { 'x-requested-with': 'XMLHttpRequest' })
    assert.deepEqual(challengesOf(toScript), ['Bearer realm="GimmeBarAPI"'])
  })

  test('works with MD5 and SHA-256, for counts in any order, each once', async () => {
    await using bar = await startGimmebar()
    const { nonce, header, ask } = await withToken(bar)
    const given = await nonce()
    for (const nc of ['00000001', '00000005', '00000003', '000000ff'])
      assert.equal((await ask(header(given, { nc }))).statusCode, 200, nc)
    for (const nc of ['00000001', '00000003', '00000005']) {
      const replayed = await ask(header(given, { nc }))
      refusedAs(replayed, 401, 'NOT_AUTHORIZED')
      assert.equal(isStale(replayed), true, nc)
    }
    assert.equal((await ask(header(await nonce(), { algorithm: 'SHA-256' }))).statusCode, 200)
  })

  test('a count far behind the highest is a replay, whether it was used or not', async () => {
    await using bar = await startGimmebar()
    const { nonce, header, ask } = await withToken(bar)
    const given = await nonce()
    assert.equal((await ask(header(given, { nc: '00000200' }))).statusCode, 200)
    assert.equal((await ask(header(given, { nc: '00000101' }))).statusCode, 200)
    const late = await ask(header(given, { nc: '00000100' }))
    assert.deepEqual([late.statusCode, isStale(late)], [401, true])
    const none = await ask(header(await nonce(), { nc: '00000000' }))
    assert.deepEqual([none.statusCode, isStale(none)], [401, true])
  })

  test('a wrong answer does not use up its count', async () => {
    await using bar = await startGimmebar()
    const { nonce, header, ask } = await withToken(bar)
    const given = await nonce()
    assert.equal((await ask(header(given, { secret: '0'.repeat(32) }))).statusCode, 401)
    assert.equal((await ask(header(given))).statusCode, 200)
  })

  test('what the challenge held comes back as it was, or not at all', async () => {
    await using bar = await startGimmebar()
    const { nonce, header, ask } = await withToken(bar)
    const challenge = challengesOf(await bar.anonymous.get('auth/test')).join()
    const opaque = /opaque="([0-9a-f]{32})"/.exec(challenge)?.[1] ?? ''
    assert.equal((await ask(header(await nonce(), { opaque }))).statusCode, 200)
    const changed = await ask(header(await nonce(), { opaque: '0'.repeat(32) }))
    refusedAs(changed, 401, 'NOT_AUTHORIZED')
    assert.equal(isStale(changed), false)
  })

  test('works with the newest twenty tokens of a person; others are used as Bearer or Basic', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const given = { accountId: ada.id, appId: ada.appId, scopes: ['public'] }
    const tokens: string[] = []
    for (let n = 0; n < 21; n += 1) tokens.push(await issueNamedToken(bar.vitrine.ctx, given, 'GimmeBarAPI'))
    const { nonce, header, ask } = digestClient(bar)
    const [oldest = '', second = ''] = tokens
    assert.equal((await ask(header(await nonce(), { secret: second }))).statusCode, 200)
    assert.equal((await ask(header(await nonce(), { secret: tokens.at(-1) ?? '' }))).statusCode, 200)
    assert.equal((await ask(header(await nonce(), { secret: oldest }))).statusCode, 401)
    assert.equal((await ask(`Bearer ${oldest}`)).statusCode, 200)
  })

  test('an old nonce and one of another server are stale; a client gets a new one', async () => {
    await using bar = await startGimmebar()
    const { nonce, header, ask } = await withToken(bar)
    const old = await nonce()
    bar.clock.advance(300)
    const answer = await ask(header(old))
    assert.deepEqual([answer.statusCode, isStale(answer)], [401, true])
    assert.equal((await ask(header(nonceOf(answer)))).statusCode, 200)
    const seconds = Math.floor(bar.clock.now().getTime() / 1000).toString(16)
    const forged = await ask(header(seconds.padStart(8, '0') + '0'.repeat(24)))
    assert.deepEqual([forged.statusCode, isStale(forged)], [401, true])
  })

  const wrongs: [string, Parts][] = [
    ['another address', { uri: '/api/v1/tags' }],
    ['another verb', { verb: 'POST' }],
    ['another realm', { realm: 'Other' }],
    ['no qop', { qop: '' }],
    ['qop=auth-int', { qop: 'auth-int' }],
    ['an unknown algorithm', { algorithm: 'SHA-512-256' }],
    ['MD5-sess', { algorithm: 'MD5-sess' }],
    ['another user', { username: 'grace' }],
    ['a wrong token', { secret: '0'.repeat(32) }],
    ['no cnonce', { cnonce: '' }],
    ['a count that is none', { nc: '1' }],
  ]
  for (const [name, wrong] of wrongs)
    test(`is refused for ${name}, which is not stale`, async () => {
      await using bar = await startGimmebar()
      const { nonce, header, ask } = await withToken(bar)
      await bar.person('grace')
      const answer = await ask(header(await nonce(), wrong))
      refusedAs(answer, 401, 'NOT_AUTHORIZED')
      assert.equal(isStale(answer), false)
    })

  test('ends with the token', async () => {
    await using bar = await startGimmebar()
    const { nonce, header, ask } = await withToken(bar)
    assert.equal((await ask(header(await nonce()))).statusCode, 200)
    await bar.vitrine.ctx.db.updateTable('token').set({ revoked_ms: 1 }).execute()
    assert.equal((await ask(header(await nonce()))).statusCode, 401)
  })

  test('keeps nothing readable in the database', async () => {
    await using bar = await startGimmebar()
    const { token } = await withToken(bar)
    const { sealed } = await bar.vitrine.ctx.db
      .selectFrom('token_digest')
      .selectAll()
      .executeTakeFirstOrThrow()
    const plain = hash('MD5', `ada:GimmeBarAPI:${token}`)
    assert.equal(Buffer.from(sealed, 'base64url').includes(plain), false)
  })
})

describe('HTTP Basic', () => {
  const basic = (text: string | Buffer) => `Basic ${Buffer.from(text).toString('base64')}`

  test('takes the username, in any case of letters, with a token of theirs', async () => {
    await using bar = await startGimmebar()
    const { token, ask } = await withToken(bar)
    const grace = await bar.person('grace')
    assert.equal((await ask(basic(`Ada:${token}`))).statusCode, 200)
    for (const wrong of [
      `grace:${token}`,
      `ada:${grace.token}`,
      'ada:',
      'ada',
      ':',
      `:${token}`,
      'ada:password',
      Buffer.from([0x61, 0xff, 0x3a, 0xfe]),
    ])
      refusedAs(await ask(basic(wrong)), 401, 'NOT_AUTHORIZED')
    for (const header of [
      'Basic',
      'Basic %%%',
      'Other x',
      'Bearer',
      `Bearer ${token}x`,
      'Digest',
      'Digest x',
    ])
      assert.equal((await ask(header)).statusCode, 401, header)
  })

  test('sent along by a browser for another site’s page, it counts for nothing', async () => {
    await using bar = await startGimmebar()
    const { token, ask } = await withToken(bar)
    const from = (mode: string) => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode })
    assert.equal((await ask(basic(`ada:${token}`), from('no-cors'))).statusCode, 401)
    assert.equal((await ask(basic(`ada:${token}`), from('navigate'))).statusCode, 401)
    assert.equal((await ask(basic(`ada:${token}`), from('cors'))).statusCode, 200)
    assert.equal((await ask(`Bearer ${token}`, from('no-cors'))).statusCode, 200)
  })
})

describe('scripts of other sites', () => {
  test('get * and never credentials; a cookie means nothing', async () => {
    await using bar = await startGimmebar()
    const answer = await bar.anonymous.get('auth/test', {
      origin: 'https://app.example',
      cookie: 'session=x',
    })
    assert.equal(answer.statusCode, 401)
    assert.equal(answer.headers['access-control-allow-origin'], '*')
    assert.equal(answer.headers['access-control-allow-credentials'], undefined)
    const preflight = await bar.anonymous.send('OPTIONS', 'auth/test', undefined, {
      headers: {
        origin: 'app://com.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization, x-requested-with',
      },
    })
    assert.equal(preflight.statusCode, 200)
    assert.equal(preflight.headers['access-control-allow-headers'], 'authorization, x-requested-with')
    assert.equal(preflight.headers['access-control-allow-methods'], 'OPTIONS, GET')
  })
})
