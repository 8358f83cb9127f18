import type { Parameters } from '../http/form.ts'
import { lastOf } from '../http/parameters.ts'

/** Far past any library; keeps offsets exact. */
const LAST_PAGE = 10_000_000

export interface PageNumbers {
  /** 1-based. */
  page: number
  size: number
}

/**
 * `page` and `per_page` of a list. What cannot be meant is read as the default, and a larger size than the largest as
 * the largest: lists never fail over it.
 */
export function readPageNumbers(
  { values }: Parameters,
  { usual, largest }: { usual: number; largest: number },
): PageNumbers {
  const page = wholeNumber(lastOf(values['page']))
  const size = wholeNumber(lastOf(values['per_page']))
  return {
    page: page !== null && page >= 1 ? Math.min(page, LAST_PAGE) : 1,
    size: size !== null && size >= 1 ? Math.min(size, largest) : usual,
  }
}

function wholeNumber(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}
