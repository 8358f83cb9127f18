import assert from 'node:assert/strict'
import { clientAccessToken, deleteApp, resetClientToken } from '../../src/identity/apps.ts'
import { grantsOf, issueToken, revokeGrant } from '../../src/identity/grants.ts'
import { findKey, resetKey } from '../../src/identity/keys.ts'
import { setPassword, verifyPassword } from '../../src/identity/passwords.ts'
import { endSessions, findSession, startSession } from '../../src/identity/sessions.ts'
import { finishSetup, openSetup } from '../../src/identity/setup.ts'
import { sweepIdentity } from '../../src/identity/sweep.ts'
import { createUsageRecorder, exchangeCode, findToken, refreshTokens } from '../../src/identity/tokens.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { CALLBACK, count, DAY_MS, GIVE_REFRESH, openIdentity } from './open.ts'

const WORD = 'correct horse 7'
const fulfilled = (results: PromiseSettledResult<unknown>[]) =>
  results.filter(({ status }) => status === 'fulfilled').length

onEachDatabase('what may happen once happens once', async ({ at }) => {
  await using on = await openIdentity('url' in at ? at.url : null)
  const link = (await openSetup(on.ctx)) ?? ''
  const setups = Array.from({ length: 5 }, (_, n) =>
    finishSetup(on.ctx, link, WORD, () => on.person(`admin-${n}`, { role: 'admin' })),
  )
  assert.equal(fulfilled(await Promise.allSettled(setups)), 1)

  const ada = await on.person('ada')
  const { app, client } = await on.app(ada)
  const given = {
    code: await on.code(app, ada, { scope: 'public write' }),
    redirectUri: CALLBACK,
    codeVerifier: null,
  }
  const exchange = () => exchangeCode(on.ctx, given, client, GIVE_REFRESH)
  assert.equal(fulfilled(await Promise.allSettled(Array.from({ length: 50 }, exchange))), 1)

  const issued = await exchangeCode(on.ctx, { ...given, code: await on.code(app, ada) }, client, GIVE_REFRESH)
  const refresh = () =>
    refreshTokens(on.ctx, { refreshToken: issued.refreshToken ?? '', scope: null }, client, GIVE_REFRESH)
  assert.equal(fulfilled(await Promise.allSettled(Array.from({ length: 20 }, refresh))), 1)
  assert.equal(await findToken(on.ctx, issued.accessToken), null)
})

onEachDatabase('accounts, sessions, keys and grants live in either database', async ({ at }) => {
  await using on = await openIdentity('url' in at ? at.url : null)
  const ada = await on.person('ada')
  await setPassword(on.ctx, ada, WORD)
  assert.equal(await verifyPassword(on.ctx.db, 'ADA', WORD), ada)
  const secret = await startSession(on.ctx, ada, 'Browser/1')
  on.wait(2 * DAY_MS)
  assert.equal((await findSession(on.ctx, secret))?.account.id, ada)
  await endSessions(on.ctx.db, ada, null)
  await resetKey(on.ctx, ada)
  assert.equal((await findKey(on.ctx.db, await resetKey(on.ctx, ada)))?.accountId, ada)

  const { app } = await on.app(ada)
  assert.ok(await findToken(on.ctx, (await clientAccessToken(on.ctx, app)) ?? ''))
  assert.ok(await findToken(on.ctx, await resetClientToken(on.ctx, ada, app.id)))
  const token = await issueToken(on.ctx, { accountId: ada, appId: app.id, scopes: ['write'] })
  const found = await findToken(on.ctx, token)
  const usage = createUsageRecorder(on.ctx)
  usage.record(found?.tokenId ?? 0, on.ctx.clock())
  await usage.close()
  const [grant] = await grantsOf(on.ctx.db, ada)
  assert.deepEqual([grant?.scopes, grant?.lastUsedAt], [['write'], on.ctx.clock()])
  for (let n = 0; n < 100; n += 1)
    await issueToken(on.ctx, { accountId: ada, appId: app.id, scopes: ['write'] })
  assert.equal(await findToken(on.ctx, token), null, 'the oldest gave way')
  await revokeGrant(on.ctx.db, ada, grant?.id ?? 0)
  on.wait(40 * DAY_MS)
  await sweepIdentity(on.ctx)
  await deleteApp(on.ctx, ada, app.id)
  assert.deepEqual([await count(on.ctx, 'token'), await count(on.ctx, 'session')], [0, 0])
})
