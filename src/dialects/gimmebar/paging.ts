import type { Page, Paged } from '../../library/page.ts'
import { textOf, type Call } from './call.ts'

/** "These endpoints accept the limit and skip parameters" ("Paginated response format"). */
const USUAL = 10
const LARGEST = 50
/** Far past any library; keeps offsets exact. */
const LAST = 100_000_000

/** What cannot be meant is read as if it were not said, and a limit past the largest as the largest. */
export function pageOf(call: Call): Page {
  const limit = wholeNumber(textOf(call, 'limit'))
  const skip = wholeNumber(textOf(call, 'skip'))
  return {
    limit: limit === null || limit === 0 ? USUAL : Math.min(limit, LARGEST),
    offset: skip === null ? 0 : Math.min(skip, LAST),
  }
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : null
}

/** A list as this service gives it, in the order of the page's samples. */
export function envelope<T>({ offset, limit }: Page, { rows, total }: Paged<T>) {
  return {
    records: rows,
    skip: offset,
    limit,
    total_records: total,
    more_records: offset + rows.length < total,
  }
}
