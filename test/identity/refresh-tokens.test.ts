import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantsOf, issueToken, revokeGrant } from '../../src/identity/grants.ts'
import { sweepIdentity } from '../../src/identity/sweep.ts'
import {
  exchangeCode,
  findToken,
  refreshTokens,
  revokeToken,
  type IssuedTokens,
} from '../../src/identity/tokens.ts'
import { CALLBACK, count, DAY_MS, GIVE_REFRESH, refused } from './open.ts'
import { openWithApp } from './open-with-app.ts'

async function openWithRefresh() {
  const on = await openWithApp()
  const given = { code: await on.code(on.theApp, on.ada, { scope: 'public write' }), redirectUri: CALLBACK }
  const first = await exchangeCode(on.ctx, { ...given, codeVerifier: null }, on.client, GIVE_REFRESH)
  const refresh = (of: IssuedTokens, scope: string | null = null) =>
    refreshTokens(on.ctx, { refreshToken: of.refreshToken ?? '', scope }, on.client, GIVE_REFRESH)
  return { ...on, first, refresh }
}

// S-REFRESH; RFC 9700, 4.14.2
test('refreshing replaces the refresh token', async () => {
  await using on = await openWithRefresh()
  assert.equal(on.first.expiresInSeconds, 3600)
  assert.equal(await on.works(on.first.refreshToken), false, 'it is no access token')
  const second = await on.refresh(on.first)
  assert.notEqual(second.refreshToken, on.first.refreshToken)
  assert.deepEqual(second.scopes, ['public', 'write'])
  assert.deepEqual([await on.works(on.first.accessToken), await on.works(second.accessToken)], [true, true])
  on.wait(3_600_000)
  assert.deepEqual([await on.works(on.first.accessToken), await on.works(second.accessToken)], [false, false])
  assert.ok(await on.refresh(second))
})

test('a refresh token used twice revokes everything that came from the same consent', async () => {
  await using on = await openWithRefresh()
  const second = await on.refresh(on.first)
  const third = await on.refresh(second)
  await assert.rejects(on.refresh(on.first), refused('bad_grant'))
  for (const token of [on.first, second, third]) assert.equal(await on.works(token.accessToken), false)
  await assert.rejects(on.refresh(third), refused('bad_grant'))
})

test('of many refreshes at once, one succeeds', async () => {
  await using on = await openWithRefresh()
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => on.refresh(on.first)))
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('scopes cannot grow, but shrink', async () => {
  await using on = await openWithRefresh()
  for (const scope of ['public write upload', 'upload', 'PUBLIC'])
    await assert.rejects(on.refresh(on.first, scope), refused('bad_scope'), scope)
  const narrow = await on.refresh(on.first, 'public')
  assert.deepEqual(narrow.scopes, ['public'])
  assert.deepEqual((await findToken(on.ctx, narrow.accessToken))?.scopes, new Set(['public']))
  assert.deepEqual((await on.refresh(narrow)).scopes, ['public', 'write'])
})

test('a refresh token is bound to its client, ends with its grant and with its time', async () => {
  await using on = await openWithRefresh()
  const other = await on.app(on.ada)
  const given = { refreshToken: on.first.refreshToken ?? '', scope: null }
  await assert.rejects(refreshTokens(on.ctx, given, other.client, GIVE_REFRESH), refused('bad_grant'))
  const access = { ...given, refreshToken: on.first.accessToken }
  await assert.rejects(refreshTokens(on.ctx, access, on.client, GIVE_REFRESH), refused('bad_grant'))
  const none = { ...given, refreshToken: '' }
  await assert.rejects(refreshTokens(on.ctx, none, on.client, GIVE_REFRESH), refused('bad_request'))

  const second = await on.refresh(on.first)
  await revokeToken(on.ctx, second.refreshToken ?? '', null)
  assert.equal(await on.works(second.accessToken), false)
  await assert.rejects(on.refresh(second), refused('bad_grant'))
})

test('a refresh token ends with its grant and with its time', async () => {
  await using on = await openWithRefresh()
  on.wait(30 * DAY_MS)
  await assert.rejects(on.refresh(on.first), refused('bad_grant'))
  const [grant] = await grantsOf(on.ctx.db, on.ada)
  on.wait(-30 * DAY_MS)
  await revokeGrant(on.ctx.db, on.ada, grant?.id ?? 0)
  await assert.rejects(on.refresh(on.first), refused('bad_grant'))
})

test('a reused code also revokes what was refreshed since', async () => {
  await using on = await openWithApp()
  const code = await on.code(on.theApp, on.ada)
  const given = { code, redirectUri: CALLBACK, codeVerifier: null }
  const first = await exchangeCode(on.ctx, given, on.client, GIVE_REFRESH)
  const second = await refreshTokens(
    on.ctx,
    { refreshToken: first.refreshToken ?? '', scope: null },
    on.client,
    GIVE_REFRESH,
  )
  await assert.rejects(exchangeCode(on.ctx, given, on.client, GIVE_REFRESH), refused('bad_grant'))
  assert.equal(await on.works(second.accessToken), false)
})

test('spent codes and tokens are swept after 30 days, live ones stay', async () => {
  await using on = await openWithRefresh()
  const live = await issueToken(on.ctx, { accountId: on.ada, appId: on.theApp.id, scopes: ['public'] })
  assert.equal(await sweepIdentity(on.ctx), 0)
  on.wait(61 * DAY_MS)
  await sweepIdentity(on.ctx)
  assert.equal(await count(on.ctx, 'authorization_code'), 0)
  const kinds = await on.ctx.db.selectFrom('token').select('kind').orderBy('kind').execute()
  assert.deepEqual(
    kinds.map(({ kind }) => kind),
    ['access', 'client'],
  )
  assert.equal(await on.works(live), true)
})
