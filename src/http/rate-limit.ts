/** Counts points under keys that are forgotten by themselves; each call is one atomic step. */
export interface RateStore {
  /** Adds points and tells how many the key holds after that. The key lives for at least `windowSeconds`. */
  consume(key: string, points: number, windowSeconds: number): number
  /** Points the key holds, 0 for an unknown one. */
  peek(key: string): number
  /** Gives points back and tells how many the key holds after that; an unknown key stays unknown. */
  refund(key: string, points: number): number
}

/** So many calls in a stretch of time that begins at a multiple of `seconds` since 1970: 3600 is the clock hour. */
export interface RateWindow {
  seconds: number
  limit: number
}

export interface RateState {
  limited: boolean
  limit: number
  remaining: number
  /** When the window told about ends, in seconds since 1970. */
  resetEpochSeconds: number
  /** When this was counted, in seconds since 1970; a refund goes to the windows of that moment. */
  countedEpochSeconds: number
}

export interface RateLimiter {
  /**
   * Counts a call of `caller` (or only looks, without `charge`) in all windows at once; a refused call costs nothing
   * in any of them. What comes back is the tightest window: of those that refuse, the one that ends last;
   * otherwise the one with the fewest calls left.
   *
   * @throws RangeError if there is no window, or one longer than 24 days.
   */
  check: (caller: string, windows: readonly RateWindow[], charge: boolean) => RateState
  /** Takes back the charge of a check that was not limited, for answers that are free, and tells the new state. */
  refund: (caller: string, windows: readonly RateWindow[], state: RateState) => RateState
}

/** Longest life of a timer, which a store may give each key. */
const LONGEST_WINDOW_SECONDS = 24 * 86_400

/**
 * A store inside this process. It holds at most `maxKeys` keys and forgets the one not counted for longest, so a
 * flood of addresses costs memory once and never lets a busy caller start anew. Old keys go when new ones come.
 */
export function memoryRateStore({ maxKeys = 100_000 }: { maxKeys?: number } = {}): RateStore {
  // A Map keeps the order of insertion: the first key is the one not counted for longest.
  const counts = new Map<string, { points: number; untilMs: number }>()

  function forgetOld(): void {
    const nowMs = Date.now()
    for (const [key, { untilMs }] of counts) {
      if (counts.size <= maxKeys && untilMs > nowMs) return
      counts.delete(key)
    }
  }

  return {
    consume(key, points, windowSeconds) {
      const known = counts.get(key)
      const count = known ?? { points: 0, untilMs: Date.now() + windowSeconds * 1000 }
      count.points += points
      counts.delete(key)
      counts.set(key, count)
      if (known === undefined) forgetOld()
      return count.points
    },
    peek: (key) => counts.get(key)?.points ?? 0,
    refund(key, points) {
      const known = counts.get(key)
      if (known === undefined) return 0
      known.points = Math.max(0, known.points - points)
      return known.points
    },
  }
}

/** Fixed windows aligned to the clock, over any store. */
export function createRateLimiter({ store, clock }: { store: RateStore; clock: () => Date }): RateLimiter {
  return {
    check(caller, windows, charge) {
      const now = Math.floor(clock().getTime() / 1000)
      const used = inEach(windows, (window) => {
        const key = windowKey(caller, window, now)
        return charge ? store.consume(key, 1, window.seconds) : store.peek(key)
      })
      // A charged call is counted in `used` already; one that only looks asks about the call to come.
      const next = charge ? 0 : 1
      const refusing = windows.filter((window, at) => (used[at] ?? 0) + next > window.limit)
      if (refusing.length === 0) return tightest(windows, used, now)

      if (charge) inEach(windows, (window) => store.refund(windowKey(caller, window, now), 1))
      return refusal(refusing, now)
    },
    refund(caller, windows, { countedEpochSeconds }) {
      const used = inEach(windows, (window) =>
        store.refund(windowKey(caller, window, countedEpochSeconds), 1),
      )
      return tightest(windows, used, countedEpochSeconds)
    },
  }
}

function inEach(windows: readonly RateWindow[], act: (window: RateWindow) => number): number[] {
  if (windows.length === 0) throw new RangeError('A rate limit needs at least one window.')
  if (windows.some(({ seconds }) => !(seconds >= 1 && seconds <= LONGEST_WINDOW_SECONDS))) {
    throw new RangeError('A window lasts from one second to 24 days.')
  }
  return windows.map(act)
}

/** The number of the window is part of the key, so the next window begins at nothing. */
function windowKey(caller: string, { seconds }: RateWindow, now: number): string {
  return `${caller}|${seconds}|${Math.floor(now / seconds)}`
}

function endOf({ seconds }: RateWindow, now: number): number {
  return (Math.floor(now / seconds) + 1) * seconds
}

function refusal(refusing: readonly RateWindow[], now: number): RateState {
  const last = refusing.reduce((one, other) => (endOf(other, now) > endOf(one, now) ? other : one))
  return {
    limited: true,
    limit: last.limit,
    remaining: 0,
    resetEpochSeconds: endOf(last, now),
    countedEpochSeconds: now,
  }
}

function tightest(windows: readonly RateWindow[], used: readonly number[], now: number): RateState {
  const states = windows.map((window, at) => ({
    limited: false,
    limit: window.limit,
    remaining: Math.max(0, window.limit - (used[at] ?? 0)),
    resetEpochSeconds: endOf(window, now),
    countedEpochSeconds: now,
  }))
  return states.reduce((one, other) => (other.remaining < one.remaining ? other : one))
}
