import type { Context } from '../context.ts'
import { collectGarbage, collectLater } from '../library/garbage.ts'
import type { JobHandler } from '../queue/queue.ts'

/** Removes blobs that nothing refers to any more; comes back for what must still wait. */
export function collect(ctx: Pick<Context, 'db' | 'clock' | 'blobs' | 'queue'>): JobHandler {
  return async () => {
    const { waiting } = await collectGarbage(ctx)
    if (waiting > 0) await collectLater(ctx)
  }
}
