import type { Config } from '../../config.ts'
import { addressGroup } from '../../http/client-address.ts'
import type { RateWindow } from '../../http/rate-limit.ts'
import type { Call } from './call.ts'

/**
 * "For requests using OAuth, you can make up to 1000 requests per hour. For unauthenticated requests, the rate limit
 * allows you to make up to 50 requests per 15 minutes" ("Rate Limiting"). Windows begin on the clock.
 */
const WITH_TOKEN: readonly RateWindow[] = [{ seconds: 3600, limit: 1000 }]
const WITHOUT_TOKEN: readonly RateWindow[] = [{ seconds: 900, limit: 50 }]

/** Null where there is no limit. */
export function windowsFor(config: Config, { viewer }: Pick<Call, 'viewer'>): readonly RateWindow[] | null {
  const limits = config.VITRINE_TOOKAPIC_LIMITS
  if (limits === 'off') return null
  if (limits !== 'v2') return limits.windows
  return viewer.accountId === null ? WITHOUT_TOKEN : WITH_TOKEN
}

/** Who is counted: application and account together, or an address group without a token. */
export function rateCaller({ viewer, address }: Pick<Call, 'viewer' | 'address'>): string {
  const who = viewer.accountId === null ? addressGroup(address) : `${viewer.app?.id ?? 0}/${viewer.accountId}`
  return `tookapic ${who}`
}
