import type { Context } from '../context.ts'
import { invalid } from './errors.ts'
import { loadItems, type LoadedItem } from './loaded-items.ts'
import { itemsByIds } from './store/items.ts'
import { itemsAsBright, itemsSharing, rarestTags, type Intensities } from './store/similar.ts'
import { visibleItem } from './store/visible-items.ts'
import type { Viewer } from './viewer.ts'

export type { Intensities } from './store/similar.ts'

/** What bounds the work for one item, however many items its tags are on. */
const tagsCompared = 10
const itemsPerTag = 500

/**
 * Listed items that share tags with an item, the most alike first: a tag that few items have says more than one that
 * many have. Only the rarest tags are compared, and of each only the newest items.
 *
 * @throws LibraryError `not_found`.
 */
export async function relatedItemIds(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  itemId: number,
  most: number,
): Promise<number[]> {
  const item = await visibleItem(ctx.db, viewer, itemId)
  const tags = await rarestTags(ctx.db, item.id, tagsCompared)
  const weights = new Map(tags.map(({ id, items_count }) => [id, 1 / Math.log2(1 + items_count)]))
  const shared = await itemsSharing(ctx.db, { itemId, tagIds: [...weights.keys()], most: itemsPerTag })
  const likeness = new Map<number, number>()
  for (const { item_id, tag_id } of shared)
    likeness.set(item_id, (likeness.get(item_id) ?? 0) + (weights.get(tag_id) ?? 0))
  return [...likeness]
    .toSorted(([one, a], [other, b]) => b - a || other - one)
    .slice(0, most)
    .map(([id]) => id)
}

/**
 * Listed items whose quarters are about as bright as those of a picture, the nearest first: a picture scaled or
 * compressed anew is found again.
 *
 * @param wanted `distance`: how far each quarter may be away, in steps of luma (0 to 255); `aspectRatio`: width by
 *   height, when only pictures of that shape are wanted.
 * @throws LibraryError `invalid` for numbers that are none.
 */
export async function findSimilar(
  ctx: Pick<Context, 'db'>,
  wanted: { intensities: Intensities; distance: number; aspectRatio?: number | null },
  most: number,
): Promise<LoadedItem[]> {
  const { intensities, distance, aspectRatio = null } = wanted
  const numbers = [intensities.nw, intensities.ne, intensities.sw, intensities.se, distance, aspectRatio ?? 1]
  if (!numbers.every(Number.isFinite) || distance < 0) throw invalid('distance', 'must be a number from 0 on')
  const ids = await itemsAsBright(ctx.db, { intensities, distance, aspectRatio }, most)
  const rows = new Map((await itemsByIds(ctx.db, ids)).map((row) => [row.id, row]))
  return loadItems(
    ctx.db,
    ids.flatMap((id) => rows.get(id) ?? []),
  )
}
