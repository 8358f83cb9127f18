import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import type { LoadedItem } from '../../library/items.ts'
import { relatedItemIds } from '../../library/similar.ts'
import { anyOf, term } from '../../search/language/tree.ts'
import { callOf } from './call.ts'
import { findImages, NEWEST, ownPage } from './finding.ts'

/** How many of the most alike are looked at, before the caller's filter. */
const MOST_COMPARED = 90

/** Images that share tags with one, the most alike first, through the caller's filter. */
export async function relatedImages(
  ctx: Context,
  request: FastifyRequest,
  itemId: number,
): Promise<LoadedItem[]> {
  const call = callOf(request)
  const { limit } = await ownPage(ctx, call)
  const ids = await relatedItemIds(ctx, call.viewer, itemId, MOST_COMPARED)
  if (ids.length === 0) return []
  const query = anyOf(ids.map((value) => term({ op: 'compare', field: 'id', is: '=', value })))
  const { rows } = await findImages(ctx, request, {
    query,
    order: NEWEST,
    page: { offset: 0, limit: MOST_COMPARED },
  })
  const places = new Map(ids.map((id, at) => [id, at]))
  const place = ({ item }: LoadedItem) => places.get(item.id) ?? ids.length
  return rows.toSorted((one, other) => place(one) - place(other)).slice(0, limit)
}
