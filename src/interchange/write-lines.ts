import type { Incoming } from '../blobs/blobs.ts'
import type { Db } from '../database/open.ts'
import { LibraryError } from '../library/errors.ts'
import { keepBytes, nameBlobs } from '../library/keeping.ts'
import { reserveIds } from '../library/store/ids.ts'
import { importAccounts } from './import-accounts.ts'
import { importCollections } from './import-collections.ts'
import { importEntries } from './import-entries.ts'
import { importFollows, importWatches } from './import-follows.ts'
import { importItems } from './import-items.ts'
import { importComments, importReactions } from './import-reactions.ts'
import { importAliases, importImplications } from './import-tags.ts'
import { linesOf, stretchesOf, type Line } from './lines.ts'
import type { PreparedMedia } from './originals.ts'
import type { Import, Step } from './step.ts'
import { isBusy, isRefusal } from './store/failures.ts'

/** What became of some lines: refused with a reason, there already, and the rest came in. */
export type Verdicts = Pick<Step, 'refused' | 'present'>

/**
 * Writes some lines in one transaction. When the database refuses one of them (something written by others in
 * between, a value it cannot hold), each is tried by itself, so that only the bad one fails.
 */
export async function writeLines(
  job: Import,
  lines: readonly Line[],
  media: ReadonlyMap<number, PreparedMedia>,
): Promise<Verdicts> {
  await reserveNumbers(job, lines)
  try {
    return await writeTogether(job, lines, media)
  } catch (error) {
    if (!isRefusal(error)) throw error
    const [only] = lines
    if (lines.length === 1 && only)
      return { refused: new Map([[only.number, 'the database does not take it']]), present: new Set() }
  }
  const verdicts: Verdicts = { refused: new Map(), present: new Set() }
  for (const line of lines) {
    const { refused, present } = await writeLines(job, [line], media)
    for (const [number, problem] of refused) verdicts.refused.set(number, problem)
    for (const number of present) verdicts.present.add(number)
  }
  return verdicts
}

/** Before the transaction, because the lock it takes on PostgreSQL must not wait for rows held by this one. */
async function reserveNumbers({ ctx, options }: Import, lines: readonly Line[]): Promise<void> {
  const highest = { account: 0, item: 0, collection: 0 }
  for (const { value } of lines)
    if (value.type === 'account') highest.account = Math.max(highest.account, value.id ?? 0)
    else if (options.renumber !== true && (value.type === 'item' || value.type === 'collection'))
      highest[value.type] = Math.max(highest[value.type], value.id)
  for (const table of ['account', 'item', 'collection'] as const)
    if (highest[table] > 0) await ctx.db.transaction().execute((db) => reserveIds(db, table, highest[table]))
}

async function writeTogether(
  job: Import,
  lines: readonly Line[],
  media: ReadonlyMap<number, PreparedMedia>,
): Promise<Verdicts> {
  for (let attempt = 1; ; attempt += 1) {
    const incoming = lines.flatMap(({ number }): Incoming[] => {
      const one = media.get(number)
      return one ? [one.incoming] : []
    })
    const kept = await keepBytes(job.ctx, incoming)
    try {
      return await job.ctx.db.transaction().execute(async (db) => {
        await nameBlobs(db, job.ctx.clock(), kept)
        return writeStretches(job, db, lines, media)
      })
    } catch (error) {
      if (attempt === 5 || !(isBusy(error) || cameLate(error))) throw error
    }
  }
}

/** Keeping many originals took so long that their names came too late; next time they are in place. */
function cameLate(error: unknown): boolean {
  return error instanceof LibraryError && error.reason.kind === 'unavailable'
}

async function writeStretches(
  job: Import,
  db: Db,
  lines: readonly Line[],
  media: ReadonlyMap<number, PreparedMedia>,
): Promise<Verdicts> {
  const step: Step = { ...job, db, media, refused: new Map(), present: new Set() }
  for (const stretch of stretchesOf(lines)) await writeStretch(step, stretch)
  return step
}

/** One stretch is of one type. */
async function writeStretch(step: Step, lines: readonly Line[]): Promise<void> {
  switch (lines[0]?.value.type) {
    case 'account':
      return importAccounts(step, linesOf(lines, 'account'))
    case 'alias':
      return importAliases(step, linesOf(lines, 'alias'))
    case 'implication':
      return importImplications(step, linesOf(lines, 'implication'))
    case 'item':
      return importItems(step, linesOf(lines, 'item'))
    case 'reaction':
      return importReactions(step, linesOf(lines, 'reaction'))
    case 'comment':
      return importComments(step, linesOf(lines, 'comment'))
    case 'collection':
      return importCollections(step, linesOf(lines, 'collection'))
    case 'collection_item':
      return importEntries(step, linesOf(lines, 'collection_item'))
    case 'follow':
      return importFollows(step, linesOf(lines, 'follow'))
    case 'watch':
      return importWatches(step, linesOf(lines, 'watch'))
    case 'library':
    case undefined:
      return
  }
}
