import type { Db } from '../../database/open.ts'

/** Whether a job of this kind waits for its time, beside those that run now. */
export async function hasWaitingJob(db: Db, kind: string, nowMs: number): Promise<boolean> {
  const row = await db
    .selectFrom('job')
    .select('id')
    .where('kind', '=', kind)
    .where('failed_ms', 'is', null)
    .where('lease_ms', '<=', nowMs)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The payloads of every job of a kind that is not set aside, waiting or running. */
export async function payloadsOf(db: Db, kind: string): Promise<string[]> {
  const rows = await db
    .selectFrom('job')
    .select('payload')
    .where('kind', '=', kind)
    .where('failed_ms', 'is', null)
    .execute()
  return rows.map(({ payload }) => payload)
}

/** Takes back the jobs of a kind that wait for their time. */
export async function deleteWaitingJobs(db: Db, kind: string, nowMs: number): Promise<void> {
  await db
    .deleteFrom('job')
    .where('kind', '=', kind)
    .where('failed_ms', 'is', null)
    .where('lease_ms', '<=', nowMs)
    .execute()
}
