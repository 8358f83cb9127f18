import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { approve } from '../../../src/identity/authorization.ts'
import { registerApp } from '../../../src/identity/apps.ts'
import { openTicket } from '../../../src/identity/ticket.ts'
import { dataOf, startTookapic, type Tookapic } from '../../helpers/start-tookapic.ts'
import type { Answer } from '../../helpers/vitrine.ts'

const CALLBACK = 'https://app.example/callback'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

interface Tokens {
  access_token: string
  token_type: string
  expires_in: number
  refresh_token: string
  scope: string
}

async function withApp(tookapic: Tookapic, name = 'An application') {
  const ada = await tookapic.person(`owner${name.length}`)
  const { app, clientSecret } = await registerApp(tookapic.vitrine.ctx, ada.id, {
    name,
    redirectUri: CALLBACK,
  })
  const client = { client_id: app.clientId, client_secret: clientSecret ?? '' }
  const authorize = (more: Record<string, string> = {}) => {
    const asked = {
      client_id: app.clientId,
      redirect_uri: CALLBACK,
      state: 's 1&2',
      response_type: 'code',
      ...more,
    }
    return tookapic.anonymous.get(`/oauth2/authorize?${new URLSearchParams(asked).toString()}`)
  }
  /** A code that the person has just consented to; whoever consents does so on the library's own page. */
  const code = async (more: Record<string, string> = {}) => {
    const { ctx } = tookapic.vitrine
    const sealed = new URL(String((await authorize(more)).headers.location)).pathname.split('/').at(-1)
    const ticket = openTicket(ctx.secret, sealed ?? '', ctx.clock())
    assert.ok(ticket)
    return approve(ctx, ada.id, ticket.request, ticket.request.scopes ?? ticket.request.defaultScopes)
  }
  const token = (said: Record<string, string>) =>
    tookapic.anonymous.send('POST', '/oauth2/token', undefined, {
      payload: new URLSearchParams({ ...client, ...said }).toString(),
      headers: FORM,
    })
  const tokens = async (): Promise<Tokens> =>
    (await token({ code: (await code()).code, redirect_uri: CALLBACK })).json<Tokens>()
  return { ada, client, authorize, code, token, tokens }
}

const works = async ({ anonymous }: Tookapic, accessToken: string) =>
  (await anonymous.get('/user', { authorization: `Bearer ${accessToken}` })).statusCode

function refusedAs(answer: Answer, error: string, status = 400): void {
  assert.deepEqual([answer.statusCode, answer.json<{ error: string }>().error], [status, error])
  assert.equal(answer.headers['cache-control'], 'no-store')
}

describe('GET /oauth2/authorize', () => {
  test('leads to the consent page, and from there back with code and state', async () => {
    await using tookapic = await startTookapic()
    const { authorize, code } = await withApp(tookapic)
    const answer = await authorize()
    assert.equal(answer.statusCode, 303)
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.ok(String(answer.headers.location).startsWith(`${tookapic.pages}/authorize/`))
    const { location } = await code()
    const url = new URL(location)
    assert.equal(url.origin + url.pathname, CALLBACK)
    assert.deepEqual([...url.searchParams.keys()], ['code', 'state'])
    assert.equal(url.searchParams.get('state'), 's 1&2')
  })

  test('all four parameters are required', async () => {
    await using tookapic = await startTookapic()
    const { authorize } = await withApp(tookapic)
    for (const name of ['state', 'redirect_uri', 'response_type']) {
      const answer = await authorize({ [name]: '' })
      const url = new URL(String(answer.headers.location))
      assert.deepEqual(
        [answer.statusCode, url.origin + url.pathname, url.searchParams.get('error')],
        [302, CALLBACK, 'invalid_request'],
        name,
      )
    }
    assert.equal((await authorize({ client_id: '' })).statusCode, 400)
    const implicit = new URL(String((await authorize({ response_type: 'token' })).headers.location))
    assert.equal(implicit.searchParams.get('error'), 'unsupported_response_type')
  })

  test('an address that is not registered gets nothing, not even an error', async () => {
    await using tookapic = await startTookapic()
    const { authorize } = await withApp(tookapic)
    for (const uri of [
      'https://evil.example/',
      `${CALLBACK}/more`,
      `${CALLBACK}?x=1`,
      'javascript:alert(1)',
    ]) {
      const answer = await authorize({ redirect_uri: uri })
      assert.deepEqual([answer.statusCode, answer.headers.location], [400, undefined], uri)
      assert.match(String(answer.headers['content-type']), /^text\/html/)
    }
  })
})

describe('POST /oauth2/token', () => {
  test('gives access_token, token_type "Bearer", expires_in 3600 and refresh_token; grant_type may be left out', async () => {
    await using tookapic = await startTookapic()
    const { ada, code, token } = await withApp(tookapic)
    for (const grant of [{}, { grant_type: 'authorization_code' }]) {
      const answer = await token({ code: (await code()).code, redirect_uri: CALLBACK, ...grant })
      assert.equal(answer.statusCode, 200)
      assert.deepEqual(
        [
          answer.headers['content-type'],
          answer.headers['cache-control'],
          answer.headers['x-ratelimit-limit'],
        ],
        ['application/json', 'no-store', undefined],
      )
      const given = answer.json<Tokens>()
      assert.deepEqual(Object.keys(given), [
        'access_token',
        'token_type',
        'expires_in',
        'refresh_token',
        'scope',
      ])
      assert.deepEqual(
        [given.token_type, given.expires_in, given.scope],
        ['Bearer', 3600, 'comment public upload write'],
      )
      const self = await tookapic.anonymous.get(`/user?access_token=${given.access_token}`)
      assert.equal(dataOf(self)['username'], ada.login)
    }
  })

  test('parameters come as a form, as JSON, in the query; the client by Basic too', async () => {
    await using tookapic = await startTookapic()
    const { code, client } = await withApp(tookapic)
    const { anonymous } = tookapic
    const said = async () => ({ ...client, code: (await code()).code, redirect_uri: CALLBACK })
    assert.equal((await anonymous.send('POST', '/oauth2/token', await said())).statusCode, 200)
    const query = new URLSearchParams(await said()).toString()
    assert.equal((await anonymous.send('POST', `/oauth2/token?${query}`)).statusCode, 200)
    const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')
    const { code: last, redirect_uri } = await said()
    const answer = await anonymous.send(
      'POST',
      '/oauth2/token',
      { code: last, redirect_uri },
      { headers: { 'content-type': 'application/json', authorization: `Basic ${basic}` } },
    )
    assert.equal(answer.statusCode, 200)
    assert.equal((await anonymous.get('/oauth2/token')).statusCode, 405)
  })

  test('an access token ends after its hour', async () => {
    await using tookapic = await startTookapic()
    const { tokens } = await withApp(tookapic)
    const { access_token: access } = await tokens()
    tookapic.clock.advance(3599)
    assert.equal(await works(tookapic, access), 200)
    // Tokens seen lately are looked at again every minute.
    tookapic.clock.advance(60)
    assert.equal(await works(tookapic, access), 401)
  })

  test('what cannot be exchanged is refused in the words of RFC 6749', async () => {
    await using tookapic = await startTookapic()
    const { code, token } = await withApp(tookapic)
    refusedAs(await token({ client_secret: 'x', code: 'x' }), 'invalid_client', 401)
    refusedAs(await token({ redirect_uri: CALLBACK }), 'invalid_request')
    refusedAs(await token({ code: 'x', redirect_uri: CALLBACK }), 'invalid_grant')
    refusedAs(await token({ code: 'x', grant_type: 'password' }), 'invalid_request')
    refusedAs(await token({ grant_type: 'refresh_token' }), 'invalid_request')
    const once = { code: (await code()).code, redirect_uri: CALLBACK }
    refusedAs(await token({ ...once, redirect_uri: '' }), 'invalid_grant')
    refusedAs(await token({ ...once, redirect_uri: 'https://evil.example/' }), 'invalid_grant')
    const { access_token: access } = (await token(once)).json<Tokens>()
    // A second use of the code takes back what the first one gave.
    refusedAs(await token(once), 'invalid_grant')
    assert.equal(await works(tookapic, access), 401)
  })
})

// "Refresh tokens rotate; reuse revokes the family".
describe('refresh tokens', () => {
  const refresh = (token: string, more = {}) => ({ refresh_token: token, ...more })

  test('give new tokens, with or without grant_type; the old one stops', async () => {
    await using tookapic = await startTookapic()
    const { tokens, token } = await withApp(tookapic)
    const first = await tokens()
    tookapic.clock.advance(7200)
    const second = (await token(refresh(first.refresh_token, { grant_type: 'refresh_token' }))).json<Tokens>()
    assert.equal(await works(tookapic, second.access_token), 200)
    assert.notEqual(second.refresh_token, first.refresh_token)
    const third = (await token(refresh(second.refresh_token))).json<Tokens>()
    assert.equal(await works(tookapic, third.access_token), 200)
    assert.equal(third.scope, first.scope)
  })

  test('used twice, all that came from the same consent is revoked', async () => {
    await using tookapic = await startTookapic()
    const { tokens, token } = await withApp(tookapic)
    const first = await tokens()
    const other = await tokens()
    const second = (await token(refresh(first.refresh_token))).json<Tokens>()
    refusedAs(await token(refresh(first.refresh_token)), 'invalid_grant')
    assert.equal(await works(tookapic, second.access_token), 401)
    refusedAs(await token(refresh(second.refresh_token)), 'invalid_grant')
    // Another consent is another family.
    assert.equal(await works(tookapic, other.access_token), 200)
  })

  test('of ten at once one is answered', async () => {
    await using tookapic = await startTookapic()
    const { tokens, token } = await withApp(tookapic)
    const { refresh_token: secret } = await tokens()
    const answers = await Promise.all(Array.from({ length: 10 }, () => token(refresh(secret))))
    assert.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 1)
  })

  test('the scope cannot grow, but shrink', async () => {
    await using tookapic = await startTookapic()
    const { code, token } = await withApp(tookapic)
    const given = (
      await token({ code: (await code({ scope: 'public write' })).code, redirect_uri: CALLBACK })
    ).json<Tokens>()
    assert.equal(given.scope, 'public write')
    refusedAs(await token(refresh(given.refresh_token, { scope: 'public upload' })), 'invalid_scope')
    const less = (await token(refresh(given.refresh_token, { scope: 'public' }))).json<Tokens>()
    assert.equal(less.scope, 'public')
    const headers = { authorization: `Bearer ${less.access_token}` }
    assert.equal((await tookapic.anonymous.send('PUT', '/user', { bio: 'x' }, { headers })).statusCode, 403)
  })

  test('another client’s, one that was revoked and one that is too old are no good; neither is one as an access token', async () => {
    await using tookapic = await startTookapic()
    const mine = await withApp(tookapic)
    const other = await withApp(tookapic, 'Another application')
    const { refresh_token: secret } = await mine.tokens()
    refusedAs(await other.token(refresh(secret)), 'invalid_grant')
    assert.equal(await works(tookapic, secret), 401)
    tookapic.clock.advance(90 * 86_400)
    refusedAs(await mine.token(refresh(secret)), 'invalid_grant')
    const fresh = await mine.tokens()
    await tookapic.vitrine.ctx.db.updateTable('token').set({ revoked_ms: 1 }).execute()
    refusedAs(await mine.token(refresh(fresh.refresh_token)), 'invalid_grant')
  })
})
