import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { Values } from '../../../faces/values.ts'
import { setCommentLike } from '../../../library/comment-likes.ts'
import { addComment, listComments, placeOfComment, removeComment } from '../../../library/comments.ts'
import { callOf, type Call } from '../call.ts'
import { idIn } from '../ids.ts'
import { pageOf, presentRows } from '../paging.ts'
import { presentComment } from '../presenters/around-photos.ts'
import { findPhoto, type PhotoPath } from './photos.ts'

const COMMENT = { config: { tookapic: { account: true, scope: 'comment' } } } as const
const WRITE = { config: { tookapic: { account: true, scope: 'write' } } } as const

interface CommentPath {
  Params: { id: string }
}

export function commentRoutes(face: FastifyInstance, ctx: Context): void {
  face.get<PhotoPath>('/photos/:id/comments', async (request) => {
    const { item } = await findPhoto(ctx, request)
    const found = await listComments(ctx, callOf(request).viewer, { itemId: item.id }, pageOf(request))
    return presentRows(request, found, presentComment)
  })

  face.post<PhotoPath>('/photos/:id/comments', COMMENT, async (request, reply) => {
    const { item } = await findPhoto(ctx, request)
    const made = await addComment(ctx, callOf(request).viewer, item.id, readContent(callOf(request)))
    return reply.code(201).send({ data: presentComment(made) })
  })

  face.delete<CommentPath>('/comments/:id', COMMENT, async (request, reply) => {
    await removeComment(ctx, callOf(request).viewer, await placeIn(ctx, request))
    return reply.code(204).send()
  })

  face.put<CommentPath>('/comments/:id/like', WRITE, async (request, reply) => {
    await setCommentLike(ctx, callOf(request).viewer, await placeIn(ctx, request), true)
    return reply.code(204).send()
  })
  face.delete<CommentPath>('/comments/:id/like', WRITE, async (request, reply) => {
    await setCommentLike(ctx, callOf(request).viewer, await placeIn(ctx, request), false)
    return reply.code(204).send()
  })
}

const placeIn = (ctx: Context, { params }: FastifyRequest<CommentPath>) =>
  placeOfComment(ctx, idIn(params.id, 'comment'))

/** A missing text is a blank one. @throws LibraryError `invalid`. */
function readContent(call: Call): string {
  const values = new Values(call.parameters)
  const content = values.text('content') ?? ''
  values.finish()
  return content
}
