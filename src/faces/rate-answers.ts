import type { RateState } from '../http/rate-limit.ts'

/** The three headers of the limit, by their documented names: the end of the window is in UTC epoch seconds. */
export function rateNumbers({ limit, remaining, resetEpochSeconds }: RateState) {
  return {
    'X-RateLimit-Limit': limit,
    'X-RateLimit-Remaining': remaining,
    'X-RateLimit-Reset': resetEpochSeconds,
  }
}

/** The same as headers. */
export function rateHeaders(state: RateState): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rateNumbers(state)).map(([name, number]) => [name.toLowerCase(), String(number)]),
  )
}

/** Whole seconds until the window ends, at least one. */
export function secondsToReset({ resetEpochSeconds }: RateState, now: Date): number {
  return Math.max(1, resetEpochSeconds - Math.floor(now.getTime() / 1000))
}
