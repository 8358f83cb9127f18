import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  checkPassword,
  hashPassword,
  setPassword,
  verifyPassword,
  verifyPasswordOf,
} from '../../src/identity/passwords.ts'
import { findSession, startSession } from '../../src/identity/sessions.ts'
import { createTurns } from '../../src/identity/turns.ts'
import { openIdentity, refused } from './open.ts'

const WORD = 'correct horse 7'

test('a password has 8 to 1024 characters', () => {
  for (const good of [
    '12345678',
    'ä'.repeat(8),
    '🦊'.repeat(8),
    'x'.repeat(1024),
    '🦊'.repeat(1024),
    ' '.repeat(8),
  ])
    assert.doesNotThrow(() => checkPassword(good), good)
  for (const bad of ['', '1234567', '🦊'.repeat(7), 'x'.repeat(1025)])
    assert.throws(() => checkPassword(bad), refused('invalid'), bad)
})

// OWASP password storage: "Use Argon2id with a minimum configuration of 19 MiB of memory, an iteration count of 2, and 1 degree of parallelism."
test('a password is stored as Argon2id with its cost', async () => {
  const hash = await hashPassword(WORD)
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.notEqual(hash, await hashPassword(WORD))
})

test('only the right login and password together are an account', async () => {
  await using on = await openIdentity()
  const ada = await on.person('Ada')
  await on.person('ben')
  await setPassword(on.ctx, ada, WORD)
  const ask = (login: string, password: string) => verifyPassword(on.ctx.db, login, password)

  assert.equal(await ask('Ada', WORD), ada)
  assert.equal(await ask('aDA', WORD), ada)
  assert.equal(await ask('Ada', `${WORD} `), null)
  assert.equal(await ask('Ada', WORD.toUpperCase()), null)
  assert.equal(await ask('Ada', ''), null)
  assert.equal(await ask('Ada', 'x'.repeat(1_000_000)), null)
  assert.equal(await ask('nobody', WORD), null)
  assert.equal(await ask('ben', WORD), null, 'an account without a password')
  assert.equal(await ask('ben', ''), null)
  assert.equal(await verifyPasswordOf(on.ctx.db, ada, WORD), true)
  assert.equal(await verifyPasswordOf(on.ctx.db, ada, 'something else'), false)

  await on.ctx.db.updateTable('account').set({ suspended: 1 }).where('id', '=', ada).execute()
  assert.equal(await ask('Ada', WORD), null)
  assert.equal(await verifyPasswordOf(on.ctx.db, ada, WORD), false)
})

test('the same letters typed in another form are the same password', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada')
  await setPassword(on.ctx, ada, 'caf\u00e9 au lait')
  assert.equal(await verifyPassword(on.ctx.db, 'ada', 'cafe\u0301 au lait'), ada)
})

test('a new password ends all other sessions', async () => {
  await using on = await openIdentity()
  const [ada, ben] = [await on.person('ada'), await on.person('ben')]
  const [here, there, elsewhere] = [
    await startSession(on.ctx, ada, null),
    await startSession(on.ctx, ada, null),
    await startSession(on.ctx, ben, null),
  ]
  const kept = await findSession(on.ctx, here)
  await setPassword(on.ctx, ada, WORD, kept?.hash ?? null)
  assert.equal((await findSession(on.ctx, here))?.account.id, ada)
  assert.equal(await findSession(on.ctx, there), null)
  assert.equal((await findSession(on.ctx, elsewhere))?.account.id, ben)

  await setPassword(on.ctx, ada, `${WORD}!`)
  assert.equal(await findSession(on.ctx, here), null)
})

test('a password that is refused changes nothing', async () => {
  await using on = await openIdentity()
  const ada = await on.person('ada')
  await setPassword(on.ctx, ada, WORD)
  await assert.rejects(setPassword(on.ctx, ada, 'short'), refused('invalid'))
  assert.equal(await verifyPassword(on.ctx.db, 'ada', WORD), ada)
})

test('no more than the given number run at once, the line is bounded, and a failure frees its place', async () => {
  const inTurn = createTurns({ atOnce: 2, waiting: 3 })
  let running = 0
  let most = 0
  const gates: (() => void)[] = []
  const work = async () => {
    running += 1
    most = Math.max(most, running)
    await new Promise<void>((resolve) => gates.push(resolve))
    running -= 1
    throw new Error('done')
  }
  const started = Array.from({ length: 5 }, () => inTurn(work).catch((error: Error) => error.message))
  await assert.rejects(inTurn(work), refused('busy'))
  for (let at = 0; at < 5; at += 1) {
    while (gates.length <= at) await new Promise(setImmediate)
    gates[at]?.()
  }
  assert.deepEqual(
    await Promise.all(started),
    Array.from({ length: 5 }, () => 'done'),
  )
  assert.equal(most, 2)
  assert.equal(await inTurn(() => Promise.resolve('free again')), 'free again')
})
