import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { findComment, listComments, placeOfComment } from '../../../library/comments.ts'
import { findItem } from '../../../library/items.ts'
import { OPERATOR } from '../../../library/viewer.ts'
import { callOf, idIn } from '../call.ts'
import { DELETED } from '../errors.ts'
import { read } from '../formats.ts'
import { fixedPage } from '../paging.ts'
import { presentComment } from '../presenters/comments.ts'

export const COMMENTS_A_PAGE = 20

interface ImagePath {
  Params: { id: string }
}
interface CommentPath {
  Params: { id: string; comment: string }
}

/** Comments of one image; those of many are among the lists. */
export function commentRoutes(face: FastifyInstance, ctx: Context): void {
  read<ImagePath>(face, '/images/:id/comments', async (request) => {
    const call = callOf(request)
    const itemId = idIn(request.params.id, 'item')
    await refuseDeleted(ctx, itemId)
    const of = { itemId, order: 'newest' } as const
    const { rows, total } = await listComments(ctx, call.viewer, of, fixedPage(call, COMMENTS_A_PAGE))
    return { comments: rows.map(presentComment), total }
  })

  read<CommentPath>(face, '/images/:id/comments/:comment', async (request) => {
    const itemId = idIn(request.params.id, 'item')
    await refuseDeleted(ctx, itemId)
    const place = { itemId, id: idIn(request.params.comment, 'comment') }
    return presentComment(await findComment(ctx, callOf(request).viewer, place))
  })

  // The older address.
  read<ImagePath>(face, '/comment/:id', async (request) => {
    const place = await placeOfComment(ctx, idIn(request.params.id, 'comment'))
    await refuseDeleted(ctx, place.itemId)
    return presentComment(await findComment(ctx, callOf(request).viewer, place))
  })
}

/** A deleted image is told of, its comments are not: 423, also for those who may see it. */
async function refuseDeleted(ctx: Context, id: number): Promise<void> {
  const { item } = await findItem(ctx, OPERATOR, id)
  if (item.visibility === 'removed' || item.visibility === 'merged') throw DELETED
}
