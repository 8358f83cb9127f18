import { sql } from 'kysely'
import type { Db } from '../../database/open.ts'
import { gather } from './bulk.ts'

/** Tables whose ids an archive may give, which are kept when they are free. */
export type NumberedTable = 'account' | 'attachment' | 'comment' | 'filter' | 'vacancy'

/** Those of the ids that are taken. */
export async function takenIds(db: Db, table: NumberedTable, ids: readonly number[]): Promise<Set<number>> {
  const rows = await gather(ids, async (piece) => {
    const found = await sql<{ id: number }>`
      select id from ${sql.table(table)} where id in (${sql.join(piece)})`.execute(db)
    return found.rows
  })
  return new Set(rows.map(({ id }) => id))
}

/** Writes rows of which some have ids of their own: each statement holds rows of one sort. */
export async function gatherNumbered<T extends { id?: number | undefined }, R>(
  rows: readonly T[],
  write: (piece: T[]) => Promise<R[]>,
): Promise<R[]> {
  const numbered = rows.filter(({ id }) => id !== undefined)
  const others = rows.filter(({ id }) => id === undefined)
  return [...(await gather(numbered, write)), ...(await gather(others, write))]
}
