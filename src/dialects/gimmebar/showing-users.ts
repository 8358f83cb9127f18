import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { listCollectionsWithFirehoses } from '../../library/collection-lists.ts'
import type { AccountRow } from '../../library/rows.ts'
import { followedOf } from '../../library/watching.ts'
import { callOf, type Call } from './call.ts'
import { presentUser } from './presenters/users.ts'
import { extensionsOf, included, type Shown } from './records.ts'
import { FIRST, plainCollections, single } from './showing.ts'
import { typeTotals } from './type-totals.ts'

/** Of a full set, so many from its beginning get what takes questions of their own: those of the largest page. */
const MOST_EXTENDED = 50

export async function showUsers(
  ctx: Context,
  request: FastifyRequest,
  accounts: readonly AccountRow[],
): Promise<Shown[]> {
  const call = callOf(request)
  const extensions = extensionsOf(call)
  const followed = extensions.has('followed') ? await followedOf(ctx.db, call.viewer, accounts) : null
  const shown: Shown[] = []
  for (const [index, account] of accounts.entries())
    shown.push({
      ...presentUser(account, call, extensions),
      ...(followed ? { followed: followed.has(account.id) } : {}),
      ...(index < MOST_EXTENDED ? await userExtensions(ctx, call, account, extensions) : {}),
    })
  return included(call, shown)
}

export const showUser = async (ctx: Context, request: FastifyRequest, account: AccountRow): Promise<Shown> =>
  single(await showUsers(ctx, request, [account]))

async function userExtensions(
  ctx: Context,
  call: Call,
  { id }: AccountRow,
  extensions: ReadonlySet<string>,
): Promise<Record<string, unknown>> {
  const { viewer } = call
  const totals = extensions.has('totals')
    ? await typeTotals(ctx, viewer, { ownerId: id, includePrivate: false })
    : null
  const collections = extensions.has('collections')
    ? await listCollectionsWithFirehoses(ctx, viewer, { of: id }, FIRST)
    : null
  return {
    ...(totals ? { totals } : {}),
    ...(collections ? { collections: await plainCollections(ctx, call, collections.rows) } : {}),
  }
}
