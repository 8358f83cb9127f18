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
test('windows end with the clock, not an hour after the first call', () => {
  const { check, goTo } = limiterAt('2014-02-13T19:30:30Z')
  assert.deepEqual(check('ada', [HOUR], true), {
    limited: false,
    limit: 60,
    remaining: 59,
    resetEpochSeconds: 1_392_321_600,
    countedEpochSeconds: 1_392_319_830,
  })
  goTo('2014-02-13T19:59:59Z')
  assert.equal(check('ada', [HOUR], true).remaining, 58)
  goTo('2014-02-13T20:00:00Z')
  assert.equal(check('ada', [HOUR], true).remaining, 59)
})

test('of 200 calls at once exactly 60 pass', () => {
  const { check } = limiterAt('2014-02-13T19:30:30Z')
  const states = Array.from({ length: 200 }, () => check('ada', [HOUR], true))
  assert.equal(states.filter(({ limited }) => !limited).length, 60)
  assert.deepEqual(
    new Set(states.filter(({ limited }) => !limited).map(({ remaining }) => remaining)).size,
    60,
  )
  assert.ok(states.filter(({ limited }) => limited).every(({ remaining }) => remaining === 0))
  assert.equal(check('bob', [HOUR], true).limited, false)
})

test('looking costs nothing and tells what the next call would meet', () => {
  const { check } = limiterAt('2014-02-13T19:30:30Z')
  const one = [{ seconds: 60, limit: 1 }]
  for (let call = 0; call < 5; call += 1) {
    assert.deepEqual([check('ada', one, false).limited, check('ada', one, false).remaining], [false, 1])
  }
  assert.equal(check('ada', one, true).limited, false)
  assert.deepEqual([check('ada', one, false).limited, check('ada', one, false).remaining], [true, 0])
})

test('of several windows the tightest is told, and a refused call burns none of the others', () => {
  const { check, goTo } = limiterAt('2014-02-13T19:30:30Z')
  const windows = [
    { seconds: 60, limit: 2 },
    { seconds: 86_400, limit: 5 },
  ]
  assert.equal(check('ada', windows, true).limit, 2)
  check('ada', windows, true)
  for (let call = 0; call < 20; call += 1) {
    const { limited, limit } = check('ada', windows, true)
    assert.deepEqual({ limited, limit }, { limited: true, limit: 2 })
  }
  goTo('2014-02-13T19:31:00Z')
  assert.deepEqual(pick(check('ada', windows, true)), { limited: false, limit: 2, remaining: 1 })
  check('ada', windows, true)
  goTo('2014-02-13T19:32:00Z')
  assert.deepEqual(pick(check('ada', windows, true)), { limited: false, limit: 5, remaining: 0 })
  const refused = check('ada', windows, true)
  assert.deepEqual(pick(refused), { limited: true, limit: 5, remaining: 0 })
  assert.equal(refused.resetEpochSeconds, Date.parse('2014-02-14T00:00:00Z') / 1000)
})

test('a free answer is given back, to the window it was taken from', () => {
  const { check, refund, goTo } = limiterAt('2014-02-13T19:59:59Z')
  const state = check('ada', [HOUR], true)
  goTo('2014-02-13T20:00:00Z')
  check('ada', [HOUR], true)
  assert.equal(refund('ada', [HOUR], state).remaining, 60)
  assert.equal(check('ada', [HOUR], false).remaining, 59)
})

test('a clock that jumps back or far ahead leaves nobody shut out', () => {
  const { check, goTo } = limiterAt('2014-02-13T19:30:30Z')
  const one = [{ seconds: 60, limit: 1 }]
  for (const time of ['2024-02-13T19:30:30Z', '2014-02-11T19:30:30Z', '1970-01-01T00:00:00Z']) {
    goTo(time)
    assert.equal(check('ada', one, true).limited, false)
    assert.equal(check('ada', one, true).limited, true)
  }
})

test('the memory store forgets the key not used for longest, and unknown keys stay unknown', () => {
  const store = memoryRateStore({ maxKeys: 2 })
  store.consume('a', 5, 60)
  store.consume('b', 1, 60)
  store.consume('a', 1, 60)
  store.consume('c', 1, 60)
  assert.deepEqual([store.peek('a'), store.peek('b'), store.peek('c')], [6, 0, 1])
  assert.equal(store.refund('b', 1), 0)
  assert.equal(store.consume('b', 1, 60), 1)
  assert.equal(store.refund('b', 3), 0)
})

test('windows that cannot be counted are a mistake of the caller', () => {
  const { check } = limiterAt('2014-02-13T19:30:30Z')
  assert.throws(() => check('ada', [], true), RangeError)
  assert.throws(() => check('ada', [{ seconds: 0, limit: 1 }], true), RangeError)
  assert.throws(() => check('ada', [{ seconds: 40 * 86_400, limit: 1 }], true), RangeError)
})

function pick({ limited, limit, remaining }: { limited: boolean; limit: number; remaining: number }) {
  return { limited, limit, remaining }
}
