import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { accountTotals, type AccountRow } from '../../library/accounts.ts'
import { recentComments } from '../../library/comment-lists.ts'
import { presentUser } from './presenters/users.ts'
import { showingOf } from './showing.ts'

/** People with what they have gathered, in their order. */
export async function presentAccounts(
  ctx: Context,
  request: FastifyRequest,
  accounts: readonly AccountRow[],
) {
  const showing = showingOf(ctx, request)
  const totals = await accountTotals(
    ctx.db,
    accounts.map(({ id }) => id),
  )
  const users = []
  for (const account of accounts) {
    const { total } = await recentComments(ctx, { accountId: account.id }, { offset: 0, limit: 1 })
    const uploads = totals.get(account.id)?.items ?? 0
    users.push(presentUser(account, { comments: total, uploads }, showing))
  }
  return users
}

export async function presentAccount(ctx: Context, request: FastifyRequest, account: AccountRow) {
  const [user] = await presentAccounts(ctx, request, [account])
  return user
}
