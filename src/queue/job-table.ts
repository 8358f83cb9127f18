import { engineOf } from '../database/engine.ts'
import type { Db } from '../database/open.ts'

/** A job this process has claimed. `attempts` counts this claim, and tells it from every other claim of the job. */
export interface ClaimedJob {
  id: number
  kind: string
  payload: string
  attempts: number
}

type Claim = Pick<ClaimedJob, 'id' | 'attempts'>

export async function insertJob(
  db: Db,
  job: { kind: string; payload: object; runMs: number; nowMs: number },
): Promise<void> {
  const payload = JSON.stringify(job.payload)
  await db
    .insertInto('job')
    .values({ kind: job.kind, payload, run_ms: job.runMs, created_ms: job.nowMs })
    .execute()
}

/** Which jobs one process may take now. */
export interface Choice {
  /** At least one. */
  kinds: readonly string[]
  /** The jobs the process runs already: a clock that leaps must not make it claim them again. */
  except: readonly number[]
  nowMs: number
}

function unclaimed(db: Db, { kinds, except, nowMs }: Choice) {
  const free = db
    .selectFrom('job')
    .where('failed_ms', 'is', null)
    .where('lease_ms', '<=', nowMs)
    .where('kind', 'in', kinds)
    .orderBy('run_ms')
    .orderBy('id')
  return except.length === 0 ? free : free.where('id', 'not in', except)
}

/** When the first job that nobody works on is to run, or null. It only reads, and locks nothing. */
export async function nextRunMs(db: Db, choice: Choice): Promise<number | null> {
  const row = await unclaimed(db, choice).select('run_ms').limit(1).executeTakeFirst()
  return row?.run_ms ?? null
}

/**
 * Claims due jobs, the longest due first, for `leaseMs`: one statement, so no job is claimed twice. The
 * choice stands in a WITH of its own because PostgreSQL may run a subquery of IN again for each row, past its limit.
 */
export async function claimJobs(
  db: Db,
  choice: Choice,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<ClaimedJob[]> {
  const due = unclaimed(db, choice).select('id').where('run_ms', '<=', choice.nowMs).limit(limit)
  const claimed = await db
    .with('due', () => (engineOf(db) === 'postgres' ? due.forUpdate().skipLocked() : due))
    .updateTable('job')
    .set((eb) => ({ lease_ms: choice.nowMs + leaseMs, attempts: eb('attempts', '+', 1) }))
    .where('id', 'in', (eb) => eb.selectFrom('due').select('due.id'))
    .returning(['id', 'kind', 'payload', 'attempts', 'run_ms'])
    .execute()
  return claimed.toSorted((a, b) => a.run_ms - b.run_ms || a.id - b.id)
}

/** Holds a claim for longer, unless it was lost. */
export async function renewClaim(db: Db, claim: Claim, leaseMs: number): Promise<void> {
  await db
    .updateTable('job')
    .set({ lease_ms: leaseMs })
    .where('id', '=', claim.id)
    .where('attempts', '=', claim.attempts)
    .where('lease_ms', '>', 0)
    .execute()
}

export async function finishJob(db: Db, claim: Claim): Promise<void> {
  await db.deleteFrom('job').where('id', '=', claim.id).where('attempts', '=', claim.attempts).execute()
}

export async function postponeJob(db: Db, claim: Claim, runMs: number): Promise<void> {
  await db
    .updateTable('job')
    .set({ lease_ms: 0, run_ms: runMs })
    .where('id', '=', claim.id)
    .where('attempts', '=', claim.attempts)
    .execute()
}

export async function setJobAside(
  db: Db,
  claim: Claim,
  failure: { failedMs: number; error: string },
): Promise<void> {
  await db
    .updateTable('job')
    .set({ lease_ms: 0, failed_ms: failure.failedMs, error: failure.error })
    .where('id', '=', claim.id)
    .where('attempts', '=', claim.attempts)
    .execute()
}

/**
 * Lets go of the claims of processes that are gone: all of them on SQLite, where one process works on a database;
 * on PostgreSQL those that have run out, because the others may belong to living workers.
 */
export async function releaseClaims(db: Db, nowMs: number): Promise<number> {
  const claimed = db
    .updateTable('job')
    .set({ lease_ms: 0 })
    .where('failed_ms', 'is', null)
    .where('lease_ms', '>', 0)
  const dead = engineOf(db) === 'postgres' ? claimed.where('lease_ms', '<=', nowMs) : claimed
  const { numUpdatedRows } = await dead.executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}
