import { createHmac, randomBytes } from 'node:crypto'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { addressGroup } from '../http/client-address.ts'
import { IdentityError } from './errors.ts'

/** How many failures are let through within how many seconds. */
interface Allowance {
  points: number
  duration: number
}
export interface ThrottleLimits {
  /** By one address on one account or client. */
  pair: Allowance
  /** By one address (IPv6: one /64) on anything. */
  address: Allowance
  /** On one account or client from anywhere: wide, so that a stranger cannot easily lock somebody out. */
  subject: Allowance
}

export const THROTTLE_LIMITS: ThrottleLimits = {
  pair: { points: 10, duration: 900 },
  address: { points: 50, duration: 900 },
  subject: { points: 100, duration: 3600 },
}

export interface Throttle {
  /**
   * Runs an attempt at a password or a client secret and counts it if the credential was wrong
   * (IdentityError `wrong_password`, `bad_client`). `subject` is what was claimed, whether it exists or not.
   *
   * @throws IdentityError `too_many_attempts` without running it; otherwise what the attempt throws.
   */
  guard: <T>(who: { subject: string; address: string }, attempt: () => Promise<T>) => Promise<T>
}

/** Counters in memory, at most 65,536 of each sort however many names are tried. */
const CELLS = 65_536

/** Counts failed attempts of this process. An attempt is counted before it runs, so parallel ones cannot slip through. */
export function createThrottle(limits: ThrottleLimits = THROTTLE_LIMITS): Throttle {
  // Keyed, so that nobody can aim at the counter of somebody else.
  const key = randomBytes(32)
  const cell = (text: string) =>
    String(createHmac('sha256', key).update(text).digest().readUInt32BE() % CELLS)
  const counters = {
    pair: new RateLimiterMemory(limits.pair),
    address: new RateLimiterMemory(limits.address),
    subject: new RateLimiterMemory(limits.subject),
  }
  return {
    async guard(who, attempt) {
      const address = addressGroup(who.address)
      const subject = who.subject.toLowerCase().slice(0, 1024)
      const charges = [
        [counters.pair, cell(`${address}\n${subject}`)],
        [counters.address, cell(address)],
        [counters.subject, cell(subject)],
      ] as const
      for (const [counter, name] of charges) await charge(counter, name)
      try {
        const result = await attempt()
        for (const [counter, name] of charges) await counter.reward(name)
        return result
      } catch (error) {
        if (!isWrongCredential(error)) for (const [counter, name] of charges) await counter.reward(name)
        throw error
      }
    },
  }
}

async function charge(counter: RateLimiterMemory, name: string): Promise<void> {
  try {
    await counter.consume(name)
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error
    const retryAfterSeconds = Math.max(1, Math.ceil(error.msBeforeNext / 1000))
    throw new IdentityError({ kind: 'too_many_attempts', retryAfterSeconds }, { cause: error })
  }
}

function isWrongCredential(error: unknown): boolean {
  if (!(error instanceof IdentityError)) return false
  return error.reason.kind === 'wrong_password' || error.reason.kind === 'bad_client'
}
