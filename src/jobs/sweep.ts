import type { Context } from '../context.ts'
import { sweepIdentity } from '../identity/sweep.ts'
import { publishDue } from '../library/items-publish.ts'
import { scheduleSweep, sweepLibrary } from '../library/sweeping.ts'
import type { JobHandler } from '../queue/queue.ts'

/** Clears away what nobody will ask for again. The next sweep is set up first, so that a failure ends nothing. */
export function sweep(ctx: Pick<Context, 'db' | 'clock' | 'blobs' | 'queue'>): JobHandler {
  return async () => {
    await scheduleSweep(ctx)
    await publishDue(ctx, ctx.clock())
    await sweepIdentity(ctx)
    await sweepLibrary(ctx)
  }
}
