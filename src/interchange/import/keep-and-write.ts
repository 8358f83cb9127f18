import type { Incoming } from '../../blobs/blobs.ts'
import type { Context } from '../../context.ts'
import type { Db } from '../../database/open.ts'
import { LibraryError } from '../../library/errors.ts'
import { keepBytes, nameBlobs } from '../../library/keeping.ts'
import { isBusy } from '../store/failures.ts'

const mostAttempts = 5

/** Makes originals permanent and writes what names them in one transaction; again when two writers met. */
export async function keepAndWrite<T>(
  ctx: Pick<Context, 'db' | 'clock' | 'blobs'>,
  incoming: readonly Incoming[],
  write: (db: Db) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const kept = await keepBytes(ctx, incoming)
    try {
      return await ctx.db.transaction().execute(async (db) => {
        await nameBlobs(db, ctx.clock(), kept)
        return write(db)
      })
    } catch (error) {
      if (attempt === mostAttempts || !(isBusy(error) || cameLate(error))) throw error
    }
  }
}

/** Keeping many originals took so long that their names came too late; next time they are in place. */
function cameLate(error: unknown): boolean {
  return error instanceof LibraryError && error.reason.kind === 'unavailable'
}
