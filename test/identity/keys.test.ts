import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findKey, keyCreatedAt, resetKey } from '../../src/identity/keys.ts'
import { openIdentity } from './open.ts'

test('an account has one API key, stored as a hash', async () => {
  await using on = await openIdentity()
  const [ada, ben] = [await on.person('ada', { role: 'moderator' }), await on.person('ben')]
  assert.equal(await keyCreatedAt(on.ctx.db, ada), null)
  const key = await resetKey(on.ctx, ada)
  assert.match(key, /^[0-9a-f]{40}$/)
  assert.deepEqual(await findKey(on.ctx.db, key), { accountId: ada, role: 'moderator' })
  assert.deepEqual(await keyCreatedAt(on.ctx.db, ada), on.ctx.clock())
  const stored = JSON.stringify(await on.ctx.db.selectFrom('api_key').selectAll().execute())
  assert.equal(stored.includes(key), false)

  const other = await resetKey(on.ctx, ben)
  const next = await resetKey(on.ctx, ada)
  assert.equal(await findKey(on.ctx.db, key), null)
  assert.equal((await findKey(on.ctx.db, next))?.accountId, ada)
  assert.equal((await findKey(on.ctx.db, other))?.accountId, ben)
  for (const wrong of ['', 'x', `${next}0`, 'x'.repeat(1_000_000)])
    assert.equal(await findKey(on.ctx.db, wrong), null)
})

test('the key of a suspended account is nobody’s', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada')
  const key = await resetKey(on.ctx, ada)
  await on.ctx.db.updateTable('account').set({ suspended: 1 }).where('id', '=', ada).execute()
  assert.equal(await findKey(on.ctx.db, key), null)
})
