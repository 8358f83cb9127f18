import type { Context } from '../context.ts'
import { collectGarbage, collectLater, markOrphans } from './garbage.ts'
import { forgetAnswers } from './idempotency.ts'
import { deleteWaitingJobs } from './store/jobs.ts'
import { findStuck } from './stuck.ts'

const hourMs = 60 * 60 * 1000
/** How long what nobody needs may lie about, a little more while no server runs: every start sweeps, too. */
export const sweepEveryMs = 6 * hourMs

/** Removes old answers, uploads that were cut short and bytes that nothing refers to; gives what is stuck a new job. */
export async function sweepLibrary(ctx: Pick<Context, 'db' | 'clock' | 'blobs' | 'queue'>): Promise<void> {
  await forgetAnswers(ctx)
  await ctx.blobs.sweepIncoming(hourMs)
  for (const { job } of await findStuck(ctx)) await ctx.queue.enqueue(ctx.db, job)
  // Also the youngest: a process that was killed may have left them, and the next sweep is hours away. They are
  // looked at again when they are collected.
  await markOrphans(ctx, 0)
  const { waiting } = await collectGarbage(ctx)
  if (waiting > 0) await collectLater(ctx)
}

/** Has the next sweep done in six hours, or when said. There is never more than one waiting. */
export async function scheduleSweep(
  ctx: Pick<Context, 'db' | 'clock' | 'queue'>,
  inMs: number = sweepEveryMs,
): Promise<void> {
  const nowMs = ctx.clock().getTime()
  await ctx.db.transaction().execute(async (db) => {
    await deleteWaitingJobs(db, 'sweep', nowMs)
    await ctx.queue.enqueue(db, { kind: 'sweep', payload: {}, runAt: new Date(nowMs + inMs) })
  })
}
