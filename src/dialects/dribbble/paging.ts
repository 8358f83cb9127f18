import type { FastifyRequest } from 'fastify'
import { pageLinks } from '../../http/link-header.ts'
import { lastOf } from '../../http/parameters.ts'
import type { Page, Paged } from '../../library/page.ts'
import { callOf, type Call } from './call.ts'
import { queryOf } from './door.ts'

const USUAL_SIZE = 30
const LARGEST_SIZE = 100
/** Far past any library; keeps offsets exact. */
const LAST_PAGE = 10_000_000

/**
 * "Requests that return multiple items will be paginated to 30 items by default … a custom page size up to 100"
 * (API v1 overview, "Pagination"). What cannot be meant is read as the default: lists never fail over it.
 */
export function pageOf(request: FastifyRequest): Page {
  const { page, size } = readPage(callOf(request))
  return { offset: (page - 1) * size, limit: size }
}

function readPage({ parameters }: Call): { page: number; size: number } {
  const page = wholeNumber(lastOf(parameters.values['page']))
  const size = wholeNumber(lastOf(parameters.values['per_page']))
  return {
    page: page !== null && page >= 1 ? Math.min(page, LAST_PAGE) : 1,
    size: size !== null && size >= 1 ? Math.min(size, LARGEST_SIZE) : USUAL_SIZE,
  }
}

function wholeNumber(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

/**
 * One page of a list: links around it, and its rows as objects of this dialect.
 *
 * @param most Rows the list ever yields, whatever there are.
 */
export function presentPage<Row, T>(
  request: FastifyRequest,
  { rows, total }: Paged<Row>,
  present: (row: Row) => T,
  most = Number.POSITIVE_INFINITY,
): T[] {
  const call = callOf(request)
  const { page, size } = readPage(call)
  const lastPage = Math.ceil(Math.min(total, most) / size)
  const path = request.url.slice(0, request.url.length - queryOf(request).length)
  call.links = pageLinks({
    base:
      call.base +
      path
        .replace(/^\/+dribbble/, '')
        .replaceAll(/\/{2,}/g, '/')
        .replace(/(.)\/$/, '$1'),
    page,
    lastPage,
    hasNext: page < lastPage,
    keep: new URLSearchParams(queryOf(request)),
    drop: ['callback'],
  })
  return rows.map(present)
}
