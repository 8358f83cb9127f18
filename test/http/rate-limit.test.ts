import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRateLimiter, memoryRateStore } from '../../src/http/rate-limit.ts'
import type { RateStore } from '../../src/http/rate-limit.ts'

const HOUR = { seconds: 3600, limit: 60 }

function limiterAt(time: string, store: RateStore = memoryRateStore()) {
  let now = new Date(time)
  const limiter = createRateLimiter({ store, clock: () => now })
  return { ...limiter, goTo: (later: string) => (now = new Date(later)) }
}

// API v1 overview, "Rate Limiting": Date 19:30:30 and reset 1392321600, the full hour
test('windows end with the clock, not an hour after the first call', async () => {
  const { check, goTo } = limiterAt('2014-02-13T19:30:30Z')
  assert.deepEqual(await check('ada', [HOUR], true), {
    limited: false,
    limit: 60,
    remaining: 59,
    resetEpochSeconds: 1_392_321_600,
    countedEpochSeconds: 1_392_319_830,
  })
  goTo('2014-02-13T19:59:59Z')
  assert.equal((await check('ada', [HOUR], true)).remaining, 58)
  goTo('2014-02-13T20:00:00Z')
  assert.equal((await check('ada', [HOUR], true)).remaining, 59)
})

test('of 200 calls at once exactly 60 pass', async () => {
  const { check } = limiterAt('2014-02-13T19:30:30Z')
  const states = await Promise.all(Array.from({ length: 200 }, () => check('ada', [HOUR], true)))
  assert.equal(states.filter(({ limited }) => !limited).length, 60)
  assert.deepEqual(
    new Set(states.filter(({ limited }) => !limited).map(({ remaining }) => remaining)).size,
    60,
  )
  assert.ok(states.filter(({ limited }) => limited).every(({ remaining }) => remaining === 0))
  assert.equal((await check('bob', [HOUR], true)).limited, false)
})

test('looking costs nothing and tells what the next call would meet', async () => {
  const { check } = limiterAt('2014-02-13T19:30:30Z')
  const one = [{ seconds: 60, limit: 1 }]
  for (let call = 0; call < 5; call += 1) {
    assert.deepEqual(
      [(await check('ada', one, false)).limited, (await check('ada', one, false)).remaining],
      [false, 1],
    )
  }
  assert.equal((await check('ada', one, true)).limited, false)
  assert.deepEqual(
    [(await check('ada', one, false)).limited, (await check('ada', one, false)).remaining],
    [true, 0],
  )
})

test('of several windows the tightest is told, and a refused call burns none of the others', async () => {
  const { check, goTo } = limiterAt('2014-02-13T19:30:30Z')
  const windows = [
    { seconds: 60, limit: 2 },
    { seconds: 86_400, limit: 5 },
  ]
  assert.equal((await check('ada', windows, true)).limit, 2)
  await check('ada', windows, true)
  for (let call = 0; call < 20; call += 1) {
    const { limited, limit } = await check('ada', windows, true)
    assert.deepEqual({ limited, limit }, { limited: true, limit: 2 })
  }
  goTo('2014-02-13T19:31:00Z')
  assert.deepEqual(pick(await check('ada', windows, true)), { limited: false, limit: 2, remaining: 1 })
  await check('ada', windows, true)
  goTo('2014-02-13T19:32:00Z')
  assert.deepEqual(pick(await check('ada', windows, true)), { limited: false, limit: 5, remaining: 0 })
  const refused = await check('ada', windows, true)
  assert.deepEqual(pick(refused), { limited: true, limit: 5, remaining: 0 })
  assert.equal(refused.resetEpochSeconds, Date.parse('2014-02-14T00:00:00Z') / 1000)
})

test('a free answer is given back, to the window it was taken from', async () => {
  const { check, refund, goTo } = limiterAt('2014-02-13T19:59:59Z')
  const state = await check('ada', [HOUR], true)
  goTo('2014-02-13T20:00:00Z')
  await check('ada', [HOUR], true)
  assert.equal((await refund('ada', [HOUR], state)).remaining, 60)
  assert.equal((await check('ada', [HOUR], false)).remaining, 59)
})

test('a clock that jumps back or far ahead leaves nobody shut out', async () => {
  const { check, goTo } = limiterAt('2014-02-13T19:30:30Z')
  const one = [{ seconds: 60, limit: 1 }]
  for (const time of ['2024-02-13T19:30:30Z', '2014-02-11T19:30:30Z', '1970-01-01T00:00:00Z']) {
    goTo(time)
    assert.equal((await check('ada', one, true)).limited, false)
    assert.equal((await check('ada', one, true)).limited, true)
  }
})

test('the memory store forgets the key not used for longest, and unknown keys stay unknown', async () => {
  const store = memoryRateStore({ maxKeys: 2 })
  await store.consume('a', 5, 60)
  await store.consume('b', 1, 60)
  await store.consume('a', 1, 60)
  await store.consume('c', 1, 60)
  assert.deepEqual([await store.peek('a'), await store.peek('b'), await store.peek('c')], [6, 0, 1])
  assert.equal(await store.refund('b', 1), 0)
  assert.equal(await store.consume('b', 1, 60), 1)
  assert.equal(await store.refund('b', 3), 0)
})

test('windows that cannot be counted are a mistake of the caller', async () => {
  const { check } = limiterAt('2014-02-13T19:30:30Z')
  await assert.rejects(check('ada', [], true), RangeError)
  await assert.rejects(check('ada', [{ seconds: 0, limit: 1 }], true), RangeError)
  await assert.rejects(check('ada', [{ seconds: 40 * 86_400, limit: 1 }], true), RangeError)
})

function pick({ limited, limit, remaining }: { limited: boolean; limit: number; remaining: number }) {
  return { limited, limit, remaining }
}
