import type { Logger } from 'pino'
import type { Db } from '../database/open.ts'
import { finishJob, postponeJob, renewClaim, setJobAside, type ClaimedJob } from './job-table.ts'
import type { Job, JobHandler } from './queue.ts'

export interface Bench {
  db: Db
  clock: () => Date
  log: Pick<Logger, 'warn' | 'error'>
  /** Tries before a job is set aside. */
  maxAttempts: number
  /** How long a claim lasts unless it is renewed; it is renewed three times in that time. */
  leaseMs: number
  /** Wait after the first failure; it doubles with each. */
  backoffMs: number
}

/** Runs one claimed job and writes down what came of it. Never throws: what cannot be written is logged. */
export async function runJob(bench: Bench, claimed: ClaimedJob, handler: JobHandler): Promise<void> {
  const failure = claimed.attempts > bench.maxAttempts ? vanished : await attempt(bench, claimed, handler)
  try {
    await settle(bench, claimed, failure)
  } catch (error) {
    // The claim runs out and the job is tried again, so a handler must bear running twice.
    bench.log.error({ ...nameOf(claimed), err: brief(error) }, 'the end of a job could not be recorded')
  }
}

/** A job whose process died during the last try is claimed once more, only to be set aside. */
const vanished = new Error('The process that ran the job ended before the job did.')

async function attempt(bench: Bench, claimed: ClaimedJob, handler: JobHandler): Promise<unknown> {
  const claim = keepClaim(bench, claimed)
  try {
    await handler(readJob(claimed, bench.maxAttempts))
    return undefined
  } catch (error) {
    return error ?? new Error('failed without an error')
  } finally {
    await claim.end()
  }
}

function readJob({ id, kind, payload, attempts }: ClaimedJob, maxAttempts: number): Job {
  const read: unknown = JSON.parse(payload)
  if (typeof read !== 'object' || read === null) throw new Error('the payload is no object')
  return { id, kind, payload: { ...read }, attempt: attempts, last: attempts >= maxAttempts }
}

/** Renews a claim for as long as its job runs. */
function keepClaim(bench: Bench, claimed: ClaimedJob): { end: () => Promise<void> } {
  let renewing = Promise.resolve()
  const renew = async () => {
    try {
      await renewClaim(bench.db, claimed, bench.clock().getTime() + bench.leaseMs)
    } catch (error) {
      bench.log.warn({ ...nameOf(claimed), err: brief(error) }, 'the claim on a job could not be renewed')
    }
  }
  const timer = setInterval(() => {
    renewing = renewing.then(renew)
  }, bench.leaseMs / 3)
  timer.unref()
  return {
    end() {
      clearInterval(timer)
      return renewing
    },
  }
}

async function settle(bench: Bench, claimed: ClaimedJob, failure: unknown): Promise<void> {
  if (failure === undefined) return finishJob(bench.db, claimed)

  const nowMs = bench.clock().getTime()
  const about = { ...nameOf(claimed), attempt: claimed.attempts, err: brief(failure) }
  if (claimed.attempts >= bench.maxAttempts) {
    await setJobAside(bench.db, claimed, { failedMs: nowMs, error: messageOf(failure) })
    bench.log.error(about, 'a job was set aside after its last try')
    return
  }
  await postponeJob(bench.db, claimed, nowMs + bench.backoffMs * 2 ** (claimed.attempts - 1))
  bench.log.warn(about, 'a job failed and will be tried again')
}

const nameOf = ({ id, kind }: ClaimedJob) => ({ job: id, kind })

/** The first 500 characters; NUL, which PostgreSQL cannot store, is left out. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error)
  return message.replaceAll('\0', '').slice(0, 500)
}

/** What the log gets of an error: no fields a library may have hung on it, which can hold what the job was given. */
export function brief(error: unknown) {
  const type = error instanceof Error ? error.name : typeof error
  return { type, message: messageOf(error), stack: error instanceof Error ? stackOf(error) : '' }
}

/** The calls, without the message, which may be long. */
function stackOf(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 20)
    .join('\n')
}
