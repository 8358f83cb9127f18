import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { signedIn } from './accounts.ts'
import type { Page, Paged } from './page.ts'
import type { DatedAccount } from './store/dated-accounts.ts'
import { recordChange } from './store/changes.ts'
import {
  addReactionCounts,
  deleteReactions,
  insertReactions,
  reactionsAmong,
  reactionsByAccount,
  reactionsOfItem,
  type ItemReaction,
  type ReactionRow,
  type ReactionSort,
} from './store/reactions.ts'
import { lockVisibleItem, visibleItem } from './store/visible-items.ts'
import type { Viewer } from './viewer.ts'

export type { DatedAccount } from './store/dated-accounts.ts'
export { reactionsAmong, type ItemReaction, type ReactionRow, type ReactionSort } from './store/reactions.ts'

export interface ReactionWish {
  sort: ReactionSort
  on: boolean
  /** A fave brings an upvote along (one service's rule); taking the fave back keeps the vote. */
  faveUpvotes?: boolean
}

/**
 * Makes a reaction so, whatever it was: twice is once. An upvote replaces a downvote and the reverse.
 *
 * @returns The reaction, or null when it is off.
 * @throws LibraryError `not_signed_in`, `not_found` (also when the viewer may not see the item).
 */
export async function setReaction(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  itemId: number,
  wish: ReactionWish,
): Promise<ReactionRow | null> {
  const now = await changeReactions(ctx, viewer, itemId, (had) => wishedFor(had, wish))
  return wish.on ? (now.find(({ sort }) => sort === wish.sort) ?? null) : null
}

/**
 * Makes the viewer's reactions to an item what `decide` says of those there are.
 *
 * @returns All of them, as they are now, in no order.
 * @throws LibraryError `not_signed_in`, `not_found`.
 */
export async function changeReactions(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  itemId: number,
  decide: (had: ReadonlySet<ReactionSort>) => ReadonlySet<ReactionSort>,
): Promise<ReactionRow[]> {
  const me = signedIn(viewer)
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (db) => {
    await lockVisibleItem(db, viewer, itemId)
    const had = (await reactionsAmong(db, me, [itemId])).get(itemId) ?? []
    const sorts = new Set(had.map(({ sort }) => sort))
    const wanted = decide(sorts)

    const gone = had.filter(({ sort }) => !wanted.has(sort))
    const fresh = [...wanted].filter((sort) => !sorts.has(sort))
    if (gone.length + fresh.length === 0) return had
    await deleteReactions(
      db,
      gone.map(({ id }) => id),
    )
    const rows = fresh.map((sort) => ({ item_id: itemId, account_id: me, sort, created_ms: now.getTime() }))
    const made = await insertReactions(db, rows)
    const by: Partial<Record<ReactionSort, number>> = {}
    for (const { sort } of gone) by[sort] = -1
    for (const sort of fresh) by[sort] = 1
    await addReactionCounts(db, itemId, by)
    await recordChange(db, now, { noun: 'item', id: itemId, op: 'change' })
    return [...had.filter(({ sort }) => wanted.has(sort)), ...made]
  })
}

function wishedFor(
  had: ReadonlySet<ReactionSort>,
  { sort, on, faveUpvotes }: ReactionWish,
): Set<ReactionSort> {
  const wanted = new Set(had)
  if (!on) {
    wanted.delete(sort)
    return wanted
  }
  wanted.add(sort)
  const vote = sort === 'fave' && faveUpvotes === true ? 'upvote' : sort
  wanted.add(vote)
  if (vote === 'upvote') wanted.delete('downvote')
  if (vote === 'downvote') wanted.delete('upvote')
  return wanted
}

/** One account's reaction of one sort, or null. Whether the item may be seen is the caller's to ask first. */
export async function findReaction(
  db: Db,
  itemId: number,
  accountId: number,
  sort: ReactionSort,
): Promise<ReactionRow | null> {
  const reactions = (await reactionsAmong(db, accountId, [itemId])).get(itemId) ?? []
  return reactions.find((reaction) => reaction.sort === sort) ?? null
}

/** Who reacted to an item, the newest first. @throws LibraryError `not_found`. */
export async function reactionsOf(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  { itemId, sort }: { itemId: number; sort: ReactionSort },
  page: Page,
): Promise<Paged<DatedAccount>> {
  await visibleItem(ctx.db, viewer, itemId)
  return reactionsOfItem(ctx.db, itemId, sort, page)
}

/** What an account reacted to, the newest first. */
export function reactionsBy(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  by: { accountId: number; sort: ReactionSort },
  page: Page,
): Promise<Paged<ItemReaction>> {
  return reactionsByAccount(ctx.db, viewer, by, page)
}
