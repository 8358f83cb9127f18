import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { findAccount, signedIn } from '../../../library/accounts.ts'
import { LibraryError } from '../../../library/errors.ts'
import {
  follow,
  followersOf,
  followingOf,
  isFollowing,
  unfollow,
  type DatedAccount,
} from '../../../library/follows.ts'
import { listItems } from '../../../library/items.ts'
import type { Paged } from '../../../library/page.ts'
import { callOf } from '../call.ts'
import { pageOf, presentPage } from '../paging.ts'
import { presentTie } from '../presenters/gathered-v1.ts'
import { presentShot, presentUser } from '../presenters/shots-v1.ts'
import { showingV1 } from '../showing-v1.ts'
import { SHOTS } from './shots.ts'

const OWN = { config: { dribbble: { account: true } } } as const
const WRITE = { config: { dribbble: { scope: 'write', account: true } } } as const

/** The list ends there, whatever the page size (API v1, Followers, "List shots for users followed by a user"). */
const MOST_FOLLOWED_SHOTS = 600

interface UserPath {
  Params: { user: string }
}

/** API v1, Followers, in the order of the page. */
export function followRoutes(face: FastifyInstance, ctx: Context): void {
  // List followers of a user
  face.get<UserPath>('/v1/users/:user/followers', async (request, reply) => {
    const { id } = await findAccount(ctx.db, request.params.user)
    return presentFollows(ctx, request, reply, {
      as: 'follower',
      found: await followersOf(ctx, id, pageOf(request)),
    })
  })
  face.get('/v1/user/followers', OWN, async (request, reply) => {
    const found = await followersOf(ctx, signedIn(callOf(request).viewer), pageOf(request))
    return presentFollows(ctx, request, reply, { as: 'follower', found })
  })

  // List users followed by a user
  face.get<UserPath>('/v1/users/:user/following', async (request, reply) => {
    const { id } = await findAccount(ctx.db, request.params.user)
    return presentFollows(ctx, request, reply, {
      as: 'followee',
      found: await followingOf(ctx, id, pageOf(request)),
    })
  })
  face.get('/v1/user/following', OWN, async (request, reply) => {
    const found = await followingOf(ctx, signedIn(callOf(request).viewer), pageOf(request))
    return presentFollows(ctx, request, reply, { as: 'followee', found })
  })

  // List shots for users followed by a user
  face.get('/v1/user/following/shots', OWN, (request, reply) => followedShots(ctx, request, reply))

  followChecks(face, ctx)

  // Follow a user
  face.put<UserPath>('/v1/users/:user/follow', WRITE, async (request, reply) => {
    const { id } = await findAccount(ctx.db, request.params.user)
    await follow(ctx, callOf(request).viewer, id)
    return reply.code(204).send()
  })

  // Unfollow a user
  face.delete<UserPath>('/v1/users/:user/follow', WRITE, async (request, reply) => {
    const { id } = await findAccount(ctx.db, request.params.user)
    await unfollow(ctx, callOf(request).viewer, id)
    return reply.code(204).send()
  })
}

function followChecks(face: FastifyInstance, ctx: Context): void {
  // Check if you are following a user
  face.get<UserPath>('/v1/user/following/:user', OWN, async (request, reply) => {
    const { id } = await findAccount(ctx.db, request.params.user)
    return answerCheck(reply, await isFollowing(ctx.db, signedIn(callOf(request).viewer), id))
  })

  // Check if one user is following another
  face.get<{ Params: { user: string; target_user: string } }>(
    '/v1/users/:user/following/:target_user',
    async (request, reply) => {
      const user = await findAccount(ctx.db, request.params.user)
      const target = await findAccount(ctx.db, request.params.target_user)
      return answerCheck(reply, await isFollowing(ctx.db, user.id, target.id))
    },
  )
}

/** A follow is an object of its own, with the user at its other end inside. */
async function presentFollows(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { as, found }: { as: 'follower' | 'followee'; found: Paged<DatedAccount> },
) {
  const showing = await showingV1(ctx, request, reply, { accounts: found.rows.map(({ account }) => account) })
  return presentPage(request, found, (one) => ({
    ...presentTie(one),
    [as]: presentUser(one.account, showing),
  }))
}

/** 204 for yes, 404 for no. */
function answerCheck(reply: FastifyReply, isSo: boolean): FastifyReply {
  if (!isSo) throw new LibraryError({ kind: 'not_found', what: 'follow' })
  return reply.code(204).send()
}

async function followedShots(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { viewer } = callOf(request)
  const { offset, limit } = pageOf(request)
  const left = MOST_FOLLOWED_SHOTS - offset
  const query = { ...SHOTS, followedBy: signedIn(viewer), order: 'newest' } as const
  // A page past the end is empty, but its links lead back to what there is.
  const page = left > 0 ? { offset, limit: Math.min(limit, left) } : { offset: 0, limit: 1 }
  const { rows, total } = await listItems(ctx, viewer, query, page)
  const found = { rows: left > 0 ? rows : [], total }
  const showing = await showingV1(ctx, request, reply, { items: found.rows })
  return presentPage(request, found, (loaded) => presentShot(loaded, showing), MOST_FOLLOWED_SHOTS)
}
