import { BlobStoreFull, StorageBroken } from '../blobs/blobs.ts'
import type { Context } from '../context.ts'
import { databaseFailure } from '../database/failures.ts'
import type { Reason } from './errors.ts'

const AGAIN_SECONDS = 5

/**
 * What a storage failure is for the client, or null for any other error. After a failure that leaves it unclear what
 * is on the disk, the process is told that it may acknowledge nothing more (reliability rule 3.5).
 */
export function storageReason(ctx: Pick<Context, 'trouble'>, error: unknown): Reason | null {
  const failure =
    error instanceof BlobStoreFull
      ? 'full'
      : error instanceof StorageBroken
        ? 'broken'
        : databaseFailure(error)
  if (failure === null) return null
  if (failure === 'full') return { kind: 'storage_full' }
  if (failure === 'broken') ctx.trouble.emit('broken', error)
  return { kind: 'unavailable', retryAfterSeconds: AGAIN_SECONDS }
}
