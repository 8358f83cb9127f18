import { sql } from 'kysely'
import { engineOf } from '../database/engine.ts'
import type { Db } from '../database/open.ts'
import type { Schema } from '../database/schema.ts'

/** Up to where a reader of the change log has come. */
export interface LogPlace {
  /** The highest entry read. */
  last: number
  /** Numbers below it that had no entry yet. Always empty on SQLite, where one writer follows another. */
  gaps: readonly Gap[]
}

/**
 * Entries get their numbers before their transactions commit, so on PostgreSQL a lower one may appear after a higher.
 * A number is looked for until every transaction that was under way when it was missed has ended.
 */
interface Gap {
  from: number
  to: number
  /** The first transaction that began after it was missed; null until the next look. */
  before: number | null
}

export interface LogEntry {
  id: number
  noun: string
  noun_id: number
  op: Schema['change']['op']
}

/** Entries read in one go. */
const PIECE = 5000

/** How far back of the newest entry numbers may still be missing when somebody begins to follow. */
const LOOK_BACK = 100_000

/** Each gap is a query of its own. */
const MOST_GAPS = 20

/** The end of the log, for somebody who then reads everything. */
export async function endOfLog(db: Db): Promise<LogPlace> {
  const { rows } = await sql<{ last: number | null }>`select max(id) as last from change`.execute(db)
  const last = rows[0]?.last ?? 0
  if (engineOf(db) === 'sqlite') return { last, gaps: [] }
  const from = Math.max(0, last - LOOK_BACK)
  const known = await sql<{ id: number }>`
    select id from change where id > ${from} and id <= ${last} order by id`.execute(db)
  return { last, gaps: fewer(gapsBetween(from, known.rows)) }
}

/**
 * The next entries after a place, oldest first.
 *
 * @param version What `Database.version` said before.
 * @returns `more` if there may be further ones.
 */
export async function readLog(
  db: Db,
  place: LogPlace,
  version: string,
): Promise<{ entries: LogEntry[]; place: LogPlace; more: boolean }> {
  const late = await readGaps(db, place.gaps, version)
  const { rows } = await sql<LogEntry>`
    select id, noun, noun_id, op from change where id > ${place.last} order by id limit ${PIECE}`.execute(db)
  const missed = engineOf(db) === 'sqlite' ? [] : gapsBetween(place.last, rows)
  return {
    entries: [...late.entries, ...rows],
    place: { last: rows.at(-1)?.id ?? place.last, gaps: fewer([...late.gaps, ...missed]) },
    more: rows.length === PIECE,
  }
}

/** Everything up to here has been read, for a reader that remembers one number only. */
export function settledEnd({ last, gaps }: LogPlace): number {
  return gaps.reduce((end, { from }) => Math.min(end, from - 1), last)
}

async function readGaps(
  db: Db,
  gaps: readonly Gap[],
  version: string,
): Promise<{ entries: LogEntry[]; gaps: Gap[] }> {
  const entries: LogEntry[] = []
  const open: Gap[] = []
  // PostgreSQL's text of a snapshot (manual, "Transaction ID and Snapshot Information Functions"): `xmin:xmax:…`,
  // the oldest transaction still under way, and the first that has not begun.
  const [oldest = 0, next = 0] = version.split(':').map(Number)
  for (const gap of gaps) {
    const { rows } = await sql<LogEntry>`
      select id, noun, noun_id, op from change where id between ${gap.from} and ${gap.to} order by id`.execute(
      db,
    )
    entries.push(...rows)
    const before = gap.before ?? next
    if (oldest >= before) continue
    const rest = [...gapsBetween(gap.from - 1, rows), ...behind(rows.at(-1)?.id ?? gap.from - 1, gap.to)]
    open.push(...rest.map((one) => ({ ...one, before })))
  }
  return { entries, gaps: open }
}

/** Many gaps as one that spans them: what lies between is read again, which does no harm. */
function fewer(gaps: readonly Gap[]): readonly Gap[] {
  if (gaps.length <= MOST_GAPS) return gaps
  const before = gaps.reduce<number | null>(
    (latest, gap) => (latest === null || gap.before === null ? null : Math.max(latest, gap.before)),
    0,
  )
  return [
    { from: Math.min(...gaps.map(({ from }) => from)), to: Math.max(...gaps.map(({ to }) => to)), before },
  ]
}

/** The numbers missing after one and between some. */
function gapsBetween(after: number, rows: readonly { id: number }[]): Gap[] {
  let last = after
  return rows.flatMap(({ id }) => {
    const gap = behind(last, id - 1)
    last = id
    return gap
  })
}

function behind(last: number, to: number): Gap[] {
  return last < to ? [{ from: last + 1, to, before: null }] : []
}
