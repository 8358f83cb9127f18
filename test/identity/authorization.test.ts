import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeApp, changeApp, deleteApp } from '../../src/identity/apps.ts'
import {
  approve,
  checkAuthorizationRequest,
  deny,
  needsConsent,
  refusalUrl,
  type AuthorizationCheck,
} from '../../src/identity/authorization.ts'
import { grantsOf, revokeGrant } from '../../src/identity/grants.ts'
import type { AuthorizationPolicy } from '../../src/identity/policy.ts'
import { ASK, CALLBACK, count, openIdentity, pkce, refused } from './open.ts'

/** What a check came to, in a word or two. */
function outcome(check: AuthorizationCheck): string {
  if (check.fail === null) return 'good'
  return check.fail === 'page' ? `page ${check.reason}` : `${check.error} to ${check.to}`
}

async function openWithApp() {
  const on = await openIdentity()
  const ada = await on.person('ada')
  const { app } = await on.app(ada)
  const check = (parameters: Record<string, unknown>, policy: Partial<AuthorizationPolicy> = {}) =>
    checkAuthorizationRequest(on.ctx.db, parameters, { ...ASK, ...policy })
  return { ...on, ada, theApp: app, check, id: { client_id: app.clientId } }
}

test('who cannot be sent back anywhere gets a page', async () => {
  await using on = await openWithApp()
  const cases: [Record<string, unknown>, string][] = [
    [{}, 'client_missing'],
    [{ client_id: '' }, 'client_missing'],
    [{ client_id: 'x'.repeat(64) }, 'client_unknown'],
    [{ client_id: on.theApp.clientId.toUpperCase() }, 'client_unknown'],
    [{ client_id: [on.theApp.clientId, on.theApp.clientId] }, 'repeated_parameter'],
    [{ ...on.id, redirect_uri: [CALLBACK, CALLBACK] }, 'repeated_parameter'],
    [{ ...on.id, redirect_uri: { nested: CALLBACK } }, 'repeated_parameter'],
    [{ ...on.id, redirect_uri: `${CALLBACK}/` }, 'redirect_not_registered'],
    [{ ...on.id, redirect_uri: 'https://evil.example/', response_type: 'token' }, 'redirect_not_registered'],
  ]
  for (const [parameters, reason] of cases)
    assert.equal(outcome(await on.check(parameters)), `page ${reason}`, JSON.stringify(parameters))
  assert.equal(outcome(await on.check(on.id, { approvedOnly: true })), 'page client_not_approved')
})

// OAuth, "Redirect URLs": errors of this sort go to the registered callback.
test('where the page says so, a wrong redirect is told to the registered callback and to nobody else', async () => {
  await using on = await openWithApp()
  const told = { badRedirect: 'callback' } as const
  const check = await on.check({ ...on.id, redirect_uri: 'https://evil.example/', state: 's 1' }, told)
  assert.ok(check.fail === 'redirect')
  assert.equal(outcome(check), `invalid_redirect_uri to ${CALLBACK}`)
  const url = new URL(refusalUrl(check))
  assert.equal(url.origin + url.pathname, CALLBACK)
  assert.equal(url.searchParams.get('error'), 'invalid_redirect_uri')
  assert.equal(url.searchParams.get('state'), 's 1')
  assert.ok(url.searchParams.get('error_description'))

  await judgeApp(on.ctx, on.theApp.clientId, { suspended: true })
  const suspended = await on.check({ ...on.id, redirect_uri: 'https://evil.example/' }, told)
  assert.equal(outcome(suspended), `application_suspended to ${CALLBACK}`)
  assert.equal(outcome(await on.check(on.id)), 'page client_suspended')
})

const CHALLENGE = pkce().challenge

test('other mistakes are told to the redirect URI of the request', async () => {
  await using on = await openWithApp()
  const cases: [Record<string, unknown>, string][] = [
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_type: 'code token' }, 'unsupported_response_type'],
    [{ scope: 'public admin' }, 'invalid_scope'],
    [{ scope: 'Public' }, 'invalid_scope'],
    [{ scope: '"\\' }, 'invalid_scope'],
    [{ scope: ['public', 'write'] }, 'invalid_request'],
    [{ state: ['a', 'b'] }, 'invalid_request'],
    [{ state: 'x'.repeat(4097) }, 'invalid_request'],
    [{ code_challenge: CHALLENGE }, 'invalid_request'],
    [{ code_challenge: CHALLENGE, code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge: CHALLENGE, code_challenge_method: 's256' }, 'invalid_request'],
    [{ code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
    [{ code_challenge: `${CHALLENGE}=`, code_challenge_method: 'S256' }, 'invalid_request'],
    [{ code_challenge_method: 'S256' }, 'invalid_request'],
  ]
  for (const [parameters, error] of cases)
    assert.equal(
      outcome(await on.check({ ...on.id, ...parameters })),
      `${error} to ${CALLBACK}`,
      JSON.stringify(parameters),
    )
  const strict = { responseType: 'required' } as const
  assert.equal(outcome(await on.check(on.id, strict)), `invalid_request to ${CALLBACK}`)
  assert.equal(outcome(await on.check({ ...on.id, response_type: 'code' }, strict)), 'good')
})

test('a request that passes is plain data', async () => {
  await using on = await openWithApp()
  const state = 'é "x"&<'.padEnd(4096, 'y')
  const parameters = {
    ...on.id,
    scope: 'upload,public+public  write',
    state,
    response_type: 'code',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    unknown: ['a', 'b'],
    __proto__: 'x',
  }
  const check = await on.check(parameters)
  assert.ok(check.fail === null)
  assert.deepEqual(check.request, {
    appId: on.theApp.id,
    redirectUri: CALLBACK,
    redirectGiven: false,
    scopes: ['upload', 'public', 'write'],
    defaultScopes: ['public'],
    knownScopes: ASK.scopes,
    state,
    codeChallenge: CHALLENGE,
    codeSeconds: 600,
  })
  const bare = await on.check({ ...on.id, redirect_uri: CALLBACK, scope: '', state: '' })
  assert.ok(bare.fail === null)
  assert.deepEqual([bare.request.scopes, bare.request.state, bare.request.redirectGiven], [null, null, true])
  const ignored = await on.check({ ...on.id, scope: 'public admin' }, { unknownScopes: 'ignore' })
  assert.ok(ignored.fail === null)
  assert.deepEqual(ignored.request.scopes, ['public'])
})

test('a public client must bring a challenge', async () => {
  await using on = await openWithApp()
  const { app } = await on.app(on.ada, { isPublic: true })
  const id = { client_id: app.clientId }
  assert.equal(outcome(await on.check(id)), `invalid_request to ${CALLBACK}`)
  const good = { ...id, code_challenge: CHALLENGE, code_challenge_method: 'S256' }
  assert.equal(outcome(await on.check(good)), 'good')
})

// OAuth, "scope": without one, users who have consented before get the same scopes as last time.
test('consent is asked for once, and again for more', async () => {
  await using on = await openWithApp()
  const ben = await on.person('ben')
  const ask = async (scope?: string) => {
    const request = await on.request(on.theApp, scope === undefined ? {} : { scope })
    return needsConsent(on.ctx.db, ben, on.theApp, request)
  }
  assert.deepEqual(await ask(), { needed: true, scopes: ['public'] })
  const request = await on.request(on.theApp, { scope: 'public write' })
  await approve(on.ctx, ben, request, ['public', 'write'])

  assert.deepEqual(await ask(), { needed: false, scopes: ['public', 'write'] })
  assert.deepEqual(await ask('public'), { needed: false, scopes: ['public'] })
  assert.deepEqual(await ask('upload'), { needed: true, scopes: ['upload'] })
  assert.equal((await needsConsent(on.ctx.db, on.ada, on.theApp, request)).needed, true, 'somebody else')

  await approve(on.ctx, ben, await on.request(on.theApp, { scope: 'upload' }), ['upload'])
  const [grant] = await grantsOf(on.ctx.db, ben)
  assert.deepEqual(grant?.scopes, ['public', 'upload', 'write'])
  await revokeGrant(on.ctx.db, ben, grant?.id ?? 0)
  assert.deepEqual(await ask(), { needed: true, scopes: ['public'] })
})

// RFC 8252, 8.6: "the authorization server SHOULD NOT process authorization requests automatically" for clients
// whose identity cannot be assured.
test('a public client on an address anybody can take is asked for each time', async () => {
  await using on = await openWithApp()
  for (const [redirectUri, needed] of [
    ['http://127.0.0.1/done', true],
    ['myapp://done', true],
    ['https://native.example/done', false],
  ] as const) {
    const { app } = await on.app(on.ada, { isPublic: true, redirectUri })
    const request = await on.request(app, { code_challenge: CHALLENGE, code_challenge_method: 'S256' })
    await approve(on.ctx, on.ada, request, ['public'])
    assert.equal((await needsConsent(on.ctx.db, on.ada, app, request)).needed, needed, redirectUri)
  }
})

test('a yes is a redirect with a code and the state as it came, and the code is stored as a hash', async () => {
  await using on = await openWithApp()
  const state = 'a b&c=d#e%20é'
  const { code, location } = await approve(on.ctx, on.ada, await on.request(on.theApp, { state }), ['public'])
  const url = new URL(location)
  assert.deepEqual(
    [...url.searchParams],
    [
      ['code', code],
      ['state', state],
    ],
  )
  assert.equal(url.origin + url.pathname, CALLBACK)
  assert.match(code, /^[0-9a-f]{64}$/)
  const stored = JSON.stringify(await on.ctx.db.selectFrom('authorization_code').selectAll().execute())
  assert.equal(stored.includes(code), false)

  const without = await approve(on.ctx, on.ada, await on.request(on.theApp), ['public'])
  assert.equal(without.location, `${CALLBACK}?code=${without.code}`)
})

test('a no is a redirect that says so, and makes no code', async () => {
  await using on = await openWithApp()
  const url = new URL(deny(await on.request(on.theApp, { state: 's' })))
  assert.equal(url.searchParams.get('error'), 'access_denied')
  assert.equal(url.searchParams.get('state'), 's')
  assert.equal(await count(on.ctx, 'authorization_code'), 0)
  assert.equal(await count(on.ctx, 'app_grant'), 0)
})

test('an app that changed in the meantime gets no code', async () => {
  await using on = await openWithApp()
  const request = await on.request(on.theApp)
  const yes = () => approve(on.ctx, on.ada, request, ['public'])
  await judgeApp(on.ctx, on.theApp.clientId, { suspended: true })
  await assert.rejects(yes(), refused('not_found'))
  await judgeApp(on.ctx, on.theApp.clientId, { suspended: false })
  const fields = {
    name: 'Harbour',
    website: null,
    description: null,
    redirectUri: 'https://app.example/other',
  }
  await changeApp(on.ctx, on.ada, on.theApp.id, fields)
  await assert.rejects(yes(), refused('not_found'))
  await deleteApp(on.ctx, on.ada, on.theApp.id)
  await assert.rejects(yes(), refused('not_found'))
  assert.equal(await count(on.ctx, 'authorization_code'), 0)
})
