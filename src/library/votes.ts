import type { Context } from '../context.ts'
import {
  changeReactions,
  reactionsAmong,
  setReaction,
  type ReactionRow,
  type ReactionSort,
} from './reactions.ts'
import type { ItemRow } from './rows.ts'
import type { Viewer } from './viewer.ts'

export { wilsonScore } from '../search/wilson-score.ts'

type Reacting = Pick<Context, 'db' | 'clock'>

/**
 * Votes on an item, one way, the other, or not at all; the new vote takes the place of the old.
 *
 * @throws LibraryError `not_signed_in`, `not_found`.
 */
export async function setVote(
  ctx: Reacting,
  viewer: Viewer,
  itemId: number,
  vote: 'up' | 'down' | null,
): Promise<void> {
  await changeReactions(ctx, viewer, itemId, (had) => {
    const wanted = new Set<ReactionSort>(had)
    wanted.delete('upvote')
    wanted.delete('downvote')
    if (vote !== null) wanted.add(vote === 'up' ? 'upvote' : 'downvote')
    return wanted
  })
}

/** Faves an item, which also upvotes it; taking the fave back keeps the vote. @throws LibraryError as `setVote`. */
export async function setFave(ctx: Reacting, viewer: Viewer, itemId: number, on: boolean): Promise<void> {
  await setReaction(ctx, viewer, itemId, { sort: 'fave', on, faveUpvotes: true })
}

/** Hides an item from the viewer's own lists, and nobody else's. @throws LibraryError as `setVote`. */
export async function setHide(ctx: Reacting, viewer: Viewer, itemId: number, on: boolean): Promise<void> {
  await setReaction(ctx, viewer, itemId, { sort: 'hide', on })
}

/** All the viewer's reactions to these items, in the order in which they came about; none for nobody in particular. */
export async function interactionsOf(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  itemIds: readonly number[],
): Promise<ReactionRow[]> {
  if (viewer.accountId === null) return []
  const found = await reactionsAmong(ctx.db, viewer.accountId, itemIds)
  return [...found.values()].flat().toSorted((one, other) => one.id - other.id)
}

/** Upvotes less downvotes. The stored counts hold what an archive stated beyond the votes that are here. */
export function scoreOf(item: Pick<ItemRow, 'upvotes_count' | 'downvotes_count'>): number {
  return item.upvotes_count - item.downvotes_count
}
