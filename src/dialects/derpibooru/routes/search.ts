import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { callOf, idIn, isSet } from '../call.ts'
import { findImages, findNeighbour, findRandom } from '../finding.ts'
import { read, write } from '../formats.ts'
import { reverseSearch } from '../reverse.ts'
import { orderIn, searchIn } from '../search-input.ts'
import { interactionsWith, presentImages, presentOne } from '../showing.ts'

interface ImagePath {
  Params: { id: string }
}

export function searchRoutes(face: FastifyInstance, ctx: Context): void {
  // Image Search
  read(face, '/search', (request) => search(ctx, request))

  // The image after and before one in the same search, or nothing.
  for (const way of ['next', 'prev'] as const)
    read<ImagePath>(face, `/${way}/:id`, async (request) => {
      const call = callOf(request)
      const wanted = searchIn(call) ?? { order: orderIn(call) }
      const of = idIn(request.params.id, 'item')
      const loaded = await findNeighbour(ctx, request, { ...wanted, of, way })
      return loaded === null ? {} : presentOne(ctx, request, loaded)
    })

  write(
    face,
    { method: 'POST', path: '/search/reverse' },
    async (request) => {
      const { rows, total } = await reverseSearch(ctx, request)
      return { search: await presentImages(ctx, request, rows), total }
    },
    { config: { derpibooru: { picture: true } } },
  )
}

async function search(ctx: Context, request: FastifyRequest) {
  const call = callOf(request)
  const wanted = searchIn(call)
  if (wanted === null) return { search: [], total: 0, interactions: [] }
  const listed = { ...wanted, includeDeleted: isSet(call, 'deleted') }
  if (isSet(call, 'random_image')) return { id: await findRandom(ctx, request, listed) }
  const { rows, total } = await findImages(ctx, request, listed)
  return {
    search: await presentImages(ctx, request, rows),
    total,
    interactions: await interactionsWith(ctx, request, rows),
  }
}
