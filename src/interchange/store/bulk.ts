import { sql, type RawBuilder } from 'kysely'
import type { Db } from '../../database/open.ts'
import { recordChanges, type Change } from '../../library/store/changes.ts'
import { addPiece } from './statements.ts'

/** Rows of one statement at the most; 64 for the widest table, whose values are then as many as elsewhere. */
const most = 512
export const mostWide = 64

/**
 * Writes many rows in few statements. Pieces are powers of two, so that few texts of statements come about and the
 * database's compiled ones are used again.
 */
export async function inPieces<T>(
  rows: readonly T[],
  write: (piece: T[]) => Promise<unknown>,
  largest = most,
): Promise<void> {
  let at = 0
  while (at < rows.length) {
    let size = largest
    while (size > rows.length - at) size /= 2
    await write(rows.slice(at, at + size))
    at += size
  }
}

/** The same for writes that answer with rows. */
export async function gather<T, R>(
  rows: readonly T[],
  write: (piece: T[]) => Promise<R[]>,
  largest = most,
): Promise<R[]> {
  const all: R[] = []
  await inPieces(rows, async (piece) => all.push(...(await write(piece))), largest)
  return all
}

/** Whole numbers as a table of its own; its columns are named `column1`, `column2` … by both databases. */
export function numberTable(rows: readonly (readonly number[])[]): RawBuilder<unknown> {
  const list = rows.map((row) => sql`(${sql.join(row.map((value) => sql`cast(${value} as bigint)`))})`)
  return sql`(values ${sql.join(list)})`
}

/** Adds to counters, many rows at once. The caller has locked the rows. */
export async function addToCounts(
  db: Db,
  table: 'account' | 'collection' | 'item' | 'tag',
  columns: readonly string[],
  byId: ReadonlyMap<number, readonly number[]>,
): Promise<void> {
  const rows = [...byId].filter(([, counts]) => counts.some((count) => count !== 0))
  await inPieces(rows, (piece) =>
    addPiece(
      db,
      table,
      columns,
      piece.map(([id, some]) => [id, ...some]),
    ),
  )
}

/** The change log for many things at once. */
export function logChanges(db: Db, at: Date, changes: readonly Change[]): Promise<void> {
  return inPieces(changes, (piece) => recordChanges(db, at, piece))
}
