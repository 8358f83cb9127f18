import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { desktopApp, objectOf, refusedAs, startGimmebar } from '../../helpers/start-gimmebar.ts'

const AT = '2026-03-04T05:06:07.000Z'
const NOW = Date.parse(AT) / 1000

describe('the walk-through, byte for byte', () => {
  test('request token, consent, authorization token, access token', async () => {
    await using bar = await startGimmebar({ at: AT })
    const ada = await bar.person('ada')
    const app = await desktopApp(bar, ada)
    const client = { client_id: app.clientId, client_secret: app.clientSecret, type: 'app' }
    const asked = await bar.anonymous.send('POST', 'auth/token/request', client, {
      headers: {
        origin: 'app://com.example.authtester',
        'x-requested-with': 'XMLHttpRequest',
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      },
    })
    const { request_token: token } = asked.json<{ request_token: string }>()
    assert.match(token, /^[0-9a-f]{32}$/)
    assert.equal(asked.body, `{"request_token":"${token}","expires":${NOW + 900}}`)
    assert.deepEqual(
      [asked.headers['content-length'], asked.headers['content-type'], asked.headers['cache-control']],
      ['73', 'application/json; charset=utf-8', 'no-store'],
    )
    assert.equal(asked.headers['access-control-allow-origin'], '*')

    const page = await app.authorize(token)
    assert.equal(page.statusCode, 303)
    assert.ok(String(page.headers.location).startsWith(`${bar.pages}/authorize-device/`))
    bar.clock.advance(5)
    await app.decide(ada, token)
    bar.clock.advance(4)

    const exchanged = await app.code(token)
    const { code, expires } = exchanged.json<{ code: string; expires: number }>()
    assert.match(code, /^[0-9a-f]{32}$/)
    assert.equal(exchanged.body, `{"code":"${code}","expires":${expires}}`)
    // 15 minutes from the consent, not from the exchange.
    assert.deepEqual([exchanged.headers['content-length'], expires], ['64', NOW + 905])
    assert.equal((await app.code(token)).body, exchanged.body)

    const given = await app.access(code)
    const tokens = given.json<Record<string, string>>()
    assert.equal(
      given.body,
      `{"access_token":"${tokens['access_token']}","refresh_token":"${tokens['refresh_token']}",` +
        `"token_type":"bearer","expires_in":null,"user_id":"${tokens['user_id']}","username":"ada"}`,
    )
    for (const name of ['access_token', 'refresh_token', 'user_id'])
      assert.match(tokens[name] ?? '', /^[0-9a-f]{32}$/, name)
    // The page prints 210 bytes for a username of nine letters.
    assert.equal(given.headers['content-length'], String(210 - 9 + 3))

    const works = await bar.anonymous.get('auth/test', { authorization: `Bearer ${tokens['access_token']}` })
    assert.equal(works.body, '{"success":true}')
    const basic = Buffer.from(`ada:${tokens['access_token']}`).toString('base64')
    assert.equal((await bar.anonymous.get('auth/test', { authorization: `Basic ${basic}` })).statusCode, 200)
  })
})

describe('POST auth/token/:token_type, its table of errors', () => {
  test('each type asks for its words', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const app = await desktopApp(bar, ada)
    const { anonymous } = bar
    const client = { client_id: app.clientId, client_secret: app.clientSecret }
    const post = (type: string, form: Record<string, string>) =>
      anonymous.send('POST', `auth/token/${type}`, form)
    refusedAs(await post('other', client), 400, 'INVALID_INPUT', /token type/)
    refusedAs(await post('request', client), 400, 'INVALID_INPUT', /type must be "app"/)
    refusedAs(await post('request', { ...client, type: 'web' }), 400, 'INVALID_INPUT', /"app"/)
    refusedAs(await post('authorization', client), 400, 'INVALID_INPUT', /response_type must be "code"/)
    refusedAs(await post('access', { code: 'x' }), 400, 'INVALID_INPUT', /grant_type must be/)
    refusedAs(
      await post('request', { type: 'app', client_id: 'x', client_secret: 'x' }),
      400,
      'INVALID_INPUT',
      /Invalid client_id/,
    )
    refusedAs(
      await post('request', { ...client, type: 'app', client_secret: 'x' }),
      400,
      'INVALID_INPUT',
      /Invalid client_id/,
    )
    refusedAs(await post('access', { code: 'x', grant_type: 'authorization_code' }), 400, 'INVALID_INPUT')
  })

  test('an application that is not approved, where approval is asked for', async () => {
    await using bar = await startGimmebar({ settings: { VITRINE_GIMMEBAR_AUTO_APPROVE: 'off' } })
    const ada = await bar.person('ada')
    const app = await desktopApp(bar, ada, { approved: false })
    const client = { client_id: app.clientId, client_secret: app.clientSecret, type: 'app' }
    const answer = await bar.anonymous.send('POST', 'auth/token/request', client)
    refusedAs(answer, 400, 'INVALID_INPUT', /not approved/)
    const approved = await desktopApp(bar, ada)
    assert.match(await approved.requestToken(), /^[0-9a-f]{32}$/)
  })

  test('a token that waits, is denied, expired, unknown or another application’s gives no code', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const app = await desktopApp(bar, ada)
    const other = await desktopApp(bar, ada)
    const waiting = await app.requestToken()
    refusedAs(await app.code(waiting), 400, 'INVALID_INPUT', /has not been approved/)
    refusedAs(await app.code('0'.repeat(32)), 400, 'INVALID_INPUT', /Unknown/)
    const denied = await app.requestToken()
    await app.decide(ada, denied, false)
    refusedAs(await app.code(denied), 400, 'INVALID_INPUT', /denied/)
    // Decided once for all.
    assert.equal((await app.authorize(denied)).statusCode, 400)
    const approved = await app.requestToken()
    await app.decide(ada, approved)
    refusedAs(await other.code(approved), 400, 'INVALID_INPUT', /Unknown/)
    assert.equal((await other.authorize(waiting)).statusCode, 400)
    bar.clock.advance(900)
    refusedAs(await app.code(approved), 400, 'INVALID_INPUT', /expired/)
    refusedAs(await app.code(waiting), 400, 'INVALID_INPUT', /expired/)
    assert.equal((await app.authorize(waiting)).statusCode, 400)
  })

  test('a code is good once; a second use takes back what the first one gave', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const app = await desktopApp(bar, ada)
    const token = await app.requestToken()
    await app.decide(ada, token)
    const code = String(objectOf(await app.code(token))['code'])
    refusedAs(await app.access(code, { client_id: app.clientId, client_secret: 'x' }), 400, 'INVALID_INPUT')
    const { access_token: access } = objectOf(await app.access(code))
    const works = async () =>
      (await bar.anonymous.get('auth/test', { authorization: `Bearer ${String(access)}` })).statusCode
    assert.equal(await works(), 200)
    refusedAs(await app.access(code), 400, 'INVALID_INPUT')
    assert.equal(await works(), 401)
  })

  test('a refresh token gives new tokens, once', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const app = await desktopApp(bar, ada)
    const { refresh_token: refresh } = await app.tokens(ada)
    const client = { client_id: app.clientId, client_secret: app.clientSecret }
    const again = () =>
      bar.anonymous.send('POST', 'auth/token/access', {
        ...client,
        grant_type: 'refresh_token',
        refresh_token: refresh,
      })
    assert.match(String(objectOf(await again())['access_token']), /^[0-9a-f]{32}$/)
    refusedAs(await again(), 400, 'INVALID_INPUT')
  })

  test('parameters may come in the query with an empty body; the names of version 0 work', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const app = await desktopApp(bar, ada)
    const query = `client_id=${app.clientId}&client_secret=${app.clientSecret}`
    const asked = await bar.anonymous.send('POST', `auth/token/request.json?${query}&type=app`)
    assert.equal(asked.statusCode, 200, asked.body)
    const old = await bar.anonymous.send('POST', `/api/v0/auth/reqtoken?${query}`)
    assert.equal(old.statusCode, 200, old.body)
  })

  test('a body with LF line ends and no closing delimiter is read', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const app = await desktopApp(bar, ada)
    const part = (name: string, value: string) =>
      `--b0\nContent-Disposition: form-data; name="${name}"\n\n${value}\n`
    const fields =
      part('client_id', app.clientId) + part('client_secret', app.clientSecret) + part('type', 'app')
    const headers = { 'content-type': 'multipart/form-data; boundary=b0' }
    for (const payload of [fields, `${fields}--b0--`, fields.replaceAll('\n', '\r\n')]) {
      const answer = await bar.anonymous.send('POST', 'auth/token/request', undefined, { payload, headers })
      assert.equal(answer.statusCode, 200, answer.body)
    }
  })
})

describe('Authorization for web sites', () => {
  test('redirects with a code of 32 digits, which needs the credentials of the application', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const app = await desktopApp(bar, ada)
    const asked = new URLSearchParams({
      client_id: app.clientId,
      response_type: 'code',
      redirect_uri: 'https://app.example/callback',
      token: await app.requestToken(),
      state: 's',
    })
    const answer = await bar.anonymous.get(`/authorize?${asked.toString()}`)
    assert.equal(answer.statusCode, 303)
    assert.ok(String(answer.headers.location).startsWith(`${bar.pages}/authorize/`))
    const { openTicket } = await import('../../../src/identity/ticket.ts')
    const { approve } = await import('../../../src/identity/authorization.ts')
    const { ctx } = bar.vitrine
    const sealed = new URL(String(answer.headers.location)).pathname.split('/').at(-1) ?? ''
    const ticket = openTicket(ctx.secret, sealed, ctx.clock())
    assert.ok(ticket)
    const { code, location } = await approve(ctx, ada.id, ticket.request, ticket.request.defaultScopes)
    assert.match(code, /^[0-9a-f]{32}$/)
    assert.equal(location, `https://app.example/callback?code=${code}&state=s`)
    refusedAs(await app.access(code), 400, 'INVALID_INPUT', /client_id/)
    const more = { client_id: app.clientId, client_secret: app.clientSecret }
    assert.equal(objectOf(await app.access(code, more))['username'], 'ada')
    asked.set('redirect_uri', 'https://evil.example/')
    assert.equal((await bar.anonymous.get(`/authorize?${asked.toString()}`)).statusCode, 400)
  })
})
