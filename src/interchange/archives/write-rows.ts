import type { Db } from '../../database/open.ts'
import { searchableText } from '../../library/collecting-content.ts'
import { cleanFileName } from '../../library/file-name.ts'
import { hashOfText } from '../../library/media-hash.ts'
import { capturePageLater } from '../../library/page-captures.ts'
import type { NewItemRow } from '../../library/store/items.ts'
import { keepAndWrite } from '../import/keep-and-write.ts'
import { logChanges } from '../store/bulk.ts'
import { isRefusal } from '../store/failures.ts'
import { insertItems, insertItemTexts } from '../store/items.ts'
import { itemsByUids } from '../store/names.ts'
import { tagNewItems } from '../import/tag-items.ts'
import type { ArchiveImport, CheckedRow } from './check-row.ts'
import { withBrought } from '../import/brought-tags.ts'
import type { TakenMedia } from './take-media.ts'

/** A row with its original. */
export type ReadyRow = CheckedRow & { taken: TakenMedia | null }

/** What became of a row. */
export type Verdict = { outcome: 'added' | 'present' } | { outcome: 'refused'; reason: string }

/**
 * Writes rows in one transaction. When the database refuses one of them, each is tried by itself, so that only the bad
 * one fails.
 *
 * @returns By uid; no two rows have the same.
 */
export async function writeRows(
  job: ArchiveImport,
  rows: readonly ReadyRow[],
): Promise<Map<string, Verdict>> {
  try {
    const incoming = rows.flatMap(({ taken }) => (taken ? [taken.incoming] : []))
    return await keepAndWrite(job.ctx, incoming, (db) => writeTogether(job, db, rows))
  } catch (error) {
    if (!isRefusal(error)) throw error
    const [only] = rows
    if (rows.length === 1 && only) return new Map([[only.uid, await refusedOrThere(job, only.uid)]])
  }
  const verdicts = new Map<string, Verdict>()
  for (const row of rows) for (const [uid, verdict] of await writeRows(job, [row])) verdicts.set(uid, verdict)
  return verdicts
}

/** What the database has against a row may be that another import has just brought it in. */
async function refusedOrThere({ ctx }: ArchiveImport, uid: string): Promise<Verdict> {
  const isThere = (await itemsByUids(ctx.db, [uid])).length > 0
  return isThere ? { outcome: 'present' } : { outcome: 'refused', reason: 'the database does not take it' }
}

async function writeTogether(
  job: ArchiveImport,
  db: Db,
  rows: readonly ReadyRow[],
): Promise<Map<string, Verdict>> {
  const uids = rows.map(({ uid }) => uid)
  // Another import of the same archive may have come first.
  const there = new Set((await itemsByUids(db, uids)).map(({ uid }) => uid))
  const verdicts = new Map<string, Verdict>(
    uids.map((uid) => [uid, { outcome: there.has(uid) ? 'present' : 'added' }]),
  )
  const tagged = await withBrought(
    db,
    rows.filter(({ uid }) => !there.has(uid)),
  )
  const fresh = tagged.filter(({ uid, tags }) => {
    if (tags !== null) return true
    verdicts.set(uid, { outcome: 'refused', reason: 'the tags bring too many others along' })
    return false
  })
  const ids = await insertItems(
    db,
    fresh.map((row) => itemRow(job, row)),
  )
  const made = fresh.map((row) => ({ ...row, id: ids.get(row.uid) ?? 0 }))
  await tagNewItems(
    db,
    job.startedAt,
    made.map(({ id, tags }) => ({ id, names: tags ?? [] })),
  )
  await insertItemTexts(
    db,
    made.flatMap(({ id, row: { text } }) =>
      text === '' ? [] : [{ item_id: id, text: searchableText({ text }) }],
    ),
  )
  await logChanges(
    db,
    job.startedAt,
    made.map(({ id }) => ({ noun: 'item', id, op: 'create' })),
  )
  for (const { id, taken, row } of made)
    if (taken?.media) await job.ctx.queue.enqueue(db, { kind: 'process-item', payload: { item: id } })
    else if (job.capture && row.kind === 'page' && row.url !== null)
      await capturePageLater(job.ctx, db, { itemId: id, url: row.url })
  return verdicts
}

/** The row of a new item. Every row has the same columns, so that many make one statement. */
function itemRow(job: ArchiveImport, { row, uid, taken }: Omit<ReadyRow, 'tags'>) {
  const nowMs = job.startedAt.getTime()
  // A time that has not come yet would keep the item in front of everything for as long.
  const createdMs = Math.min(row.createdMs ?? nowMs, nowMs)
  return {
    uid,
    kind: taken?.kind ?? (row.kind === 'media' ? 'image' : row.kind),
    owner_id: job.ownerId,
    title: row.title,
    description: row.description,
    source_url: row.url,
    content: JSON.stringify({ ...row.content, ...taken?.content }),
    // A picture is shown once its renditions are made, as after an upload; anything else is complete.
    state: taken?.media ? 'processing' : 'ready',
    visibility: row.isPrivate || job.isPrivate ? 'private' : 'public',
    backup_of: row.backupOf,
    media_hash: taken || row.url === null ? null : hashOfText(new URL(row.url).href),
    created_ms: createdMs,
    updated_ms: createdMs,
    first_seen_ms: createdMs,
    published_ms: createdMs,
    ...mediaColumns(taken),
  } as const satisfies NewItemRow
}

function mediaColumns(taken: TakenMedia | null) {
  const { media = null, file = null, incoming = null } = taken ?? {}
  const facts = media?.facts ?? null
  return {
    blob_sha256: incoming?.sha256 ?? null,
    size_bytes: incoming?.sizeBytes ?? null,
    file_name: cleanFileName(media?.fileName ?? file?.fileName ?? null),
    mime_type: facts?.mimeType ?? file?.mimeType ?? null,
    format: facts?.format ?? file?.format ?? null,
    width: facts?.width ?? null,
    height: facts?.height ?? null,
    frames: facts?.frames ?? null,
    duration_seconds: facts && facts.durationMs > 0 ? facts.durationMs / 1000 : null,
  }
}
