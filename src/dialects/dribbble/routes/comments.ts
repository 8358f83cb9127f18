import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { commentLikesOf, findCommentLike, setCommentLike } from '../../../library/comment-likes.ts'
import {
  addComment,
  changeComment,
  findComment,
  listComments,
  removeComment,
  type CommentPlace,
  type LoadedComment,
} from '../../../library/comments.ts'
import { LibraryError } from '../../../library/errors.ts'
import { callOf, type Call } from '../call.ts'
import { locatedAt } from '../created.ts'
import { idIn } from '../ids.ts'
import { pageOf, presentPage } from '../paging.ts'
import { presentComment, presentTie } from '../presenters/gathered-v1.ts'
import { presentUser } from '../presenters/shots-v1.ts'
import { showingV1 } from '../showing-v1.ts'
import { Values } from '../../../faces/values.ts'
import { callersAccount } from './users.ts'

const OWN = { config: { dribbble: { account: true } } } as const
const COMMENT = { config: { dribbble: { scope: 'comment', account: true } } } as const
const WRITE = { config: { dribbble: { scope: 'write', account: true } } } as const

interface ShotPath {
  Params: { shot: string }
}
interface CommentPath {
  Params: { shot: string; id: string }
}

/** API v1, Comments, in the order of the page. */
export function commentRoutes(face: FastifyInstance, ctx: Context): void {
  // List comments for a shot
  face.get<ShotPath>('/v1/shots/:shot/comments', async (request, reply) => {
    const of = { itemId: idIn(request.params.shot, 'item') }
    const found = await listComments(ctx, callOf(request).viewer, of, pageOf(request))
    const showing = await showingComments(ctx, request, reply, found.rows)
    return presentPage(request, found, (comment) => presentComment(comment, showing))
  })

  commentLikeRoutes(face, ctx)

  // Create a comment
  face.post<ShotPath>('/v1/shots/:shot/comments', COMMENT, async (request, reply) => {
    const call = callOf(request)
    const itemId = idIn(request.params.shot, 'item')
    await requirePlayer(ctx, request)
    const made = await addComment(ctx, call.viewer, itemId, readBody(call))
    const showing = await showingComments(ctx, request, reply, [made])
    return locatedAt(reply, `${call.base}/v1/shots/${itemId}/comments/${made.comment.id}`)
      .code(201)
      .send(presentComment(made, showing))
  })

  // Get a single comment
  face.get<CommentPath>('/v1/shots/:shot/comments/:id', async (request, reply) => {
    const found = await findComment(ctx, callOf(request).viewer, placeOf(request))
    callOf(request).lastModifiedMs = found.comment.updated_ms
    return presentComment(found, await showingComments(ctx, request, reply, [found]))
  })

  // Update a comment
  face.route<CommentPath>({
    method: ['PUT', 'PATCH'],
    url: '/v1/shots/:shot/comments/:id',
    ...COMMENT,
    handler: async (request, reply) => {
      const call = callOf(request)
      const changed = await changeComment(ctx, call.viewer, placeOf(request), readBody(call))
      return presentComment(changed, await showingComments(ctx, request, reply, [changed]))
    },
  })

  // Delete a comment
  face.delete<CommentPath>('/v1/shots/:shot/comments/:id', COMMENT, async (request, reply) => {
    await removeComment(ctx, callOf(request).viewer, placeOf(request))
    return reply.code(204).send()
  })
}

function commentLikeRoutes(face: FastifyInstance, ctx: Context): void {
  // List likes for a comment
  face.get<CommentPath>('/v1/shots/:shot/comments/:id/likes', async (request, reply) => {
    const found = await commentLikesOf(ctx, callOf(request).viewer, placeOf(request), pageOf(request))
    const showing = await showingV1(ctx, request, reply, {
      accounts: found.rows.map(({ account }) => account),
    })
    return presentPage(request, found, (like) => ({
      ...presentTie(like),
      user: presentUser(like.account, showing),
    }))
  })

  const path = '/v1/shots/:shot/comments/:id/like'
  // Check if you like a comment
  face.get<CommentPath>(path, OWN, async (request) => {
    const like = await findCommentLike(ctx, callOf(request).viewer, placeOf(request))
    if (like === null) throw new LibraryError({ kind: 'not_found', what: 'reaction' })
    return presentTie(like)
  })

  // Like a comment. Twice is once.
  face.post<CommentPath>(path, WRITE, async (request, reply) => {
    const like = await setCommentLike(ctx, callOf(request).viewer, placeOf(request), true)
    return reply.code(201).send(like && presentTie(like))
  })

  // The form of the first drafts of API v1
  face.put<CommentPath>(path, WRITE, async (request, reply) => {
    await setCommentLike(ctx, callOf(request).viewer, placeOf(request), true)
    return reply.code(204).send()
  })

  // Unlike a comment
  face.delete<CommentPath>(path, WRITE, async (request, reply) => {
    await setCommentLike(ctx, callOf(request).viewer, placeOf(request), false)
    return reply.code(204).send()
  })
}

const placeOf = ({ params }: { params: CommentPath['Params'] }): CommentPlace => ({
  itemId: idIn(params.shot, 'item'),
  id: idIn(params.id, 'comment'),
})

const showingComments = (
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  found: readonly LoadedComment[],
) =>
  showingV1(ctx, request, reply, {
    accounts: found.map(({ account }) => account),
    texts: found.map(({ comment }) => comment.body),
  })

/** A missing text is a blank one. @throws Refusal 422. */
function readBody(call: Call): string {
  const values = new Values(call.parameters)
  const body = values.text('body') ?? ''
  values.finish()
  return body
}

/** Commenting is for players and teams (Create a comment): for those who may upload. */
async function requirePlayer(ctx: Context, request: FastifyRequest): Promise<void> {
  const account = await callersAccount(ctx, request)
  if (account.may_upload === 0)
    throw new LibraryError({ kind: 'not_allowed', what: 'comment', action: 'add' })
}
