import type { Context } from '../context.ts'
import { checkBlobRows, checkOrphans, checkRenditions } from './check-blobs.ts'
import { collectGarbage } from './garbage.ts'
import { garbageGraceMs } from './keeping.ts'
import { danglingReferences } from './store/integrity.ts'
import { recordChange } from './store/changes.ts'
import { compareCounters, mendCounter, type CountedTable } from './store/counters.ts'
import { findStuck } from './stuck.ts'
import { sweepEveryMs } from './sweeping.ts'

const batch = 500
const counted: readonly CountedTable[] = ['account', 'collection', 'comment', 'item', 'tag']

export interface CheckProblem {
  kind:
    | 'database'
    | 'blob-missing'
    | 'blob-damaged'
    | 'blob-size'
    | 'blob-unused'
    | 'rendition-missing'
    | 'stuck'
    | 'counter'
  /** A blob's SHA-256, or `item 7`. */
  subject: string
  /** A sentence for people. */
  detail: string
  /** Put right, or on its way there by a job. */
  repaired?: boolean
}

export interface CheckReport {
  /** Whether nothing is wrong that has not been repaired. */
  clean: boolean
  blobs: number
  items: number
  problems: (CheckProblem & { repaired: boolean })[]
}

export interface CheckOptions {
  /** Puts right what can be put right without losing anything. */
  repair: boolean
  /**
   * Bytes younger than this that nothing refers to are left alone. When left out, those that the next sweep will take
   * are no problem (a process that was killed leaves some behind); a repair takes them too, but for the last half
   * minute's, which may be an upload in progress. 0 is for a library that nobody writes to at the moment.
   */
  graceMs?: number
}

/** What the parts of a check share. */
export interface CheckRun {
  repair: boolean
  report: (problem: CheckProblem) => void
}

/** Looks at everything the library holds: the database, every byte of every blob, every stored counter. */
export async function checkLibrary(
  ctx: Pick<Context, 'database' | 'db' | 'clock' | 'blobs' | 'queue'>,
  { repair, graceMs = repair ? garbageGraceMs : sweepEveryMs }: CheckOptions,
): Promise<CheckReport> {
  const problems: CheckReport['problems'] = []
  const run: CheckRun = {
    repair,
    report: (problem) => void problems.push({ ...problem, repaired: problem.repaired ?? false }),
  }
  await checkDatabase(ctx, run)
  await checkRenditions(ctx, run)
  const blobs = await checkBlobRows(ctx, run)
  await checkOrphans(ctx, run, graceMs)
  await checkStuck(ctx, run)
  let items = 0
  for (const table of counted) {
    const rows = await checkCounters(ctx, run, table)
    if (table === 'item') items = rows
  }
  if (repair) await collectGarbage(ctx, graceMs)
  return { clean: problems.every(({ repaired }) => repaired), blobs, items, problems }
}

async function checkDatabase(
  { database, db }: Pick<Context, 'database' | 'db'>,
  run: CheckRun,
): Promise<void> {
  const found = await database.integrity()
  if (found !== 'ok') run.report({ kind: 'database', subject: 'database', detail: found })
  for (const { table, rowid } of await danglingReferences(db))
    run.report({ kind: 'database', subject: `${table} ${rowid}`, detail: 'It refers to a row that is gone.' })
}

async function checkStuck(ctx: Pick<Context, 'db' | 'clock' | 'queue'>, run: CheckRun): Promise<void> {
  for (const { noun, id, job } of await findStuck(ctx)) {
    if (run.repair) await ctx.queue.enqueue(ctx.db, job)
    const detail = 'It waits to be processed and no job will do it.'
    run.report({ kind: 'stuck', subject: `${noun} ${id}`, detail, repaired: run.repair })
  }
}

/** Returns how many rows the table has. */
async function checkCounters(
  { db: all, clock }: Pick<Context, 'db' | 'clock'>,
  run: CheckRun,
  table: CountedTable,
): Promise<number> {
  let after = 0
  let count = 0
  for (;;) {
    const { wrong, last, rows } = await compareCounters(all, table, after, batch)
    for (const one of wrong) {
      if (run.repair)
        await all.transaction().execute(async (db) => {
          await mendCounter(db, table, one)
          await recordChange(db, clock(), { noun: table, id: one.id, op: 'change' })
        })
      const detail = `${one.column} says ${one.stored}; it should be ${one.counted}.`
      run.report({ kind: 'counter', subject: `${table} ${one.id}`, detail, repaired: run.repair })
    }
    count += rows
    if (last === null) return count
    after = last
  }
}
