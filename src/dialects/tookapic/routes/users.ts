import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { Values } from '../../../faces/values.ts'
import { changeAccount, findAccount, signedIn, type AccountChange } from '../../../library/accounts.ts'
import { daysOf } from '../../../library/days.ts'
import { follow, followersOf, followingOf, unfollow, type DatedAccount } from '../../../library/follows.ts'
import { listItems } from '../../../library/items.ts'
import type { Paged } from '../../../library/page.ts'
import { listPeople, personCalled } from '../../../library/people.ts'
import type { AccountRow } from '../../../library/rows.ts'
import { callOf, type Call } from '../call.ts'
import { pageOf, presentPage } from '../paging.ts'
import { linksOf, presentSelf } from '../presenters/users.ts'
import { found, showPhotos, showUsers } from '../showing.ts'
import { PHOTOS, sortOf } from './photos.ts'

const OWN = { config: { tookapic: { account: true } } } as const
const WRITE = { config: { tookapic: { account: true, scope: 'write' } } } as const

export interface UserPath {
  Params: { username: string }
}

export function userRoutes(face: FastifyInstance, ctx: Context): void {
  // "curl https://api.tookapic.com/users?page=2&per_page=40" (Pagination)
  face.get('/users', async (request) => {
    const order = callOf(request).parameters.values['sort'] === 'popular' ? 'popular' : 'newest'
    const { rows, total } = await listPeople(ctx, order, pageOf(request))
    return presentPage(request, total, await showUsers(ctx, request, rows))
  })

  // "curl -i https://api.tookapic.com/users/idered" (Schema)
  face.get<UserPath>('/users/:username', async (request) => {
    const [user] = await showUsers(ctx, request, [await personCalled(ctx, request.params.username)])
    return { data: user }
  })

  // One's own, and what one may say about oneself
  face.get('/user', OWN, (request) => showSelf(ctx, request))
  face.route({
    method: ['PUT', 'PATCH'],
    url: '/user',
    ...WRITE,
    handler: async (request) => {
      const { viewer } = callOf(request)
      const account = await findAccount(ctx.db, signedIn(viewer))
      await changeAccount(ctx, viewer, account.id, readProfile(callOf(request), account))
      return showSelf(ctx, request)
    },
  })

  face.get<UserPath>('/users/:username/photos', async (request) => {
    const { id } = await personCalled(ctx, request.params.username)
    const query = { ...PHOTOS, ownerId: id, order: sortOf(request).order }
    const { rows, total } = await listItems(ctx, callOf(request).viewer, query, pageOf(request))
    return presentPage(request, total, await showPhotos(ctx, request, rows))
  })

  followRoutes(face, ctx)
}

function followRoutes(face: FastifyInstance, ctx: Context): void {
  face.get<UserPath>('/users/:username/followers', async (request) => {
    const { id } = await personCalled(ctx, request.params.username)
    return showFollows(ctx, request, await followersOf(ctx, id, pageOf(request)))
  })
  face.get<UserPath>('/users/:username/following', async (request) => {
    const { id } = await personCalled(ctx, request.params.username)
    return showFollows(ctx, request, await followingOf(ctx, id, pageOf(request)))
  })

  // "PUT: Used for updating resources, or performing custom actions" (HTTP Verbs)
  face.put<UserPath>('/users/:username/follow', WRITE, async (request, reply) => {
    const { id } = await personCalled(ctx, request.params.username)
    await follow(ctx, callOf(request).viewer, id)
    return reply.code(204).send()
  })
  face.delete<UserPath>('/users/:username/follow', WRITE, async (request, reply) => {
    const { id } = await personCalled(ctx, request.params.username)
    await unfollow(ctx, callOf(request).viewer, id)
    return reply.code(204).send()
  })
}

async function showSelf(ctx: Context, request: FastifyRequest) {
  const account = await findAccount(ctx.db, signedIn(callOf(request).viewer))
  return { data: presentSelf(account, found(await daysOf(ctx, [account]), account), callOf(request)) }
}

async function showFollows(ctx: Context, request: FastifyRequest, { rows, total }: Paged<DatedAccount>) {
  const users = await showUsers(
    ctx,
    request,
    rows.map(({ account }) => account),
  )
  return presentPage(request, total, users)
}

function readProfile(call: Call, account: AccountRow): AccountChange {
  const values = new Values(call.parameters)
  const name = values.text('name')
  const bio = values.text('bio')
  const location = values.text('location')
  const website = values.text('website')
  const timeZone = values.text('time_zone')
  values.finish()
  const { web: _web, ...links } = linksOf(account)
  return {
    ...(name === undefined ? {} : { name: name ?? '' }),
    ...(bio === undefined ? {} : { bio }),
    ...(location === undefined ? {} : { location }),
    ...(website === undefined ? {} : { links: website ? { ...links, web: website } : links }),
    ...(timeZone === undefined ? {} : { timeZone: timeZone ?? '' }),
  }
}
