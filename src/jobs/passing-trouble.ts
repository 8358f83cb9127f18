import type { Context } from '../context.ts'
import { LibraryError } from '../library/errors.ts'
import { storageReason } from '../library/failures.ts'
import { MediaError, MediaFailure } from '../media/errors.ts'
import type { Job } from '../queue/queue.ts'

const againAfterMs = 60_000

/** What a picture's owner reads when the decoder died of it. */
const crashed = 'the picture could not be processed'

/** Whether the trouble is with the machine and will pass: a full disk, a database away, too much to do. */
function willPass(ctx: Pick<Context, 'trouble'>, error: unknown): boolean {
  if (error instanceof MediaFailure)
    return error.kind === 'busy' || error.code === 'ENOSPC' || error.code === 'EDQUOT'
  const reason = error instanceof LibraryError ? error.reason : storageReason(ctx, error)
  return reason?.kind === 'storage_full' || reason?.kind === 'unavailable'
}

/**
 * What to do about a picture that could not be processed: give it up with a sentence when the picture is to blame
 * (also when its decoder died at every try), put it off when the machine is and that will pass, else fail the job.
 */
export async function afterTrouble(
  ctx: Pick<Context, 'db' | 'clock' | 'queue' | 'trouble'>,
  job: Job,
  error: unknown,
  giveUp: (sentence: string) => Promise<unknown>,
): Promise<void> {
  if (error instanceof MediaError) {
    await giveUp(error.detail)
    return
  }
  if (job.last && error instanceof MediaFailure && error.kind === 'crashed') await giveUp(crashed)
  if (!job.last || !willPass(ctx, error)) throw error
  const runAt = new Date(ctx.clock().getTime() + againAfterMs)
  await ctx.queue.enqueue(ctx.db, { kind: job.kind, payload: job.payload, runAt })
}
