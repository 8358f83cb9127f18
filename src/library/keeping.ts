import { setTimeout as wait } from 'node:timers/promises'
import { BlobStoreFull, type Incoming } from '../blobs/blobs.ts'
import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { LibraryError } from './errors.ts'
import { insertBlobs, unmarkGarbage } from './store/blobs.ts'

/**
 * How long a blob without a reference waits before it is removed. Whoever keeps bytes must name them within half of
 * it: then bytes that were found in place cannot be removed between `keepBytes` and the commit that names them.
 */
export const garbageGraceMs = 30_000

/** Bytes that are in the store and wait to be named by a row. */
export interface Kept {
  blobs: readonly Incoming[]
  untilMs: number
}

/**
 * Makes incoming bytes permanent. What follows is one transaction that calls `nameBlobs` before it refers to them.
 *
 * @throws LibraryError `storage_full`; `unavailable` while the same bytes are just being removed.
 */
export async function keepBytes(
  ctx: Pick<Context, 'db' | 'clock' | 'blobs'>,
  incoming: readonly Incoming[],
): Promise<Kept> {
  const untilMs = ctx.clock().getTime() + garbageGraceMs / 2
  await rescue(
    ctx.db,
    incoming.map(({ sha256 }) => sha256),
  )
  try {
    await keepAll(ctx, incoming)
  } catch (error) {
    if (error instanceof BlobStoreFull) throw new LibraryError({ kind: 'storage_full' }, { cause: error })
    throw error
  }
  return { blobs: incoming, untilMs }
}

/** At once, because the disk writes several down in the time of one; none is still on its way after a failure. */
async function keepAll({ blobs }: Pick<Context, 'blobs'>, incoming: readonly Incoming[]): Promise<void> {
  const results = await Promise.allSettled(incoming.map((one) => blobs.keep(one)))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

/** The rows of kept bytes, in the transaction that refers to them. */
export async function nameBlobs(db: Db, at: Date, kept: Kept): Promise<void> {
  if (at.getTime() > kept.untilMs) throw new LibraryError({ kind: 'unavailable', retryAfterSeconds: 1 })
  await insertBlobs(db, at, kept.blobs)
}

/** Takes bytes off the garbage list; where their removal has begun, waits for its end. */
async function rescue(db: Context['db'], hashes: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    const going = await unmarkGarbage(db, hashes)
    if (going.length === 0) return
    await wait(50)
  }
  throw new LibraryError({ kind: 'unavailable', retryAfterSeconds: Math.ceil(garbageGraceMs / 1000) })
}
