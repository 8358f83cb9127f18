import type { Logger } from 'pino'
import type { Database } from '../database/open.ts'
import type { Asked, Catalogue, Found } from './catalogue/catalogue.ts'
import { openFollower } from './follower.ts'
import { QueryError } from './language/errors.ts'
import type { Order } from './language/sort.ts'
import { nameTerms } from './named-terms.ts'
import { neighboursBySql, searchBySql } from './sql.ts'

/** What answers searches: the catalogue in memory, or the database. The answers are the same. */
export type SearchMode = 'catalogue' | 'sql'

/** What is searched for, who searches, and in which order. Whoever asks has replaced `filter`, `watched` and `subs`. */
export type Request = Pick<Asked, 'query' | 'within' | 'seer'> & {
  /** Whose sets `my:` means; nobody's if left out. */
  accountId?: number | null
  order: Order
}

/** Searches of one library. Not for use inside a transaction, which a search would wait for. */
export interface Search {
  /**
   * One page and the exact total, of everything committed before the call by any process.
   *
   * @throws QueryError if a wildcard or fuzzy term stands for too many values.
   */
  find: (request: Request & { offset: number; limit: number }) => Promise<Found>
  /** The matches right before and right after an item. Both null if there is no such item. @throws QueryError. */
  neighbours: (request: Request & { id: number }) => Promise<{ before: number | null; after: number | null }>
  /**
   * Gets ready before the first search, and keeps snapshots from then on. For servers; others get ready when they
   * first search.
   */
  start: () => Promise<void>
  close: () => Promise<void>
}

export interface SearchOptions {
  database: Database
  clock: () => Date
  log: Logger
  /** Where the snapshot is kept. */
  folder: string
  mode: SearchMode
  /** How many values a wildcard or fuzzy term may stand for. 1,000 if left out. */
  mostValues?: number
  /** How many items, or entries of the change log, a search waits to be read; 20,000 if left out. */
  patience?: number
}

/** Opens nothing yet. */
export function openSearch({ mode, mostValues = 1000, patience = 20_000, ...rest }: SearchOptions): Search {
  const { db } = rest.database
  const follower = mode === 'sql' ? null : openFollower({ ...rest, patience, catalogue: { mostValues } })

  /** Asks the catalogue if there is one, else the database. */
  const answer = async <T>(
    request: Request,
    byCatalogue: (catalogue: Catalogue, asked: Asked) => T,
    bySql: (asked: Asked) => Promise<T>,
  ): Promise<T> => {
    const asked = await named(request)
    const catalogue = follower ? await follower.current() : null
    if (catalogue) {
      try {
        return byCatalogue(catalogue, asked)
      } catch (error) {
        if (error instanceof QueryError) throw error
        follower?.distrust(error)
      }
    }
    return bySql(asked)
  }

  const named = async ({ query, within, seer, accountId = null }: Request): Promise<Asked> => {
    const naming = { accountId, mostValues }
    const asked = { query: await nameTerms(db, query, naming), seer, accountId }
    return within === undefined ? asked : { ...asked, within: await nameTerms(db, within, naming) }
  }

  return {
    find: ({ order, offset, limit, ...request }) => {
      const page = { offset, limit }
      return answer(
        { ...request, order },
        (catalogue, asked) => catalogue.search({ ...asked, order, page }),
        (asked) => searchBySql(db, { ...asked, order, page }, mostValues),
      )
    },
    neighbours: ({ order, id, ...request }) =>
      answer(
        { ...request, order },
        (catalogue, asked) => catalogue.neighbours({ ...asked, order, id }),
        (asked) => neighboursBySql(db, { ...asked, order, id }, mostValues),
      ),
    start: () => follower?.start() ?? Promise.resolve(),
    close: () => follower?.close() ?? Promise.resolve(),
  }
}
