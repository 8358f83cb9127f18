import type { Context } from '../../context.ts'
import { totalsOf } from '../../library/collected-lists.ts'
import type { Viewer } from '../../library/viewer.ts'
import { TYPES } from './list-input.ts'

/** "a breakdown of asset counts by type" (GET assets/totals): every type, in the order of the page. */
export async function typeTotals(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  of: { ownerId: number; includePrivate: boolean },
): Promise<Record<string, number>> {
  const totals = await totalsOf(ctx, viewer, of)
  const embedded = (totals.get('embed') ?? 0) + (totals.get('video') ?? 0)
  return Object.fromEntries(
    TYPES.map((type) => [type, type === 'embed' ? embedded : (totals.get(type) ?? 0)]),
  )
}
