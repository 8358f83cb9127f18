import type { FastifyRequest } from 'fastify'
import { readPageNumbers } from '../../faces/page-numbers.ts'
import { queryOf } from '../../faces/request-parts.ts'
import { pageLinks } from '../../http/link-header.ts'
import type { Page, Paged } from '../../library/page.ts'
import { callOf } from './call.ts'

/**
 * "Requests that return multiple items will be paginated to 30 items by default … a custom page size up to 100"
 * (API v1 overview, "Pagination").
 */
const SIZES = { usual: 30, largest: 100 }

export function pageOf(request: FastifyRequest): Page {
  const { page, size } = readPageNumbers(callOf(request).parameters, SIZES)
  return { offset: (page - 1) * size, limit: size }
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
  const { page, size } = readPageNumbers(call.parameters, SIZES)
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
