import type { IncomingMessage } from 'node:http'
import type { Context } from '../context.ts'
import type { RateLimiter, RateWindow } from '../http/rate-limit.ts'
import type { Admission } from '../http/response-cache.ts'
import type { UsageRecorder } from '../identity/tokens.ts'
import { rateLines } from './rate-answers.ts'
import { openAddressOf } from './reached.ts'

/** Who gets a kept answer, and what that costs them. */
export interface Admitted {
  /** The token they came with; null without one. */
  tokenId: number | null
  /** Null where nothing is counted. */
  windows: readonly RateWindow[] | null
  /** Under which name they are counted, coming from this address. */
  caller: (address: string) => string
  /** Whether a 304 costs nothing and is answered past the limit too. */
  unchangedIsFree: boolean
}

/** Counts requests for kept answers as the door counts the others. */
export function openAdmissions(
  { config, clock }: Pick<Context, 'config' | 'clock'>,
  usage: UsageRecorder,
  limiter: RateLimiter,
): (admitted: Admitted) => Admission {
  const addressOf = openAddressOf(config)

  return ({ tokenId, windows, caller, unchangedIsFree }) =>
    (request: IncomingMessage, unchanged: boolean) => {
      if (tokenId !== null) usage.record(tokenId, clock())
      if (windows === null) return []
      const isFree = unchanged && unchangedIsFree
      const rate = limiter.check(caller(addressOf(request)), windows, !isFree)
      return rate.limited && !isFree ? null : rateLines(rate)
    }
}
