import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { clientAccessToken, judgeApp, registerApp } from '../../../src/identity/apps.ts'
import { approve } from '../../../src/identity/authorization.ts'
import { openTicket } from '../../../src/identity/ticket.ts'
import { addAccount } from '../../../src/library/accounts.ts'
import { startVitrine, type Vitrine } from '../../helpers/vitrine.ts'

// OAuth, "Web application flow". The pages between the two endpoints have tests of their own (test/web, test/browser).

const CALLBACK = 'https://app.example/callback'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

async function setting(vitrine: Vitrine, options: { isPublic?: boolean } = {}) {
  const { ctx } = vitrine
  const ada = await addAccount(ctx, { login: 'ada' })
  const { app, clientSecret } = await registerApp(ctx, ada.id, {
    name: 'Sketcher',
    redirectUri: CALLBACK,
    website: null,
    description: null,
    isPublic: options.isPublic ?? false,
  })
  const authorize = (params: Record<string, string>) =>
    vitrine.anonymous.get(`/oauth/authorize?${new URLSearchParams({ client_id: app.clientId, ...params })}`)
  /** A code, as the consent page would make it for this request. */
  const code = async (params: Record<string, string> = {}) => {
    const ticket = String((await authorize(params)).headers['location']).split('/authorize/')[1] ?? ''
    const opened = openTicket(ctx.secret, ticket, ctx.clock())
    assert.ok(opened, 'a ticket for the consent page')
    const made = await approve(
      ctx,
      ada.id,
      opened.request,
      opened.request.scopes ?? opened.request.defaultScopes,
    )
    return made.code
  }
  const credentials = { client_id: app.clientId, client_secret: clientSecret ?? '' }
  const token = (params: Record<string, string>) =>
    vitrine.anonymous.post('/oauth/token', undefined, {
      payload: new URLSearchParams({ ...credentials, ...params }).toString(),
      headers: FORM,
    })
  return { app, ada, authorize, code, token, credentials }
}

describe('GET /oauth/authorize', () => {
  test('leads to the consent page of the library, with or without a slash and response_type', async () => {
    await using vitrine = await startVitrine()
    const { app, authorize } = await setting(vitrine)
    for (const params of [
      {},
      { response_type: 'code', scope: 'public,upload', redirect_uri: CALLBACK, state: 'x' },
    ]) {
      const answer = await authorize(params)
      assert.equal(answer.statusCode, 303)
      assert.match(String(answer.headers['location']), /^http:\/\/127\.0\.0\.1:\d+\/authorize\/[\w.-]+$/)
      assert.equal(answer.headers['cache-control'], 'no-store')
      assert.equal(answer.headers['access-control-allow-origin'], undefined)
    }
    const slash = await vitrine.anonymous.get(`/oauth/authorize/?client_id=${app.clientId}`)
    assert.equal(slash.statusCode, 303)
  })

  test('errors go to the registered callback: invalid_redirect_uri, application_suspended', async () => {
    await using vitrine = await startVitrine()
    const { app, authorize } = await setting(vitrine)
    for (const redirect_uri of [
      'https://evil.example/callback',
      `${CALLBACK}/../x`,
      'https://app.example/callbacks',
    ]) {
      const location = new URL(String((await authorize({ redirect_uri, state: 's' })).headers['location']))
      assert.equal(location.origin + location.pathname, CALLBACK)
      assert.equal(location.searchParams.get('error'), 'invalid_redirect_uri')
      assert.equal(location.searchParams.get('state'), 's')
    }
    await judgeApp(vitrine.ctx, app.clientId, { suspended: true })
    const suspended = new URL(String((await authorize({})).headers['location']))
    assert.equal(suspended.searchParams.get('error'), 'application_suspended')
  })

  test('an unknown client is told to the person, nobody is sent anywhere', async () => {
    await using vitrine = await startVitrine()
    const answer = await vitrine.anonymous.get(
      '/oauth/authorize?client_id=nobody&redirect_uri=https://evil.example/',
    )
    assert.equal(answer.statusCode, 400)
    assert.equal(answer.headers['location'], undefined)
    assert.match(String(answer.headers['content-type']), /^text\/html/)
    assert.match(String(answer.headers['content-security-policy']), /frame-ancestors 'none'/)
  })
})

describe('POST /oauth/token', () => {
  test('the answer, and its token works with the scopes that were given', async () => {
    await using vitrine = await startVitrine()
    const { code, token } = await setting(vitrine)
    const answer = await token({ code: await code({ scope: 'upload public nonsense' }) })
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['cache-control'], 'no-store')
    const given = answer.json<Record<string, unknown>>()
    assert.deepEqual(Object.keys(given), ['access_token', 'token_type', 'scope', 'created_at'])
    assert.match(String(given['access_token']), /^[0-9a-f]{64}$/)
    assert.deepEqual([given['token_type'], given['scope']], ['bearer', 'public upload'])
    assert.equal(given['created_at'], Date.parse('2026-03-04T05:06:07Z') / 1000)
    const headers = { authorization: `Bearer ${String(given['access_token'])}` }
    assert.equal((await vitrine.anonymous.get('/v2/user', { headers })).statusCode, 200)
  })

  test('parameters as a form, as JSON, in the query, and Basic credentials', async () => {
    await using vitrine = await startVitrine()
    const { code, credentials } = await setting(vitrine)
    const { anonymous } = vitrine
    const json = await anonymous.post('/oauth/token', {
      ...credentials,
      code: await code(),
      grant_type: 'authorization_code',
    })
    assert.equal(json.statusCode, 200)
    const query = new URLSearchParams({ ...credentials, code: await code() })
    assert.equal((await anonymous.post(`/oauth/token?${query}`)).statusCode, 200)
    const basic = Buffer.from(`${credentials.client_id}:${credentials.client_secret}`).toString('base64')
    const header = { ...FORM, authorization: `Basic ${basic}` }
    const form = { payload: `code=${await code()}`, headers: header }
    assert.equal((await anonymous.post('/oauth/token', undefined, form)).statusCode, 200)
  })

  test('invalid_client and invalid_grant; a code works once, and its second use ends what it gave', async () => {
    await using vitrine = await startVitrine()
    const { code, token } = await setting(vitrine)
    const once = await code()
    const wrong = await token({ code: once, client_secret: 'wrong' })
    assert.deepEqual([wrong.statusCode, wrong.json<{ error: string }>().error], [401, 'invalid_client'])
    const first = await token({ code: once })
    const headers = { authorization: `Bearer ${first.json<{ access_token: string }>().access_token}` }
    assert.equal((await vitrine.anonymous.get('/v2/user', { headers })).statusCode, 200)
    const second = await token({ code: once })
    assert.deepEqual([second.statusCode, second.json<{ error: string }>().error], [400, 'invalid_grant'])
    assert.equal((await vitrine.anonymous.get('/v2/user', { headers })).statusCode, 401)
    const late = await code()
    vitrine.clock.advance(601)
    assert.equal((await token({ code: late })).json<{ error: string }>().error, 'invalid_grant')
    assert.equal(
      (await token({ code: 'x', grant_type: 'password' })).json<{ error: string }>().error,
      'invalid_request',
    )
  })

  test('of 50 exchanges at once one succeeds', async () => {
    await using vitrine = await startVitrine()
    const { code, token } = await setting(vitrine)
    const one = await code()
    const answers = await Promise.all(Array.from({ length: 50 }, () => token({ code: one })))
    assert.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 1)
  })

  test('a public client proves itself with PKCE, from a script of any site', async () => {
    await using vitrine = await startVitrine()
    const { app, authorize, code } = await setting(vitrine, { isPublic: true })
    const refused = new URL(String((await authorize({})).headers['location']))
    assert.equal(refused.searchParams.get('error'), 'invalid_request')
    const verifier = randomBytes(32).toString('base64url')
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const given = await code({ code_challenge: challenge, code_challenge_method: 'S256' })
    const ask = (code_verifier: string) =>
      vitrine.anonymous.post(
        '/oauth/token',
        { client_id: app.clientId, code: given, code_verifier },
        {
          headers: { origin: 'https://app.example' },
        },
      )
    assert.equal((await ask(randomBytes(32).toString('base64url'))).statusCode, 400)
    const answer = await ask(verifier)
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['access-control-allow-origin'], 'https://app.example')
  })
})

test('v2 User: the authenticated user, whole', async () => {
  await using vitrine = await startVitrine()
  const guild = await vitrine.person('guild', { team: true })
  const ada = await vitrine.person('ada', { name: 'Ada', memberOf: guild, pro: true, bio: 'Draws.' })
  const { base } = vitrine
  const at = '2026-03-04T05:06:07Z'
  const avatar = (id: number) => `${base}/users/${id}/avatars/normal/avatar.png?${Date.parse(at) / 1000}`
  const expected = {
    id: ada.id,
    name: 'Ada',
    login: 'ada',
    html_url: `${base}/ada`,
    avatar_url: avatar(ada.id),
    bio: 'Draws.',
    location: null,
    links: {},
    can_upload_shot: true,
    pro: true,
    followers_count: 0,
    created_at: at,
    type: 'User',
    teams: [
      {
        id: guild.id,
        name: 'guild',
        login: 'guild',
        html_url: `${base}/guild`,
        avatar_url: avatar(guild.id),
        bio: null,
        location: null,
        links: {},
        type: 'Team',
        created_at: at,
        updated_at: at,
      },
    ],
  }
  assert.equal((await ada.get('/v2/user')).body, JSON.stringify(expected))
  const picture = await vitrine.anonymous.request({ method: 'GET', url: expected.avatar_url })
  assert.equal(picture.headers['content-type'], 'image/png')
})

test('the client access token reads as the application’s owner and writes nothing', async () => {
  await using vitrine = await startVitrine()
  const { ctx } = vitrine
  const { app } = await setting(vitrine)
  const headers = { authorization: `Bearer ${await clientAccessToken(ctx, app)}` }
  const user = await vitrine.anonymous.get('/v1/user', { headers })
  assert.equal(user.json<{ username: string }>().username, 'ada')
  assert.equal((await vitrine.anonymous.put('/v1/users/ada/follow', {}, { headers })).statusCode, 403)
})
