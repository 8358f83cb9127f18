import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../../context.ts'
import { accountTotals, accountsByIds, findAccount, NO_TOTALS } from '../../../library/accounts.ts'
import { LibraryError } from '../../../library/errors.ts'
import type { AccountRow } from '../../../library/rows.ts'
import { teamsOf } from '../../../library/teams.ts'
import { callOf } from '../call.ts'
import { presentUser as presentUserV1 } from '../presenters/users-v1.ts'
import { presentUser as presentUserV2 } from '../presenters/users-v2.ts'
import { showingOf } from '../showing.ts'

export function userRoutes(face: FastifyInstance, ctx: Context): void {
  // v1 Users, "Get a single user"; the overview's own example
  face.get<{ Params: { user: string } }>('/v1/users/:user', async (request) =>
    showV1(ctx, request, await findAccount(ctx.db, request.params.user)),
  )

  // v1 Users, "Get the authenticated user"; the overview's example of a token
  face.get('/v1/user', { config: { dribbble: { account: true } } }, async (request) =>
    showV1(ctx, request, await callersAccount(ctx, request)),
  )

  // v2 User, "Get the authenticated user"
  face.get('/v2/user', { config: { dribbble: { account: true } } }, async (request) => {
    const account = await callersAccount(ctx, request)
    const teams = (await teamsOf(ctx.db, [account.id])).get(account.id) ?? []
    return presentUserV2(account, teams, await showingOf(ctx, request, { accounts: [account, ...teams] }))
  })
}

async function showV1(ctx: Context, request: FastifyRequest, account: AccountRow) {
  callOf(request).lastModifiedMs = account.updated_ms
  const totals = (await accountTotals(ctx.db, [account.id])).get(account.id) ?? NO_TOTALS
  return presentUserV1(account, totals, await showingOf(ctx, request, { accounts: [account] }))
}

/** The account a token stands for. */
export async function callersAccount(ctx: Pick<Context, 'db'>, request: FastifyRequest): Promise<AccountRow> {
  const { accountId } = callOf(request).viewer
  const account = accountId === null ? undefined : (await accountsByIds(ctx.db, [accountId])).get(accountId)
  if (account === undefined) throw new LibraryError({ kind: 'not_signed_in' })
  return account
}
