import type { Context } from '../../context.ts'
import { loadItems, type LoadedItem } from '../../library/loaded-items.ts'
import type { Page, Paged } from '../../library/page.ts'
import { reactionsBy } from '../../library/reactions.ts'
import type { Viewer } from '../../library/viewer.ts'

export interface LikedShot {
  like: { id: number; created_ms: number }
  shot: LoadedItem
}

/** One page of what an account likes, the last one liked first: each like with its shot. */
export async function likedShots(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  accountId: number,
  page: Page,
): Promise<Paged<LikedShot>> {
  const { rows, total } = await reactionsBy(ctx, viewer, { accountId, sort: 'fave' }, page)
  const loaded = await loadItems(
    ctx.db,
    rows.map(({ item }) => item),
  )
  const byId = new Map(loaded.map((shot) => [shot.item.id, shot]))
  const likes = rows.flatMap((like) => {
    const shot = byId.get(like.item.id)
    return shot ? [{ like, shot }] : []
  })
  return { rows: likes, total }
}
