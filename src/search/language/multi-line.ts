import { QueryError, tooMuch } from './errors.ts'
import type { ParseOptions } from './options.ts'
import { MAX_BYTES, MAX_TERMS, parseQuery } from './parser.ts'
import { anyOf, type Query, termsOf } from './tree.ts'

/**
 * Reads a saved search of several lines (a watch list, a filter): each line that is not blank is a search in
 * parentheses, and one of them is enough. The limits are those of one search, for all lines together.
 *
 * @throws QueryError with its position in the whole text.
 */
export function parseLines(text: string, options: ParseOptions): Query {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw tooMuch(Math.min(text.length, MAX_BYTES), `${MAX_BYTES} bytes`)
  }

  const found: Query[] = []
  let terms = 0
  let start = 0
  for (const line of text.split('\n')) {
    if (line.trim() !== '') {
      const query = parseLine(line, start, options)
      terms += [...termsOf(query)].length
      if (terms > MAX_TERMS) throw tooMuch(start, `${MAX_TERMS} terms`)
      found.push(query)
    }
    start += line.length + 1
  }
  return anyOf(found)
}

/** By itself, so that no parenthesis of one line can close that of another. */
function parseLine(line: string, start: number, options: ParseOptions): Query {
  try {
    return parseQuery(line, options)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    throw new QueryError(start + error.position, error.expected, error.message)
  }
}
