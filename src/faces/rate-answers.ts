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
export function rateHeaders({ limit, remaining, resetEpochSeconds }: RateState): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(resetEpochSeconds),
  }
}

/** The same as names and values in turn. */
export function rateLines({ limit, remaining, resetEpochSeconds }: RateState): string[] {
  return [
    'X-RateLimit-Limit',
    String(limit),
    'X-RateLimit-Remaining',
    String(remaining),
    'X-RateLimit-Reset',
    String(resetEpochSeconds),
  ]
}

/** Whole seconds until the window ends, at least one. */
export function secondsToReset({ resetEpochSeconds }: RateState, now: Date): number {
  return Math.max(1, resetEpochSeconds - Math.floor(now.getTime() / 1000))
}
