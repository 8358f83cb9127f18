import { pino } from 'pino'
import type { Database } from '../../src/database/open.ts'
import { QueryError } from '../../src/search/language/errors.ts'
import { openSearch, type Search } from '../../src/search/search.ts'

/**
 * Both that answer searches of a library. `failures` holds what went wrong with the catalogue: then the database would
 * have answered in its place.
 */
export function searchesOf(
  database: Database,
  mostValues: number,
): { catalogue: Search; sql: Search; failures: string[] } {
  const failures: string[] = []
  const options = {
    database,
    clock: () => new Date(),
    log: pino({ level: 'warn' }, { write: (line) => void failures.push(line) }),
    folder: '',
    mostValues,
  }
  return {
    catalogue: openSearch({ ...options, mode: 'catalogue' }),
    sql: openSearch({ ...options, mode: 'sql' }),
    failures,
  }
}

/** What a search answers, or what it says instead. */
export async function outcome<T>(search: Promise<T>): Promise<T | QueryError> {
  try {
    return await search
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
}
