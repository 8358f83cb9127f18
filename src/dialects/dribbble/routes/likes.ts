import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { findAccount, signedIn } from '../../../library/accounts.ts'
import { LibraryError } from '../../../library/errors.ts'
import { findItem, listItems } from '../../../library/items.ts'
import { findReaction, reactionsOf, setReaction } from '../../../library/reactions.ts'
import { callOf } from '../call.ts'
import { idIn } from '../ids.ts'
import { likedShots } from '../liked-shots.ts'
import { pageOf, presentPage } from '../paging.ts'
import { presentTie } from '../presenters/gathered-v1.ts'
import { presentLike, presentStranger } from '../presenters/likes-v2.ts'
import { presentShot, presentUser } from '../presenters/shots-v1.ts'
import { showingV1 } from '../showing-v1.ts'
import { showingOf } from '../showing.ts'
import { SHOTS } from './shots.ts'

const OWN = { config: { dribbble: { account: true } } } as const
const WRITE = { config: { dribbble: { scope: 'write', account: true } } } as const
/** Since v2, only applications that were approved see other people's shots. */
const APPROVED = { config: { dribbble: { account: true, approved: true } } } as const
const APPROVED_WRITE = { config: { dribbble: { scope: 'write', account: true, approved: true } } } as const

interface ShotPath {
  Params: { shot: string }
}

export function likeRoutes(face: FastifyInstance, ctx: Context): void {
  likesOfShots(face, ctx)
  likesOfUsers(face, ctx)
  popularShots(face, ctx)
}

/** API v1, Likes; the three methods of one shot are in API v2 too. */
function likesOfShots(face: FastifyInstance, ctx: Context): void {
  // List the likes for a shot
  face.get<ShotPath>('/v1/shots/:shot/likes', async (request, reply) => {
    const of = { itemId: idIn(request.params.shot, 'item'), sort: 'fave' } as const
    const found = await reactionsOf(ctx, callOf(request).viewer, of, pageOf(request))
    const showing = await showingV1(ctx, request, reply, {
      accounts: found.rows.map(({ account }) => account),
    })
    return presentPage(request, found, (like) => ({
      ...presentTie(like),
      user: presentUser(like.account, showing),
    }))
  })

  const versions = [
    { path: '/v1/shots/:shot/like', read: OWN, write: WRITE },
    { path: '/v2/shots/:shot/like', read: APPROVED, write: APPROVED_WRITE },
  ] as const
  for (const { path, read, write } of versions) {
    // Check if you like a shot: the like, or 404
    face.get<ShotPath>(path, read, (request) => checkLike(ctx, request))

    // Like a shot. Twice is once: it gives back the like there is.
    face.post<ShotPath>(path, write, async (request, reply) => {
      const like = await setLike(ctx, request, true)
      return reply.code(201).send(like && presentTie(like))
    })

    // Unlike a shot. Without a like there is nothing to do, which is no error.
    face.delete<ShotPath>(path, write, async (request, reply) => {
      await setLike(ctx, request, false)
      return reply.code(204).send()
    })
  }

  // The form of the first drafts of API v1: PUT in place of POST, and nothing comes back.
  face.put<ShotPath>('/v1/shots/:shot/like', WRITE, async (request, reply) => {
    await setLike(ctx, request, true)
    return reply.code(204).send()
  })
}

async function checkLike(ctx: Context, request: FastifyRequest<ShotPath>) {
  const { viewer } = callOf(request)
  const { item } = await findItem(ctx, viewer, idIn(request.params.shot, 'item'))
  const like = await findReaction(ctx.db, item.id, signedIn(viewer), 'fave')
  if (like === null) throw new LibraryError({ kind: 'not_found', what: 'reaction' })
  return presentTie(like)
}

function setLike(ctx: Context, request: FastifyRequest<ShotPath>, on: boolean) {
  const { viewer } = callOf(request)
  return setReaction(ctx, viewer, idIn(request.params.shot, 'item'), { sort: 'fave', on })
}

/** API v1, Users, "Likes"; API v2, Likes. */
function likesOfUsers(face: FastifyInstance, ctx: Context): void {
  // List shot likes for a user
  face.get<{ Params: { user: string } }>('/v1/users/:user/likes', async (request, reply) => {
    const { id } = await findAccount(ctx.db, request.params.user)
    return likesV1(ctx, request, reply, id)
  })
  face.get('/v1/user/likes', OWN, (request, reply) =>
    likesV1(ctx, request, reply, signedIn(callOf(request).viewer)),
  )

  // v2, "List the authenticated user's liked shots"
  face.get('/v2/user/likes', APPROVED, async (request) => {
    const { viewer } = callOf(request)
    const found = await likedShots(ctx, viewer, signedIn(viewer), pageOf(request))
    const showing = await showingOf(ctx, request, { items: found.rows.map(({ shot }) => shot) })
    return presentPage(request, found, ({ like, shot }) => presentLike(like, shot, showing))
  })
}

async function likesV1(ctx: Context, request: FastifyRequest, reply: FastifyReply, accountId: number) {
  const found = await likedShots(ctx, callOf(request).viewer, accountId, pageOf(request))
  const showing = await showingV1(ctx, request, reply, { items: found.rows.map(({ shot }) => shot) })
  return presentPage(request, found, ({ like, shot }) => ({
    ...presentTie(like),
    shot: presentShot(shot, showing),
  }))
}

/** API v2, Popular Shots. */
function popularShots(face: FastifyInstance, ctx: Context): void {
  // List popular shots
  face.get('/v2/popular_shots', APPROVED, async (request) => {
    const query = { ...SHOTS, order: 'popular' } as const
    const found = await listItems(ctx, callOf(request).viewer, query, pageOf(request))
    const showing = await showingOf(ctx, request, { items: found.rows })
    return presentPage(request, found, (loaded) => presentStranger(loaded, showing))
  })
}
