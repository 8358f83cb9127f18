import { sql } from 'kysely'
import type { Db } from '../../database/open.ts'

interface NewBlob {
  sha256: string
  sha512: string
  md5: string
  sizeBytes: number
}

/** Rows for bytes that the store holds. Naming the same bytes twice is fine. */
export async function insertBlobs(db: Db, at: Date, blobs: readonly NewBlob[]): Promise<void> {
  const rows = blobs.map(({ sha256, sha512, md5, sizeBytes }) => ({
    sha256,
    sha512,
    md5,
    size_bytes: sizeBytes,
    created_ms: at.getTime(),
  }))
  if (rows.length === 0) return
  // In one order everywhere, so that two writers of the same rows wait for each other and never in a circle.
  const ordered = rows.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
  await db
    .insertInto('blob')
    .values(ordered)
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute()
}

/** Which of these blobs something still names. */
export async function blobsInUse(db: Db, hashes: readonly string[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set()
  const rows = await db
    .selectFrom('item')
    .select('blob_sha256 as sha256')
    .where('blob_sha256', 'in', hashes)
    .union(db.selectFrom('rendition').select('blob_sha256 as sha256').where('blob_sha256', 'in', hashes))
    .union(db.selectFrom('attachment').select('blob_sha256 as sha256').where('blob_sha256', 'in', hashes))
    .union(
      db
        .selectFrom('attachment')
        .select('thumbnail_sha256 as sha256')
        .where('thumbnail_sha256', 'in', hashes),
    )
    .union(db.selectFrom('account').select('avatar_sha256 as sha256').where('avatar_sha256', 'in', hashes))
    .execute()
  return new Set(rows.map(({ sha256 }) => sha256 ?? ''))
}

/** Every blob that an item leans on, itself and what is derived from or attached to it. */
export async function blobsOfItem(db: Db, itemId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('item')
    .select('blob_sha256 as sha256')
    .where('id', '=', itemId)
    .union(db.selectFrom('rendition').select('blob_sha256 as sha256').where('item_id', '=', itemId))
    .union(db.selectFrom('attachment').select('blob_sha256 as sha256').where('item_id', '=', itemId))
    .union(db.selectFrom('attachment').select('thumbnail_sha256 as sha256').where('item_id', '=', itemId))
    .execute()
  return rows.flatMap(({ sha256 }) => (sha256 === null ? [] : [sha256]))
}

/** Known blobs among these. */
export async function knownBlobs(
  db: Db,
  hashes: readonly string[],
): Promise<Map<string, { created_ms: number }>> {
  if (hashes.length === 0) return new Map()
  const rows = await db
    .selectFrom('blob')
    .select(['sha256', 'created_ms'])
    .where('sha256', 'in', hashes)
    .execute()
  return new Map(rows.map((row) => [row.sha256, row]))
}

/** The SHA-512 of blobs by their SHA-256, many in one query. */
export async function longHashes(db: Db, hashes: readonly string[]): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map()
  const rows = await db
    .selectFrom('blob')
    .select(['sha256', 'sha512'])
    .where('sha256', 'in', [...new Set(hashes)])
    .execute()
  return new Map(rows.map(({ sha256, sha512 }) => [sha256, sha512]))
}

/** Blob rows in the order of their hashes, from the one after `after` on. */
export function blobsAfter(db: Db, after: string, limit: number) {
  return db
    .selectFrom('blob')
    .selectAll()
    .where('sha256', '>', after)
    .orderBy('sha256')
    .limit(limit)
    .execute()
}

export async function deleteBlobs(db: Db, hashes: readonly string[]): Promise<void> {
  if (hashes.length > 0) await db.deleteFrom('blob').where('sha256', 'in', hashes).execute()
}

/**
 * Blobs that may have lost their last reference. Whether they have is looked at when they are collected, so that
 * two deletes at once cannot each count on the other.
 */
export async function markGarbage(db: Db, at: Date, hashes: readonly string[]): Promise<void> {
  if (hashes.length === 0) return
  const rows = [...new Set(hashes)].toSorted().map((sha256) => ({ sha256, since_ms: at.getTime() }))
  await db
    .insertInto('blob_garbage')
    .values(rows)
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute()
}

/** Takes these blobs off the list, except those whose bytes are being removed right now: it returns those. */
export async function unmarkGarbage(db: Db, hashes: readonly string[]): Promise<string[]> {
  if (hashes.length === 0) return []
  const found = await db.selectFrom('blob_garbage').selectAll().where('sha256', 'in', hashes).execute()
  if (found.length === 0) return []
  await db.deleteFrom('blob_garbage').where('sha256', 'in', hashes).where('since_ms', '>=', 0).execute()
  const left = await db.selectFrom('blob_garbage').select('sha256').where('sha256', 'in', hashes).execute()
  return left.map(({ sha256 }) => sha256)
}

/**
 * Takes some garbage that has waited since before `cutoff`: a taken row carries its time negated, so that nobody
 * else takes it before the same wait has passed once more (the taker died).
 */
export async function takeGarbage(
  db: Db,
  times: { nowMs: number; cutoffMs: number },
  limit: number,
): Promise<string[]> {
  const due = sql<boolean>`abs(since_ms) <= ${times.cutoffMs}`
  const found = await db
    .selectFrom('blob_garbage')
    .select('sha256')
    .where(due)
    .orderBy('sha256')
    .limit(limit)
    .execute()
  if (found.length === 0) return []
  const hashes = found.map(({ sha256 }) => sha256)
  const taken = await db
    .updateTable('blob_garbage')
    .set({ since_ms: -times.nowMs })
    .where('sha256', 'in', hashes)
    .where(due)
    .returning('sha256')
    .execute()
  return taken.map(({ sha256 }) => sha256)
}

/** Forgets garbage that is gone, or that turned out to be none. */
export async function forgetGarbage(db: Db, hashes: readonly string[]): Promise<void> {
  if (hashes.length > 0) await db.deleteFrom('blob_garbage').where('sha256', 'in', hashes).execute()
}

export async function countGarbage(db: Db): Promise<number> {
  const row = await db
    .selectFrom('blob_garbage')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return row.n
}
