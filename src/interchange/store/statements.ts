import { CompiledQuery } from 'kysely'
import { engineOf, type Engine } from '../../database/engine.ts'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'

/** A statement on `table`, in the text that stands before and behind its rows of values. */
interface Shape {
  before: string
  behind: string
  columns: number
  /** What every value is cast to, where the database could not tell. */
  cast?: string
}

/** Texts of statements by shape and number of rows. To build one anew costs more than to run it. */
const texts = new Map<string, string>()

function textOf(engine: Engine, { before, behind, columns, cast }: Shape, rows: number): string {
  const key = `${engine} ${rows} ${before} ${behind}`
  const known = texts.get(key)
  if (known !== undefined) return known
  const place = (at: number) => {
    const mark = engine === 'postgres' ? `$${at + 1}` : '?'
    return cast === undefined ? mark : `cast(${mark} as ${cast})`
  }
  const row = (at: number) =>
    `(${Array.from({ length: columns }, (_, column) => place(at * columns + column)).join(', ')})`
  const text = `${before}${Array.from({ length: rows }, (_, at) => row(at)).join(', ')}${behind}`
  texts.set(key, text)
  return text
}

const quoted = (name: string) => `"${name}"`

/** A row as the database takes it: all rows of one call have the same columns. */
type PlainRow = Readonly<Record<string, unknown>>

/** Inserts one piece of rows; see `inPieces` for why their number should be one of few. */
export async function insertPiece<R = never>(
  db: Db,
  table: keyof Schema,
  rows: readonly PlainRow[],
  returning: readonly string[] = [],
): Promise<R[]> {
  const [first] = rows
  if (!first) return []
  const columns = Object.keys(first).filter((column) => first[column] !== undefined)
  const shape = {
    before: `insert into ${quoted(table)} (${columns.map(quoted).join(', ')}) values `,
    behind: returning.length > 0 ? ` returning ${returning.map(quoted).join(', ')}` : '',
    columns: columns.length,
  }
  const values = rows.flatMap((row) => columns.map((column) => row[column]))
  const text = textOf(engineOf(db), shape, rows.length)
  return (await db.executeQuery<R>(CompiledQuery.raw(text, values))).rows
}

/** Adds to counters of a table by id: `[id, what the first column gets, the second …]`. */
export async function addPiece(
  db: Db,
  table: keyof Schema,
  columns: readonly string[],
  rows: readonly (readonly number[])[],
): Promise<void> {
  const sets = columns.map(
    (column, at) => `${quoted(column)} = ${quoted(table)}.${quoted(column)} + "by".column${at + 2}`,
  )
  const shape = {
    before: `update ${quoted(table)} set ${sets.join(', ')} from (select * from (values `,
    behind: `) as given) as "by" where ${quoted(table)}.id = "by".column1`,
    columns: columns.length + 1,
    cast: 'bigint',
  }
  const text = textOf(engineOf(db), shape, rows.length)
  await db.executeQuery(CompiledQuery.raw(text, rows.flat()))
}
