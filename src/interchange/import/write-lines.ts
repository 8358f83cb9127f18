import type { Incoming } from '../../blobs/blobs.ts'
import type { Db } from '../../database/open.ts'
import { reserveIds } from '../../library/store/ids.ts'
import { importAccounts } from './accounts.ts'
import { importAttachments, importPageCopies } from './attachments.ts'
import { importCollections } from './collections.ts'
import { importEntries } from './entries.ts'
import { importFilters, importSettings } from './filters.ts'
import { importBlocks, importFollows, importWatches } from './follows.ts'
import { importSourceChanges, importTagChanges } from './histories.ts'
import { importInvitations } from './invitations.ts'
import { importItems } from './items.ts'
import { importComments, importReactions } from './reactions.ts'
import { importTagFacts } from './tag-facts.ts'
import { importAliases, importImplications } from './tags.ts'
import { importVacancies } from './vacancies.ts'
import { keepAndWrite } from './keep-and-write.ts'
import { linesOf, stretchesOf, type Line } from '../format/lines.ts'
import type { PreparedMedia } from './originals.ts'
import type { Import, Step } from './step.ts'
import { isRefusal } from '../store/failures.ts'

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
  const highest = { account: 0, item: 0, collection: 0, attachment: 0, comment: 0, filter: 0, vacancy: 0 }
  for (const { value } of lines) {
    const table = numbered.find((one) => one === value.type)
    const isNew = options.renumber === true && (table === 'item' || table === 'collection')
    if (table !== undefined && !isNew && 'id' in value)
      highest[table] = Math.max(highest[table], value.id ?? 0)
  }
  for (const table of numbered)
    if (highest[table] > 0) await ctx.db.transaction().execute((db) => reserveIds(db, table, highest[table]))
}

const numbered = ['account', 'item', 'collection', 'attachment', 'comment', 'filter', 'vacancy'] as const

function writeTogether(
  job: Import,
  lines: readonly Line[],
  media: ReadonlyMap<number, PreparedMedia>,
): Promise<Verdicts> {
  const incoming = lines.flatMap(({ number }): Incoming[] => {
    const one = media.get(number)
    return one ? [one.incoming] : []
  })
  return keepAndWrite(job.ctx, incoming, (db) => writeStretches(job, db, lines, media))
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
    case 'block':
      return importBlocks(step, linesOf(lines, 'block'))
    case 'tag':
      return importTagFacts(step, linesOf(lines, 'tag'))
    case 'filter':
      return importFilters(step, linesOf(lines, 'filter'))
    case 'settings':
      return importSettings(step, linesOf(lines, 'settings'))
    case 'vacancy':
      return importVacancies(step, linesOf(lines, 'vacancy'))
    case 'attachment':
      return importAttachments(step, linesOf(lines, 'attachment'))
    case 'page_copy':
      return importPageCopies(step, linesOf(lines, 'page_copy'))
    case 'tag_change':
      return importTagChanges(step, linesOf(lines, 'tag_change'))
    case 'source_change':
      return importSourceChanges(step, linesOf(lines, 'source_change'))
    case 'invitation':
      return importInvitations(step, linesOf(lines, 'invitation'))
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
