import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyPassword } from '../../src/identity/passwords.ts'
import { awaitsSetup, finishSetup, isSetupToken, openSetup } from '../../src/identity/setup.ts'
import { count, openIdentity, refused } from './open.ts'

const WORD = 'correct horse 7'

test('a set-up link makes one administrator, once', async () => {
  await using on = await openIdentity()
  const token = (await openSetup(on.ctx)) ?? ''
  assert.match(token, /^[0-9a-f]{64}$/)
  assert.equal(await awaitsSetup(on.ctx.db), true)
  const stored = JSON.stringify(await on.ctx.db.selectFrom('setting').selectAll().execute())
  assert.equal(stored.includes(token), false)
  const finish = (given: string) =>
    finishSetup(on.ctx, given, WORD, () => on.person('ada', { role: 'admin' }))

  for (const wrong of ['', 'x', `${token}0`]) await assert.rejects(finish(wrong), refused('link_spent'))
  const ada = await finish(token)
  assert.equal(await verifyPassword(on.ctx.db, 'ada', WORD), ada)
  assert.equal(await awaitsSetup(on.ctx.db), false)
  await assert.rejects(finish(token), refused('link_spent'))
  assert.equal(await openSetup(on.ctx), null)
  assert.equal(await isSetupToken(on.ctx.db, token), false)
  assert.equal(await count(on.ctx, 'account'), 1)
})

test('of many callers at once, one makes an account', async () => {
  await using on = await openIdentity()
  const token = (await openSetup(on.ctx)) ?? ''
  const attempts = Array.from({ length: 10 }, (_, n) =>
    finishSetup(on.ctx, token, WORD, () => on.person(`person-${n}`, { role: 'admin' })),
  )
  const results = await Promise.allSettled(attempts)
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  assert.equal(await count(on.ctx, 'account'), 1)
})

test('a refused attempt leaves the link good', async () => {
  await using on = await openIdentity()
  const token = (await openSetup(on.ctx)) ?? ''
  const add = (login: string) => () => on.person(login, { role: 'admin' })
  await assert.rejects(finishSetup(on.ctx, token, 'short', add('ada')), refused('invalid'))
  await assert.rejects(finishSetup(on.ctx, token, WORD, add('no spaces here')))
  assert.equal(await isSetupToken(on.ctx.db, token), true)
  await finishSetup(on.ctx, token, WORD, add('ada'))
})

test('a new link replaces the old one; an admin without a password does not close the door', async () => {
  await using on = await openIdentity()
  await on.person('ada', { role: 'admin' })
  const old = (await openSetup(on.ctx)) ?? ''
  const token = (await openSetup(on.ctx)) ?? ''
  assert.equal(await isSetupToken(on.ctx.db, old), false)
  assert.equal(await isSetupToken(on.ctx.db, token), true)
})
