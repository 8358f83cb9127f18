import { sql, type Kysely } from 'kysely'
import { engineOf } from '../engine.ts'

export async function tableNames(db: Kysely<unknown>): Promise<string[]> {
  return (await db.introspection.getTables()).map((table) => table.name)
}

/**
 * Makes text of these tables compare and sort byte by byte, as SQLite does. PostgreSQL would otherwise follow the
 * locale the installation happened to be created with, and the two databases would answer in different orders.
 * A later migration that adds text columns calls this for its tables again.
 */
export async function sortTextByBytes(db: Kysely<unknown>, tables: readonly string[]): Promise<void> {
  if (engineOf(db) === 'sqlite') return
  for (const table of tables) {
    const { rows } = await sql<{ name: string }>`
      select column_name as name from information_schema.columns
      where table_schema = current_schema() and table_name = ${table} and data_type = 'text'`.execute(db)
    const changes = rows.map(({ name }) => sql`alter column ${sql.id(name)} type text collate "C"`)
    if (changes.length > 0) await sql`alter table ${sql.table(table)} ${sql.join(changes)}`.execute(db)
  }
}
