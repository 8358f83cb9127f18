import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { Database, Db } from '../database/open.ts'
import { createCatalogue, type CatalogueOptions } from './catalogue/catalogue.ts'
import { applyEntries, categoryIn, type Followed } from './catch-up.ts'
import { endOfLog, type LogPlace, readLog, settledEnd } from './change-log.ts'
import { readItems } from './item-facts.ts'
import { findSnapshot, keepSnapshot } from './kept-snapshot.ts'
import { readTags } from './tag-facts.ts'

/** A catalogue with what it takes to follow the library. */
export interface State extends Followed {
  place: LogPlace
  /** What `Database.version` said before the log was last read. */
  version: string
  /** Entries read since it was last written to a snapshot, or all of them: true of one that was never written. */
  unkept: number
}

export interface Following {
  database: Database
  log: Logger
  /** Where snapshots are kept. */
  folder: string
  catalogue: CatalogueOptions
  /** With more items to read, or entries of the log, searches do not wait; the database answers meanwhile. */
  patience: number
  /** Whether to stop in the middle. */
  isClosed: () => boolean
}

/** The context is being closed; what was under way is dropped. */
export class Stopped extends Error {}

const ITEMS_IN_A_PIECE = 2000

/** Builds a catalogue from the database. The log may move on meanwhile: it is followed from where it was before. */
export async function buildState({
  database: { db },
  log,
  catalogue: options,
  isClosed,
}: Following): Promise<State> {
  const startedMs = performance.now()
  const place = await endOfLog(db)
  const catalogue = createCatalogue(options)
  const tags = await readTags(db, 'all')
  const followed = { catalogue, categories: new Map(tags.map(({ id, category }) => [id, category])) }
  for (const tag of tags) catalogue.putTag(tag)
  for (let after = 0; ;) {
    const upTo = await lastOfPiece(db, after)
    if (upTo === null) break
    for (const item of await readItems(db, { after, upTo }, categoryIn(followed))) catalogue.put(item)
    after = upTo
    await nextTurn()
    if (isClosed()) throw new Stopped()
  }
  catalogue.bulkLoad([], [])
  const ms = Math.round(performance.now() - startedMs)
  log.info({ items: catalogue.size(), ms }, 'the catalogue was built')
  return { ...followed, place, version: '', unkept: Infinity }
}

/** The catalogue that was kept in the folder; null if there is none that fits. */
export async function loadState({
  database: { db },
  log,
  folder,
  catalogue: options,
}: Following): Promise<State | null> {
  const startedMs = performance.now()
  try {
    const { catalogue, lastChange } = await findSnapshot(db, folder, options)
    const tags = await readTags(db, 'all')
    const categories = new Map(tags.map(({ id, category }) => [id, category]))
    const ms = Math.round(performance.now() - startedMs)
    log.info({ items: catalogue.size(), ms }, 'the catalogue was read from its snapshot')
    return { catalogue, categories, place: { last: lastChange, gaps: [] }, version: '', unkept: 0 }
  } catch (error) {
    // A new library has none.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    const reason = error instanceof Error ? error.message : ''
    log.info({ reason }, 'no snapshot of the catalogue can be used')
    return null
  }
}

/** Reads everything that was logged since. */
export async function catchUp(
  { database, isClosed }: Following,
  state: State,
  version: string,
): Promise<void> {
  for (;;) {
    const { entries, place, more } = await readLog(database.db, state.place, version)
    await applyEntries(database.db, state, entries)
    state.place = place
    state.unkept += entries.length
    if (!more) break
    if (isClosed()) throw new Stopped()
    await nextTurn()
  }
  state.version = version
}

/** Writes the snapshot; one that cannot be written is no reason to stop anything. */
export async function keepState({ database: { db }, log, folder }: Following, state: State): Promise<void> {
  const startedMs = performance.now()
  try {
    await keepSnapshot(db, folder, state.catalogue, settledEnd(state.place))
    log.info({ ms: Math.round(performance.now() - startedMs) }, 'the catalogue was written to its snapshot')
  } catch (error) {
    log.warn({ err: error }, 'the snapshot of the catalogue could not be written')
  }
  state.unkept = 0
}

/** How many entries a catalogue has not seen; about, as numbers may be skipped. */
export async function entriesAfter(db: Db, { place }: State): Promise<number> {
  const { rows } = await sql<{ last: number | null }>`select max(id) as last from change`.execute(db)
  return (rows[0]?.last ?? 0) - place.last
}

/** Whether there are more items than so many. */
export async function hasMoreItems(db: Db, than: number): Promise<boolean> {
  const { rows } = await sql`select id from item order by id limit 1 offset ${than}`.execute(db)
  return rows.length > 0
}

async function lastOfPiece(db: Db, after: number): Promise<number | null> {
  const { rows } = await sql<{ last: number | null }>`
    select max(id) as last from (select id from item where id > ${after} order by id limit ${ITEMS_IN_A_PIECE}) as piece`.execute(
    db,
  )
  return rows[0]?.last ?? null
}
