import type { Config } from '../../config.ts'
import { addressGroup } from '../../http/client-address.ts'
import type { RateWindow } from '../../http/rate-limit.ts'
import type { Call } from './call.ts'

export interface LimitProfile {
  withToken: readonly RateWindow[]
  withoutToken: readonly RateWindow[]
  /** Status of the answer past the limit. */
  status: number
}

const hour = 3600
const day = 86_400

/**
 * The limits this service had at different times. `draft2014` is the API v1 overview, "Rate Limiting"; the others
 * are the numbers of its later pages. Windows are fixed and begin on the clock: in the overview's sample the answer
 * of 19:30 resets at 20:00.
 */
const PROFILES: Readonly<Record<'draft2014' | 'v1' | 'v2', LimitProfile>> = {
  draft2014: {
    withToken: [{ seconds: hour, limit: 3600 }],
    withoutToken: [{ seconds: hour, limit: 60 }],
    status: 403,
  },
  v1: perMinuteAndDay(10_000),
  v2: perMinuteAndDay(1440),
}

function perMinuteAndDay(dayLimit: number): LimitProfile {
  const windows = [
    { seconds: 60, limit: 60 },
    { seconds: day, limit: dayLimit },
  ]
  return { withToken: windows, withoutToken: windows, status: 429 }
}

/** Null where there is no limit: the pages beside the APIs, or a profile of `off`. */
export function profileFor(config: Config, { version }: Pick<Call, 'version'>): LimitProfile | null {
  if (version === 'site') return null
  const name = version === 'v1' ? config.VITRINE_DRIBBBLE_V1_LIMITS : config.VITRINE_DRIBBBLE_V2_LIMITS
  if (name === 'off') return null
  if (typeof name === 'string') return PROFILES[name]
  // Limits of the operator's own are refused as the documentation of the version says.
  const { windows } = name
  return { withToken: windows, withoutToken: windows, status: version === 'v1' ? 403 : 429 }
}

/** The windows that count for a caller; null where there is no limit. */
export function windowsFor(
  config: Config,
  call: Pick<Call, 'version' | 'viewer'>,
): readonly RateWindow[] | null {
  const profile = profileFor(config, call)
  if (profile === null) return null
  return call.viewer.accountId === null ? profile.withoutToken : profile.withToken
}

/** Who is counted: application and account together, or an address group without a token. */
export function rateCaller({
  version,
  viewer,
  address,
}: Pick<Call, 'version' | 'viewer' | 'address'>): string {
  const who = viewer.accountId === null ? addressGroup(address) : `${viewer.app?.id ?? 0}/${viewer.accountId}`
  return `dribbble ${version} ${who}`
}
