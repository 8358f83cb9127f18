import { sql, type Expression, type SqlBool } from 'kysely'

const literal = (text: string) => text.replaceAll(/[\\%_]/g, (char) => `\\${char}`)

/** Whether a column holds a text somewhere, whatever the case of its (Latin) letters. */
export function contains(column: string, text: string): Expression<SqlBool> {
  return like(column, `%${literal(text)}%`)
}

/** Whether a column is a text in which `*` stands for anything and `?` for one character. */
export function looksLike(column: string, pattern: string): Expression<SqlBool> {
  const parts = pattern.replaceAll(/\*+/g, '*').split(/([*?])/)
  const asLike = parts.map((part) => (part === '*' ? '%' : part === '?' ? '_' : literal(part)))
  return like(column, asLike.join(''))
}

const like = (column: string, pattern: string) =>
  sql<SqlBool>`lower(${sql.ref(column)}) like ${pattern.toLowerCase()} escape '\\'`

/** Whether a column begins with a text, so that an index on the column is of use. */
export function beginsWith(column: string, text: string): Expression<SqlBool> {
  const of = sql.ref(column)
  return sql<SqlBool>`(${of} >= ${text} and ${of} < ${`${text}\u{10ffff}`})`
}
