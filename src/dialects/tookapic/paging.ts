import type { FastifyRequest } from 'fastify'
import { readPageNumbers } from '../../faces/page-numbers.ts'
import { queryOf } from '../../faces/request-parts.ts'
import type { Page, Paged } from '../../library/page.ts'
import { callOf } from './call.ts'
import { MOUNT } from './door.ts'

/** "paginated to 10 items by default … a custom page size up to 50 with the ?per_page parameter" ("Pagination"). */
const SIZES = { usual: 10, largest: 50 }

export function pageOf(request: FastifyRequest): Page {
  const { page, size } = readPageNumbers(callOf(request).parameters, SIZES)
  return { offset: (page - 1) * size, limit: size }
}

/** A list as this service gives it: its rows, and where they stand among all. */
export function presentPage<T>(request: FastifyRequest, total: number, data: readonly T[]) {
  const { page, size } = readPageNumbers(callOf(request).parameters, SIZES)
  const totalPages = Math.max(1, Math.ceil(total / size))
  const links = {
    // From past the end it leads back to what there is.
    ...(page > 1 ? { previous: pageAddress(request, Math.min(page - 1, totalPages)) } : {}),
    ...(page < totalPages ? { next: pageAddress(request, page + 1) } : {}),
  }
  const pagination = {
    total,
    count: data.length,
    per_page: size,
    current_page: page,
    total_pages: totalPages,
    links,
  }
  return { data, meta: { pagination } }
}

/** The same for rows that are presented one by one. */
export const presentRows = <Row, T>(
  request: FastifyRequest,
  { rows, total }: Paged<Row>,
  present: (row: Row) => T,
) => presentPage(request, total, rows.map(present))

/** The address of another page of the same list, without what must not stand in answers: a callback, a token. */
function pageAddress(request: FastifyRequest, page: number): string {
  const query = queryOf(request)
  const path = request.url.slice(0, request.url.length - query.length).replaceAll(/\/{2,}/g, '/')
  const keep = new URLSearchParams(query)
  keep.delete('callback')
  keep.delete('access_token')
  keep.set('page', String(page))
  return `${callOf(request).base}${path.slice(MOUNT.length).replace(/(.)\/$/, '$1')}?${keep.toString()}`
}
