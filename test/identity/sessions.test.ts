import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  endSession,
  endSessions,
  findSession,
  isFormToken,
  sessionsOf,
  startSession,
} from '../../src/identity/sessions.ts'
import { sweepIdentity } from '../../src/identity/sweep.ts'
import { count, DAY_MS, openIdentity, refused } from './open.ts'

test('a session is found by its secret, and only its hash is stored', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada', { role: 'admin' })
  const secret = await startSession(on.ctx, ada, 'Browser/1')
  const session = await findSession(on.ctx, secret)
  assert.deepEqual(session?.account, { id: ada, login: 'ada', name: 'ada', role: 'admin' })
  for (const other of ['', 'x', secret.toUpperCase(), `${secret}0`, session?.hash ?? ''])
    assert.equal(await findSession(on.ctx, other), null, other)

  const stored = JSON.stringify(await on.ctx.db.selectFrom('session').selectAll().execute())
  assert.equal(stored.includes(secret), false)
  assert.equal(stored.includes(session?.formToken ?? ''), false)
})

test('each session has a form token of its own', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada')
  const one = await findSession(on.ctx, await startSession(on.ctx, ada, null))
  const other = await findSession(on.ctx, await startSession(on.ctx, ada, null))
  assert.ok(one && other)
  assert.equal(isFormToken(one, one.formToken), true)
  assert.equal(isFormToken(one, other.formToken), false)
  assert.equal(isFormToken(one, ''), false)
})

test('a session ends after 30 idle days', async () => {
  await using on = await openIdentity()
  const secret = await startSession(on.ctx, await on.person('ada'), null)
  on.wait(30 * DAY_MS - 1)
  assert.ok(await findSession(on.ctx, secret))
  on.wait(30 * DAY_MS - 1)
  assert.ok(await findSession(on.ctx, secret), 'its use was noted')
  on.wait(30 * DAY_MS)
  assert.equal(await findSession(on.ctx, secret), null)
})

test('a session ends after 180 days however much it is used', async () => {
  await using on = await openIdentity()
  const secret = await startSession(on.ctx, await on.person('ada'), null)
  for (let day = 0; day < 179; day += 20) {
    assert.ok(await findSession(on.ctx, secret), `day ${day}`)
    on.wait(20 * DAY_MS)
  }
  assert.equal(await findSession(on.ctx, secret), null)
})

test('sessions can be listed and ended', async () => {
  await using on = await openIdentity()
  const [ada, ben] = [await on.person('ada'), await on.person('ben')]
  const first = await startSession(on.ctx, ada, 'Browser/1')
  on.wait(DAY_MS)
  const second = await startSession(on.ctx, ada, 'x'.repeat(10_000))
  const listed = await sessionsOf(on.ctx, ada)
  assert.deepEqual(
    listed.map(({ userAgent, startedAt }) => [userAgent, startedAt.toISOString()]),
    [
      ['x'.repeat(300), '2024-05-02T12:00:00.000Z'],
      ['Browser/1', '2024-05-01T12:00:00.000Z'],
    ],
  )
  const hash = listed[1]?.hash ?? ''
  await assert.rejects(endSession(on.ctx.db, ben, hash), refused('not_found'))
  assert.ok(await findSession(on.ctx, first))
  await endSession(on.ctx.db, ada, hash)
  assert.equal(await findSession(on.ctx, first), null)
  assert.ok(await findSession(on.ctx, second))
  await endSessions(on.ctx.db, ada, null)
  assert.equal(await findSession(on.ctx, second), null)
})

test('a suspended account has no session', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada')
  const secret = await startSession(on.ctx, ada, null)
  await on.ctx.db.updateTable('account').set({ suspended: 1 }).where('id', '=', ada).execute()
  assert.equal(await findSession(on.ctx, secret), null)
})

test('an account has 100 sessions at the most, and spent ones are swept', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada')
  const first = await startSession(on.ctx, ada, null)
  on.wait(1)
  for (let n = 0; n < 100; n += 1) await startSession(on.ctx, ada, null)
  assert.equal(await count(on.ctx, 'session'), 100)
  assert.equal(await findSession(on.ctx, first), null, 'the oldest gave way')
  assert.equal(await sweepIdentity(on.ctx), 0)
  on.wait(31 * DAY_MS)
  assert.equal(await sweepIdentity(on.ctx), 100)
  assert.equal(await count(on.ctx, 'session'), 0)
})
