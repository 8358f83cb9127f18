import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { findAccount, signedIn } from '../../../library/accounts.ts'
import { LibraryError } from '../../../library/errors.ts'
import { listItems } from '../../../library/items.ts'
import type { Paged } from '../../../library/page.ts'
import type { AccountRow } from '../../../library/rows.ts'
import { membersOf, teamsOf } from '../../../library/teams.ts'
import { callOf } from '../call.ts'
import { pageOf, presentPage } from '../paging.ts'
import { presentShot, presentUser } from '../presenters/shots-v1.ts'
import { showingV1 } from '../showing-v1.ts'
import { SHOTS } from './shots.ts'

const OWN = { config: { dribbble: { account: true } } } as const

interface TeamPath {
  Params: { team: string }
}

/** API v1, Teams and Users, "Teams". */
export function teamRoutes(face: FastifyInstance, ctx: Context): void {
  // List a team's members
  face.get<TeamPath>('/v1/teams/:team/members', async (request, reply) => {
    const { id } = await findTeam(ctx, request.params.team)
    return presentAccounts(ctx, request, reply, await membersOf(ctx.db, id, pageOf(request)))
  })

  // List shots for a team: those of its own account, and those that members put under its name
  face.get<TeamPath>('/v1/teams/:team/shots', async (request, reply) => {
    const { id } = await findTeam(ctx, request.params.team)
    const query = { ...SHOTS, teamId: id, order: 'newest' } as const
    const found = await listItems(ctx, callOf(request).viewer, query, pageOf(request))
    const showing = await showingV1(ctx, request, reply, { items: found.rows })
    return presentPage(request, found, (loaded) => presentShot(loaded, showing, 'team'))
  })

  // List a user's teams
  face.get<{ Params: { user: string } }>('/v1/users/:user/teams', async (request, reply) => {
    const { id } = await findAccount(ctx.db, request.params.user)
    return presentAccounts(ctx, request, reply, await pageOfTeams(ctx, request, id))
  })
  face.get('/v1/user/teams', OWN, async (request, reply) => {
    const id = signedIn(callOf(request).viewer)
    return presentAccounts(ctx, request, reply, await pageOfTeams(ctx, request, id))
  })
}

/** A name or an id; a person is no team. */
async function findTeam(ctx: Pick<Context, 'db'>, ref: string): Promise<AccountRow> {
  const account = await findAccount(ctx.db, ref)
  if (account.kind === 'team') return account
  throw new LibraryError({ kind: 'not_found', what: 'team' })
}

async function pageOfTeams(
  ctx: Pick<Context, 'db'>,
  request: FastifyRequest,
  accountId: number,
): Promise<Paged<AccountRow>> {
  const teams = (await teamsOf(ctx.db, [accountId])).get(accountId) ?? []
  const { offset, limit } = pageOf(request)
  return { rows: teams.slice(offset, offset + limit), total: teams.length }
}

async function presentAccounts(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  found: Paged<AccountRow>,
) {
  const showing = await showingV1(ctx, request, reply, { accounts: found.rows })
  return presentPage(request, found, (account) => presentUser(account, showing))
}
