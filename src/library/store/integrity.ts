import { sql } from 'kysely'
import { engineOf } from '../../database/engine.ts'
import type { Db } from '../../database/open.ts'

/** Rows that refer to rows which are gone. PostgreSQL cannot have any; SQLite can, after foreign damage. */
export async function danglingReferences(db: Db): Promise<{ table: string; rowid: number }[]> {
  if (engineOf(db) !== 'sqlite') return []
  const { rows } = await sql<{ table: string; rowid: number }>`pragma foreign_key_check`.execute(db)
  return rows
}
