import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { accountTotals } from '../../library/accounts.ts'
import { collectionsHolding } from '../../library/collection-counts.ts'
import type { AccountRow } from '../../library/rows.ts'
import type { ShowingV1 } from './presenters/shots-v1.ts'
import { showingOf, type Shown } from './showing.ts'

const TEXT_TYPE = /^application\/vnd\.dribbble\.v1\.text\+json$/i

/**
 * The presenters' needs for an answer of API v1: what {@link showingOf} prepares, the totals of every account and
 * shot that is shown, and which form of texts the caller wants, which makes the answer depend on `Accept`.
 */
export async function showingV1(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: Shown,
): Promise<ShowingV1> {
  const { items = [], accounts = [] } = shown
  const teams = items.flatMap(({ team }) => (team === null ? [] : [team]))
  const people = [...accounts, ...items.map(({ owner }) => owner), ...teams]
  const totals = await accountTotals(ctx.db, people.map(idOf))
  const buckets = await collectionsHolding(
    ctx.db,
    'bucket',
    items.map(({ item }) => item.id),
  )
  reply.header('vary', 'Origin, Accept')
  return {
    ...(await showingOf(ctx, request, shown)),
    totalsOf({ id }) {
      const found = totals.get(id)
      if (found === undefined) throw new Error('An account is shown that was not announced.')
      return found
    },
    bucketsOf: (itemId) => buckets.get(itemId) ?? 0,
    plainTexts: wantsPlainTexts(request),
  }
}

const idOf = ({ id }: Pick<AccountRow, 'id'>) => id

/** `Accept: application/vnd.dribbble.v1.text+json` (API v1, Media types); `html` is the default and any other type. */
function wantsPlainTexts({ headers: { accept = '' } }: FastifyRequest): boolean {
  return accept.split(',', 50).some((range) => TEXT_TYPE.test(range.split(';', 1)[0]?.trim() ?? ''))
}
