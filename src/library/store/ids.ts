import { sql } from 'kysely'
import { engineOf } from '../../database/engine.ts'
import type { Db } from '../../database/open.ts'

type LockedTable = 'account' | 'collection' | 'comment' | 'item' | 'tag'

/**
 * Locks rows until the end of the transaction, in the order of their ids, so that two writers cannot wait for
 * each other; SQLite has one writer at a time and needs no lock. Returns the ids that exist.
 */
export async function lockRows(db: Db, table: LockedTable, ids: readonly number[]): Promise<Set<number>> {
  if (ids.length === 0) return new Set()
  const lock = engineOf(db) === 'postgres' ? sql`for no key update` : sql``
  const { rows } = await sql<{ id: number }>`
    select id from ${sql.table(table)} where id in (${sql.join([...ids])}) order by id ${lock}`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

/**
 * Keeps the database from giving out ids up to `highest`, before rows are inserted under ids of their own.
 * SQLite's AUTOINCREMENT does so by itself; a sequence of PostgreSQL has to be told, and the lock keeps it from
 * going back while somebody else draws from it.
 */
export async function reserveIds(
  db: Db,
  table: 'account' | 'attachment' | 'collection' | 'comment' | 'filter' | 'item' | 'vacancy',
  highest: number,
): Promise<void> {
  if (engineOf(db) === 'sqlite') return
  await sql`lock table ${sql.table(table)} in share row exclusive mode`.execute(db)
  const sequence = sql`pg_get_serial_sequence(${table}, 'id')::regclass`
  await sql`
    select setval(${sequence}, greatest(${highest}::bigint, coalesce(pg_sequence_last_value(${sequence}), 1)))
  `.execute(db)
}
