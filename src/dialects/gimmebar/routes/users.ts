import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { findAccount, signedIn } from '../../../library/accounts.ts'
import { accountsMatching, listStellar } from '../../../library/curation.ts'
import { followingOf } from '../../../library/follows.ts'
import type { Page, Paged } from '../../../library/page.ts'
import { personCalled } from '../../../library/people.ts'
import type { AccountRow } from '../../../library/rows.ts'
import { avatarAddress } from '../addresses.ts'
import { callOf, flagOf, textOf } from '../call.ts'
import { invalidInput, notFound } from '../errors.ts'
import { orElse, userOf } from '../finding.ts'
import { BOTH, method, V0, V1 } from '../formats.ts'
import { envelope } from '../paging.ts'
import { showUser, showUsers } from '../showing-users.ts'

/** "match": "maximum of 5". */
const MOST_MATCHES = 5
/** "The full set is always returned": as many as one account can follow. */
const ALL: Page = { offset: 0, limit: 10_000 }

export function userRoutes(face: FastifyInstance, ctx: Context): void {
  const verb = 'GET'
  const called = (username: string) =>
    orElse(personCalled(ctx, username), 'account', () => notFound('User not found'))

  method(face, { verb, path: '/users' }, (request) => findUsers(ctx, request))
  method(face, { verb, path: '/users/find', versions: V0 }, (request) => findUsers(ctx, request))

  method(face, { verb, path: '/users/avatar', versions: BOTH }, async (request) => {
    const call = callOf(request)
    return { avatar: avatarAddress(call.base, await called(textOf(call, 'username') ?? '')) }
  })

  method(face, { verb, path: '/user', versions: V0 }, async (request) =>
    showUser(ctx, request, await findAccount(ctx.db, signedIn(callOf(request).viewer))),
  )

  method<{ Params: { id: string } }>(face, { verb, path: '/user/:id', versions: BOTH }, async (request) =>
    showUser(ctx, request, await userOf(ctx, request.params.id)),
  )

  method<{ Params: { id: string } }>(
    face,
    { verb, path: '/user/:id/avatar', versions: V1 },
    async (request) => ({
      avatar: avatarAddress(callOf(request).base, await userOf(ctx, request.params.id)),
    }),
  )
}

/** "You must pass one and only one" of the four; each is answered in a shape of its own. */
async function findUsers(ctx: Context, request: FastifyRequest): Promise<unknown> {
  const call = callOf(request)
  const username = textOf(call, 'username')
  const match = textOf(call, 'match')
  const stellar = flagOf(call, 'stellar') === true
  const friends = flagOf(call, 'friends') === true
  const asked = [username !== undefined, match !== undefined, stellar, friends].filter(Boolean)
  if (asked.length !== 1) throw invalidInput("must pass 'username', 'match', 'friends' or 'stellar'")

  if (match !== undefined) {
    const accounts = await accountsMatching(ctx, match.slice(0, 60), MOST_MATCHES)
    return accounts.map(({ uid, login }) => ({ id: uid, username: login }))
  }
  if (username !== undefined) return showUser(ctx, request, await oneUser(ctx, username))
  const found = stellar ? await listStellar(ctx, ALL) : await friendsOf(ctx, signedIn(call.viewer))
  const records = { rows: await showUsers(ctx, request, found.rows), total: found.total }
  return envelope({ offset: 0, limit: records.rows.length }, records)
}

const oneUser = (ctx: Context, username: string): Promise<AccountRow> =>
  orElse(personCalled(ctx, username), 'account', () => notFound('Username not found'))

/** "users whose public firehose the authenticated user is following". */
async function friendsOf(ctx: Context, accountId: number): Promise<Paged<AccountRow>> {
  const { rows } = await followingOf(ctx, accountId, ALL)
  const friends = rows.map(({ account }) => account)
  return { rows: friends, total: friends.length }
}
