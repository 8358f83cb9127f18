import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeApp } from '../../src/identity/apps.ts'
import { grantsOf, issueToken, revokeGrant } from '../../src/identity/grants.ts'
import { createUsageRecorder, exchangeCode, findToken, revokeToken } from '../../src/identity/tokens.ts'
import { CALLBACK, DAY_MS, GIVE, pkce, refused } from './open.ts'
import { openWithApp } from './open-with-app.ts'

// OAuth, "Access token": 64 hex digits, no expiry.
test('a code is exchanged for a token', async () => {
  await using on = await openWithApp()
  const issued = await on.exchange(await on.code(on.theApp, on.ada, { scope: 'upload public' }))
  assert.match(issued.accessToken, /^[0-9a-f]{64}$/)
  assert.deepEqual(
    { ...issued, accessToken: '' },
    {
      accessToken: '',
      refreshToken: null,
      scopes: ['public', 'upload'],
      expiresInSeconds: null,
      createdAt: on.ctx.clock(),
      accountId: on.ada,
      appId: on.theApp.id,
    },
  )
  const found = await findToken(on.ctx, issued.accessToken)
  assert.deepEqual(found, {
    tokenId: found?.tokenId,
    kind: 'access',
    appId: on.theApp.id,
    appApproved: false,
    accountId: on.ada,
    role: 'member',
    scopes: new Set(['public', 'upload']),
  })
  const stored = JSON.stringify(await on.ctx.db.selectFrom('token').selectAll().execute())
  assert.equal(stored.includes(issued.accessToken), false)
})

// S-CODE; RFC 6749, 4.1.2: "If an authorization code is used more than once, the authorization server MUST deny the
// request and SHOULD revoke (when possible) all tokens previously issued based on that authorization code."
test('a code used twice is refused and its first token revoked', async () => {
  for (const waitMs of [0, 30_000]) {
    await using on = await openWithApp()
    const other = await on.exchange(await on.code(on.theApp, on.ada))
    const code = await on.code(on.theApp, on.ada)
    const { accessToken } = await on.exchange(code)
    assert.equal(await on.works(accessToken), true)
    on.wait(waitMs)
    await assert.rejects(on.exchange(code), refused('bad_grant'))
    assert.equal(await on.works(accessToken), false)
    assert.equal(await on.works(other.accessToken), true, 'from another code')
    await assert.rejects(on.exchange(code), refused('bad_grant'))
  }
})

test('of 50 exchanges of one code at once, one succeeds', async () => {
  await using on = await openWithApp()
  const code = await on.code(on.theApp, on.ada)
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => on.exchange(code)))
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  const isBadGrant = refused('bad_grant')
  assert.ok(results.every((result) => result.status === 'fulfilled' || isBadGrant(result.reason)))
  assert.equal(
    (await on.ctx.db.selectFrom('token').selectAll().where('kind', '=', 'access').execute()).length,
    1,
  )
})

test('a code is good for 10 minutes', async () => {
  await using on = await openWithApp()
  const [early, late] = [await on.code(on.theApp, on.ada), await on.code(on.theApp, on.ada)]
  on.wait(599_999)
  await on.exchange(early)
  on.wait(1)
  await assert.rejects(on.exchange(late), refused('bad_grant'))
})

test('a code is bound to its client', async () => {
  await using on = await openWithApp()
  const other = await on.app(on.ada)
  const code = await on.code(on.theApp, on.ada)
  const given = { code, redirectUri: CALLBACK, codeVerifier: null }
  await assert.rejects(exchangeCode(on.ctx, given, other.client, GIVE), refused('bad_grant'))
  const wrongSecret = { ...on.client, clientSecret: other.client.clientSecret }
  await assert.rejects(exchangeCode(on.ctx, given, wrongSecret, GIVE), refused('bad_client'))
  assert.ok(await on.exchange(code), 'and a stranger cannot spend it')
})

test('a code is bound to its redirect URI', async () => {
  await using on = await openWithApp()
  const code = await on.code(on.theApp, on.ada)
  for (const redirectUri of [null, '', `${CALLBACK}/`, 'https://evil.example/'])
    await assert.rejects(on.exchange(code, { redirectUri }), refused('bad_grant'), String(redirectUri))
  const given = { code, redirectUri: null, codeVerifier: null }
  const optional = { ...GIVE, redirectUri: 'optional' } as const
  assert.ok(await exchangeCode(on.ctx, given, on.client, optional))

  const unnamed = await on.code(on.theApp, on.ada, { redirect_uri: '' })
  await assert.rejects(on.exchange(unnamed, { redirectUri: `${CALLBACK}/` }), refused('bad_grant'))
  assert.ok(await on.exchange(unnamed, { redirectUri: null }))
})

// RFC 7636 and RFC 9700, 4.8.2
test('a challenge wants its verifier, and a verifier its challenge', async () => {
  await using on = await openWithApp()
  const { verifier, challenge } = pkce()
  const asked = { code_challenge: challenge, code_challenge_method: 'S256' }
  const code = await on.code(on.theApp, on.ada, asked)
  await assert.rejects(on.exchange(code), refused('bad_grant'), 'none')
  for (const codeVerifier of [
    '',
    pkce().verifier,
    challenge,
    verifier.slice(1),
    `${verifier}=`,
    'x'.repeat(200),
  ])
    await assert.rejects(on.exchange(code, { codeVerifier }), refused('bad_grant'), codeVerifier)
  assert.ok(await on.exchange(code, { codeVerifier: verifier }))

  const bare = await on.code(on.theApp, on.ada)
  await assert.rejects(on.exchange(bare, { codeVerifier: verifier }), refused('bad_grant'), 'downgrade')
})

// RFC 7636, Appendix B
test('the example of the specification passes', async () => {
  await using on = await openWithApp()
  const asked = {
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  }
  const code = await on.code(on.theApp, on.ada, asked)
  assert.ok(await on.exchange(code, { codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' }))
})

test('a public client exchanges with its verifier alone', async () => {
  await using on = await openWithApp()
  const { app, client } = await on.app(on.ada, { isPublic: true })
  const { verifier, challenge } = pkce()
  const code = await on.code(app, on.ada, { code_challenge: challenge, code_challenge_method: 'S256' })
  const given = { code, redirectUri: CALLBACK, codeVerifier: verifier }
  assert.ok(await exchangeCode(on.ctx, given, client, GIVE))
})

test('a code that was never issued, or whose person changed their mind, is refused', async () => {
  await using on = await openWithApp()
  for (const code of ['0'.repeat(64), 'x', 'x'.repeat(100_000)])
    await assert.rejects(on.exchange(code), refused('bad_grant'))
  await assert.rejects(on.exchange(''), refused('bad_request'))

  const code = await on.code(on.theApp, on.ada)
  const [grant] = await grantsOf(on.ctx.db, on.ada)
  await revokeGrant(on.ctx.db, on.ada, grant?.id ?? 0)
  await assert.rejects(on.exchange(code), refused('bad_grant'))

  const suspended = await on.code(on.theApp, on.ada)
  await on.ctx.db.updateTable('account').set({ suspended: 1 }).where('id', '=', on.ada).execute()
  await assert.rejects(on.exchange(suspended), refused('bad_grant'))
})

test('where only approved clients get tokens, the others are told so', async () => {
  await using on = await openWithApp()
  const given = { code: await on.code(on.theApp, on.ada), redirectUri: CALLBACK, codeVerifier: null }
  const approvedOnly = { ...GIVE, approvedOnly: true }
  await assert.rejects(exchangeCode(on.ctx, given, on.client, approvedOnly), refused('client_not_approved'))
  await judgeApp(on.ctx, on.theApp.clientId, { approved: true })
  const { accessToken } = await exchangeCode(on.ctx, given, on.client, approvedOnly)
  assert.equal((await findToken(on.ctx, accessToken))?.appApproved, true)
})

test('a token works until it is revoked, by itself or with its grant', async () => {
  await using on = await openWithApp()
  const issue = async () => (await on.exchange(await on.code(on.theApp, on.ada))).accessToken
  const [first, second, third] = [await issue(), await issue(), await issue()]
  await revokeToken(on.ctx, first, on.theApp.id + 1)
  assert.equal(await on.works(first), true, 'by another app')
  await revokeToken(on.ctx, first, on.theApp.id)
  await revokeToken(on.ctx, 'unknown', null)
  assert.deepEqual([await on.works(first), await on.works(second)], [false, true])

  const ben = await on.person('ben')
  const [grant] = await grantsOf(on.ctx.db, on.ada)
  await assert.rejects(revokeGrant(on.ctx.db, ben, grant?.id ?? 0), refused('not_found'))
  assert.equal(await on.works(second), true)
  await revokeGrant(on.ctx.db, on.ada, grant?.id ?? 0)
  assert.deepEqual([await on.works(second), await on.works(third)], [false, false])
  assert.deepEqual(await grantsOf(on.ctx.db, on.ada), [])
})

test('a token of somebody suspended or gone is none', async () => {
  await using on = await openWithApp()
  const token = await issueToken(on.ctx, { accountId: on.ada, appId: on.theApp.id, scopes: ['public'] })
  const suspend = (suspended: 0 | 1) =>
    on.ctx.db.updateTable('account').set({ suspended }).where('id', '=', on.ada).execute()
  await suspend(1)
  assert.equal(await on.works(token), false)
  await suspend(0)
  assert.equal(await on.works(token), true)
  for (const wrong of ['', `${token}0`, token.toUpperCase(), 'x'.repeat(1_000_000)])
    assert.equal(await on.works(wrong), false)
  await on.ctx.db.deleteFrom('account').where('id', '=', on.ada).execute()
  assert.equal(await on.works(token), false)
})

test('a token unused for 180 days expires; its use is noted without a write at each request', async () => {
  await using on = await openWithApp()
  const token = await issueToken(on.ctx, { accountId: on.ada, appId: on.theApp.id, scopes: ['public'] })
  const usage = createUsageRecorder(on.ctx)
  const found = await findToken(on.ctx, token)
  assert.ok(found)
  on.wait(179 * DAY_MS)
  usage.record(found.tokenId, on.ctx.clock())
  usage.record(found.tokenId + 1000, on.ctx.clock())
  assert.equal((await grantsOf(on.ctx.db, on.ada))[0]?.lastUsedAt, null)
  await usage.flush()
  assert.deepEqual((await grantsOf(on.ctx.db, on.ada))[0]?.lastUsedAt, on.ctx.clock())
  on.wait(180 * DAY_MS - 1)
  assert.equal(await on.works(token), true)
  on.wait(1)
  assert.equal(await on.works(token), false)
  const never = { ...on.ctx, config: { ...on.ctx.config, VITRINE_TOKEN_IDLE_DAYS: 0 } }
  assert.ok(await findToken(never, token), 'unless the setting says never')

  usage.record(found.tokenId, on.ctx.clock())
  await usage.close()
  assert.equal(await on.works(token), true, 'closing writes what was collected')
})

test('one grant has 100 live tokens at the most', async () => {
  await using on = await openWithApp()
  const issue = () => issueToken(on.ctx, { accountId: on.ada, appId: on.theApp.id, scopes: ['public'] })
  const first = await issue()
  const second = await issue()
  for (let n = 0; n < 99; n += 1) await issue()
  assert.deepEqual([await on.works(first), await on.works(second)], [false, true])
})
