import { sql, type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely } from 'kysely'
import { engineOf } from '../engine.ts'

type Table = CreateTableBuilder<string, string>

/** A row number the database gives out, never used twice. The one definition that differs between the engines. */
export function withId(db: Kysely<unknown>, table: Table): Table {
  return engineOf(db) === 'sqlite'
    ? table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    : table.addColumn('id', 'bigint', (column) => column.primaryKey().generatedByDefaultAsIdentity())
}

export const required = (column: ColumnDefinitionBuilder) => column.notNull()
export const zero = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(0)

/** A column that holds the id of a row elsewhere, and goes when that row goes. */
export const owned = (target: string) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(target).onDelete('cascade')

/** The same, where the column is simply emptied. */
export const linked = (target: string) => (column: ColumnDefinitionBuilder) =>
  column.references(target).onDelete('set null')

/** An index; `where` makes it partial. */
export async function index(
  db: Kysely<unknown>,
  table: string,
  columns: string[],
  options: { unique?: boolean; where?: string } = {},
): Promise<void> {
  const name = `${table}_${columns.join('_')}`.replaceAll(' ', '_')
  const unique = options.unique ? sql`unique` : sql``
  const where = options.where ? sql`where ${sql.raw(options.where)}` : sql``
  const list = sql.raw(columns.join(', '))
  await sql`create ${unique} index ${sql.id(name)} on ${sql.id(table)} (${list}) ${where}`.execute(db)
}
