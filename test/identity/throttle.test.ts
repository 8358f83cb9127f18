import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IdentityError } from '../../src/identity/errors.ts'
import { createThrottle } from '../../src/identity/throttle.ts'
import { refused } from './open.ts'

const hour = 3600
const limits = {
  pair: { points: 3, duration: hour },
  address: { points: 6, duration: hour },
  subject: { points: 8, duration: hour },
}
const wrong = () => Promise.reject(new IdentityError({ kind: 'wrong_password' }))
const right = () => Promise.resolve('in')

test('wrong passwords by one address on one account are stopped, right ones after them as well', async () => {
  const { guard } = createThrottle(limits)
  const who = { subject: 'ada', address: '192.0.2.1' }
  for (let n = 0; n < 3; n += 1) await assert.rejects(guard(who, wrong), refused('wrong_password'))
  let ran = false
  const attempt = () => {
    ran = true
    return right()
  }
  await assert.rejects(guard(who, attempt), refused('too_many_attempts'))
  await assert.rejects(guard({ ...who, subject: 'ADA' }, attempt), refused('too_many_attempts'))
  assert.equal(ran, false)
  assert.equal(await guard({ ...who, address: '192.0.2.2' }, right), 'in', 'not from elsewhere')
  assert.equal(await guard({ ...who, subject: 'ben' }, right), 'in', 'nor another account')
})

test('an address is stopped whatever names it tries; an IPv6 one with its whole /64', async () => {
  for (const [first, second, other] of [
    ['192.0.2.1', '192.0.2.1', '192.0.2.9'],
    ['2001:db8::1', '2001:db8::ffff:2', '2001:db8:0:1::1'],
  ] as const) {
    const { guard } = createThrottle(limits)
    for (let n = 0; n < 6; n += 1)
      await assert.rejects(guard({ subject: `name ${n}`, address: first }, wrong), refused('wrong_password'))
    await assert.rejects(guard({ subject: 'ada', address: second }, right), refused('too_many_attempts'))
    assert.equal(await guard({ subject: 'ada', address: other }, right), 'in')
  }
})

test('an account is stopped wherever the attempts come from', async () => {
  const { guard } = createThrottle(limits)
  for (let n = 0; n < 8; n += 1)
    await assert.rejects(guard({ subject: 'ada', address: `192.0.2.${n}` }, wrong), refused('wrong_password'))
  await assert.rejects(guard({ subject: 'ada', address: '192.0.2.99' }, right), refused('too_many_attempts'))
})

test('what succeeds or fails for another reason does not count', async () => {
  const { guard } = createThrottle(limits)
  const who = { subject: 'ada', address: '192.0.2.1' }
  const busy = () => Promise.reject(new IdentityError({ kind: 'busy', retryAfterSeconds: 1 }))
  for (let n = 0; n < 20; n += 1) assert.equal(await guard(who, right), 'in')
  for (let n = 0; n < 20; n += 1) await assert.rejects(guard(who, busy), refused('busy'))
  assert.equal(await guard(who, right), 'in')
})

test('parallel attempts cannot slip through together', async () => {
  const { guard } = createThrottle(limits)
  let ran = 0
  const attempt = async () => {
    ran += 1
    await new Promise(setImmediate)
    throw new IdentityError({ kind: 'bad_client' })
  }
  const all = Array.from({ length: 50 }, () => guard({ subject: 'c', address: '192.0.2.1' }, attempt))
  const results = await Promise.allSettled(all)
  assert.equal(
    results.every(({ status }) => status === 'rejected'),
    true,
  )
  assert.equal(ran, 3)
})

test('the refusal says when to come again', async () => {
  const { guard } = createThrottle(limits)
  const who = { subject: 'ada', address: '192.0.2.1' }
  for (let n = 0; n < 3; n += 1) await assert.rejects(guard(who, wrong))
  const error: unknown = await guard(who, right).catch((thrown: unknown) => thrown)
  assert.ok(error instanceof IdentityError && error.reason.kind === 'too_many_attempts')
  assert.ok(error.reason.retryAfterSeconds > 0 && error.reason.retryAfterSeconds <= hour)
})
