import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { garbageGraceMs } from './keeping.ts'
import {
  blobsInUse,
  countGarbage,
  deleteBlobs,
  forgetGarbage,
  knownBlobs,
  markGarbage,
  takeGarbage,
} from './store/blobs.ts'
import { hasWaitingJob } from './store/jobs.ts'

const batch = 200

/** Marks blobs that may have lost their last reference, and sees to it that they are collected. */
export async function releaseBlobs(
  ctx: Pick<Context, 'queue'>,
  db: Db,
  at: Date,
  hashes: readonly string[],
): Promise<void> {
  if (hashes.length === 0) return
  await markGarbage(db, at, hashes)
  await ctx.queue.enqueue(db, {
    kind: 'collect-garbage',
    payload: {},
    runAt: new Date(at.getTime() + garbageGraceMs),
  })
}

/**
 * Removes blobs that nothing refers to: the row goes first, then the bytes, so that no row ever points at nothing.
 *
 * @param graceMs How long garbage must have waited; less than `garbageGraceMs` only while nobody else writes.
 * @returns How many blobs were removed, and how many must wait.
 */
export async function collectGarbage(
  ctx: Pick<Context, 'db' | 'clock' | 'blobs'>,
  graceMs: number = garbageGraceMs,
): Promise<{ removed: number; waiting: number }> {
  let removed = 0
  for (;;) {
    const nowMs = ctx.clock().getTime()
    const { taken, unused } = await ctx.db
      .transaction()
      .execute((db) => takeUnused(db, { nowMs, cutoffMs: nowMs - graceMs }))
    if (taken === 0) return { removed, waiting: await countGarbage(ctx.db) }
    for (const sha256 of unused) {
      // Taken too long ago: another process may have taken it over.
      if (ctx.clock().getTime() - nowMs > garbageGraceMs / 2) break
      await ctx.blobs.remove(sha256)
      await forgetGarbage(ctx.db, [sha256])
      removed += 1
    }
  }
}

async function takeUnused(db: Db, times: { nowMs: number; cutoffMs: number }) {
  const taken = await takeGarbage(db, times, batch)
  const used = await blobsInUse(db, taken)
  const unused = taken.filter((sha256) => !used.has(sha256))
  await forgetGarbage(db, [...used])
  await deleteBlobs(db, unused)
  return { taken: taken.length, unused }
}

/**
 * Stored bytes that nothing refers to. Younger ones may be about to be named by a row; to mark those does no harm,
 * because they are looked at again when they are collected.
 */
export async function* findOrphans(
  ctx: Pick<Context, 'db' | 'clock' | 'blobs'>,
  graceMs: number = garbageGraceMs,
): AsyncGenerator<{ sha256: string; known: boolean }> {
  const cutoff = ctx.clock().getTime() - graceMs
  for await (const files of inBatches(ctx.blobs.list())) {
    const hashes = files.map(({ sha256 }) => sha256)
    const known = await knownBlobs(ctx.db, hashes)
    const used = await blobsInUse(ctx.db, hashes)
    for (const { sha256, modifiedMs } of files) {
      const sinceMs = Math.max(modifiedMs, known.get(sha256)?.created_ms ?? 0)
      if (!used.has(sha256) && sinceMs <= cutoff) yield { sha256, known: known.has(sha256) }
    }
  }
}

/** Marks every orphan as garbage and returns how many there are. */
export async function markOrphans(
  ctx: Pick<Context, 'db' | 'clock' | 'blobs'>,
  graceMs: number = garbageGraceMs,
): Promise<number> {
  let found = 0
  for await (const { sha256 } of findOrphans(ctx, graceMs)) {
    await markGarbage(ctx.db, ctx.clock(), [sha256])
    found += 1
  }
  return found
}

async function* inBatches<T>(all: AsyncIterable<T>): AsyncGenerator<T[]> {
  let some: T[] = []
  for await (const one of all) {
    some.push(one)
    if (some.length < batch) continue
    yield some
    some = []
  }
  if (some.length > 0) yield some
}

/** Sees to it that garbage which must still wait is collected later, unless somebody has done so already. */
export async function collectLater(ctx: Pick<Context, 'db' | 'clock' | 'queue'>): Promise<void> {
  const now = ctx.clock().getTime()
  if (await hasWaitingJob(ctx.db, 'collect-garbage', now)) return
  const runAt = new Date(now + garbageGraceMs)
  await ctx.queue.enqueue(ctx.db, { kind: 'collect-garbage', payload: {}, runAt })
}
