import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import {
  addFilter,
  changeFilter,
  currentFilter,
  findFilter,
  ownFilters,
  removeFilter,
  searchFilters,
  systemFilters,
  type FilterChange,
} from '../../../library/filters.ts'
import { callOf, idIn, isOn, textOf } from '../call.ts'
import { readFilter } from '../filter-input.ts'
import { wantedFilter } from '../finding.ts'
import { read, write } from '../formats.ts'
import { fixedPage } from '../paging.ts'
import { presentFilter } from '../presenters/filters.ts'
import { searchFields } from '../search-fields.ts'

const FILTERS_A_PAGE = 20
const OWN = { config: { derpibooru: { account: true } } } as const

interface FilterPath {
  Params: { id: string }
}

export function filterRoutes(face: FastifyInstance, ctx: Context): void {
  read(face, '/filters', (request) => filterLists(ctx, request))

  read(face, '/filters/current', async (request) => {
    const call = callOf(request)
    return presentFilter(await currentFilter(ctx, call.viewer, wantedFilter(call)))
  })

  read<FilterPath>(face, '/filters/:id', async (request) =>
    presentFilter(await findFilter(ctx, callOf(request).viewer, idIn(request.params.id, 'filter'))),
  )

  write(
    face,
    { method: 'POST', path: '/filters' },
    async (request, reply) => {
      const call = callOf(request)
      const { name = '', ...rest } = readFilter(call)
      const filter = await addFilter(ctx, call.viewer, { name, ...rest }, searchFields)
      return reply.code(201).send(presentFilter(filter))
    },
    OWN,
  )

  for (const method of ['PUT', 'PATCH'] as const)
    write<FilterPath>(
      face,
      { method, path: '/filters/:id' },
      async (request) => {
        const call = callOf(request)
        const change: FilterChange & { id: number } = {
          id: idIn(request.params.id, 'filter'),
          ...readFilter(call),
        }
        return presentFilter(await changeFilter(ctx, call.viewer, change, searchFields))
      },
      OWN,
    )

  write<FilterPath>(
    face,
    { method: 'DELETE', path: '/filters/:id' },
    async (request, reply) => {
      await removeFilter(ctx, callOf(request).viewer, idIn(request.params.id, 'filter'))
      return reply.code(204).send()
    },
    OWN,
  )
}

/** `user_filters` is null for somebody without a key; `search_filters` is what `fq` finds among the public ones. */
async function filterLists(ctx: Context, request: FastifyRequest) {
  const call = callOf(request)
  const text = textOf(call, 'fq').trim()
  const system = await systemFilters(ctx)
  const own = call.viewer.accountId === null ? null : await ownFilters(ctx, call.viewer)
  const query = { text, descending: isOn(call, 'search_desc') }
  const found = text === '' ? [] : (await searchFilters(ctx, query, fixedPage(call, FILTERS_A_PAGE))).rows
  return {
    system_filters: system.map(presentFilter),
    user_filters: own && own.map(presentFilter),
    search_filters: found.map(presentFilter),
  }
}
