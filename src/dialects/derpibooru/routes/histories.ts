import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { isVisible } from '../../../library/access.ts'
import { sourceHistory, tagHistory, type HistoryWanted } from '../../../library/histories.ts'
import { callOf, idIn, textOf, type Call } from '../call.ts'
import { DELETED } from '../errors.ts'
import { findEvenDeleted } from '../finding.ts'
import { read } from '../formats.ts'
import { fixedPage } from '../paging.ts'
import { presentSourceChange, presentTagChange } from '../presenters/histories.ts'
import { showingOf } from '../showing.ts'

const CHANGES_A_PAGE = 20

interface ImagePath {
  Params: { id: string }
}

/** What was changed about one image. */
export function historyRoutes(face: FastifyInstance, ctx: Context): void {
  read<ImagePath>(face, '/images/:id/tag_changes', async (request) => {
    const call = callOf(request)
    const wanted = await historyWanted(ctx, call, request)
    const { rows } = await tagHistory(ctx, call.viewer, wanted, fixedPage(call, CHANGES_A_PAGE))
    const showing = showingOf(ctx, request)
    return rows.map((made) => presentTagChange(made, showing))
  })

  read<ImagePath>(face, '/images/:id/source_changes', async (request) => {
    const call = callOf(request)
    const wanted = await historyWanted(ctx, call, request)
    const { rows } = await sourceHistory(ctx, call.viewer, wanted, fixedPage(call, CHANGES_A_PAGE))
    const showing = showingOf(ctx, request)
    return rows.map((made) => presentSourceChange(made, showing))
  })
}

/** A deleted image is told of, its history is not, unless to those who may see the image: 423, as with comments. */
async function historyWanted(
  ctx: Context,
  call: Call,
  request: FastifyRequest<ImagePath>,
): Promise<HistoryWanted> {
  const itemId = idIn(request.params.id, 'item')
  const { item } = await findEvenDeleted(ctx, call.viewer, itemId)
  if (!isVisible(call.viewer, item)) throw DELETED
  const added = textOf(call, 'added')
  return { itemId, added: added === '1' ? true : added === '0' ? false : null }
}
