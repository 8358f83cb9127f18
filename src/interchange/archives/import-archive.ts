import type { Context } from '../../context.ts'
import { findAccount } from '../../library/accounts.ts'
import { itemsByUids } from '../store/names.ts'
import { checkRow, type ArchiveImport, type CheckedRow } from './check-row.ts'
import { openFiles, type ArchiveFiles } from './files.ts'
import { ArchiveError, type ReadRow } from './rows.ts'
import { readers, type ArchiveService } from './services.ts'
import { takeMedia, type TakenMedia } from './take-media.ts'
import { writeRows, type ReadyRow, type Verdict } from './write-rows.ts'

export interface ImportArchiveOptions {
  service: ArchiveService
  accountLogin: string
  /** Tags that everything gets besides its own. */
  tags?: readonly string[]
  /** Nothing is to be seen by others, whatever the archive says. */
  private?: boolean
  /** Pictures of pages are ordered; without it an archive of bookmarks starts no browser. */
  capture?: boolean
  /** Nothing is written; what would be is told. */
  dryRun?: boolean
  /** Called for each row in the order of the archive, once it is durable. */
  onOutcome?: (outcome: RowOutcome) => void | Promise<void>
  /** Rows written in one transaction. */
  batchRows?: number
}

/** What became of one row. */
export type RowOutcome = { place: string; url: string | null; uid: string | null } & Verdict

export interface ImportArchiveReport {
  rows: number
  added: number
  /** Rows of what was in the library already, or came earlier in the archive. */
  present: number
  refused: number
  /** Why the archive could not be read to its end, as a sentence; null when it was. */
  failure: string | null
}

/** Fewer make more commits, which cost as much as what is in them; more keep other writers waiting for long. */
const usualBatchRows = 1000
/** Originals are made permanent together shortly before the transaction that names them. */
const mostOriginals = 40

/**
 * Brings what another service or program gave out into the library, as items of one account. A bad row is refused by
 * itself and leaves nothing behind. Run again, also after a crash, an import ends in the same state. Memory does not
 * grow with the archive. Pictures are shown once the jobs it leaves have run.
 *
 * @throws LibraryError `not_found` (account), `storage_full`; the file system's error. What was written stays.
 */
export async function importArchive(
  ctx: ArchiveImport['ctx'] & Pick<Context, 'clock'>,
  path: string,
  options: ImportArchiveOptions,
): Promise<ImportArchiveReport> {
  const { id: ownerId } = await findAccount(ctx.db, options.accountLogin)
  const { service, tags = [], private: isPrivate = false, capture = false } = options
  const job = { ctx, service, ownerId, tags, isPrivate, capture, startedAt: ctx.clock() }
  const report: ImportArchiveReport = { rows: 0, added: 0, present: 0, refused: 0, failure: null }
  const seen = options.dryRun ? new Set<number>() : null
  let batch: ReadRow[] = []
  let originals = 0
  const flush = async () => {
    for (const outcome of await importBatch(job, batch, seen)) {
      report.rows += 1
      report[outcome.outcome] += 1
      await options.onOutcome?.(outcome)
    }
    batch = []
    originals = 0
  }
  try {
    await using files = await openFiles(path)
    try {
      for await (const row of rowsOf(files, service)) {
        batch.push(row)
        if ('media' in row && row.media) originals += 1
        if (batch.length >= (options.batchRows ?? usualBatchRows) || originals >= mostOriginals) await flush()
      }
    } catch (error) {
      report.failure = sentenceOf(error)
    }
    // Also when it ends in the middle: what could be read comes in, while its files are open.
    await flush()
  } catch (error) {
    report.failure = sentenceOf(error)
  }
  return report
}

function sentenceOf(error: unknown): string {
  if (error instanceof ArchiveError) return error.message
  throw error
}

async function* rowsOf(files: ArchiveFiles, service: ArchiveService): AsyncGenerator<ReadRow> {
  for (const { name, reason } of files.refused) yield { place: name, refused: reason }
  yield* readers[service](files)
}

/** @param seen Of a run that writes nothing: parts of the uids that would be there by now. */
async function importBatch(
  job: ArchiveImport,
  batch: readonly ReadRow[],
  seen: Set<number> | null,
): Promise<RowOutcome[]> {
  const looked = batch.map((read) => ('refused' in read ? read.refused : checkRow(job, read)))
  const checked = new Map<string, CheckedRow>()
  for (const row of looked) if (typeof row !== 'string' && !checked.has(row.uid)) checked.set(row.uid, row)
  const there = await uidsThere(job, [...checked.keys()], seen)
  const { ready, refused } = await takeAll(
    job,
    [...checked.values()].filter(({ uid }) => !there.has(uid)),
  )
  try {
    const written = seen ? wouldBeWritten(ready, seen) : await writeRows(job, ready)
    return batch.map((read, at) => {
      const row = looked[at] ?? ''
      const url = 'url' in read ? read.url : null
      if (typeof row === 'string')
        return { place: read.place, url, uid: null, outcome: 'refused', reason: row }
      const { uid } = row
      const reason = refused.get(uid)
      if (reason !== undefined) return { place: read.place, url, uid: null, outcome: 'refused', reason }
      const verdict: Verdict = written.get(uid) ?? { outcome: 'present' }
      // The second row of one thing is of what the first one brought.
      if (verdict.outcome === 'added') written.delete(uid)
      return { place: read.place, url, uid: verdict.outcome === 'refused' ? null : uid, ...verdict }
    })
  } finally {
    for (const { taken } of ready) if (taken) await job.ctx.blobs.discard(taken.incoming)
  }
}

async function uidsThere(
  { ctx }: ArchiveImport,
  uids: readonly string[],
  seen: ReadonlySet<number> | null,
): Promise<Set<string>> {
  const there = new Set((await itemsByUids(ctx.db, uids)).map(({ uid }) => uid))
  if (seen) for (const uid of uids) if (seen.has(shortOf(uid))) there.add(uid)
  return there
}

/** 52 bits: among a million rows two of them are the same once in thousands of imports. */
const shortOf = (uid: string) => Number.parseInt(uid.slice(0, 13), 16)

function wouldBeWritten(ready: readonly ReadyRow[], seen: Set<number>): Map<string, Verdict> {
  for (const { uid } of ready) seen.add(shortOf(uid))
  return new Map(ready.map(({ uid }) => [uid, { outcome: 'added' }]))
}

/** Takes in the originals of rows; when one fails in a way nobody foresaw, none is left behind. */
async function takeAll(
  { ctx }: ArchiveImport,
  rows: readonly CheckedRow[],
): Promise<{ ready: ReadyRow[]; refused: Map<string, string> }> {
  const ready: ReadyRow[] = []
  const refused = new Map<string, string>()
  try {
    for (const row of rows) {
      const taken: TakenMedia | string | null = row.row.media ? await takeMedia(ctx, row.row.media) : null
      if (typeof taken === 'string') refused.set(row.uid, taken)
      else ready.push({ ...row, taken })
    }
    return { ready, refused }
  } catch (error) {
    for (const { taken } of ready) if (taken) await ctx.blobs.discard(taken.incoming)
    throw error
  }
}
