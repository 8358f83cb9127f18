import type { Selectable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { listed, visibleTo } from '../access.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { ItemRow } from '../rows.ts'
import type { Viewer } from '../viewer.ts'
import { datedAccounts, type DatedAccount } from './dated-accounts.ts'
import { totalOf } from './total-of.ts'

export type ReactionRow = Selectable<Schema['reaction']>
export type ReactionSort = ReactionRow['sort']

/** A reaction as the list of an account shows it. */
export interface ItemReaction {
  id: number
  created_ms: number
  item: ItemRow
}

/** What one account has made of many items, keyed by item, in the order in which it did. */
export async function reactionsAmong(
  db: Db,
  accountId: number,
  itemIds: readonly number[],
): Promise<Map<number, ReactionRow[]>> {
  const reactions = new Map<number, ReactionRow[]>()
  if (itemIds.length === 0) return reactions
  const rows = await db
    .selectFrom('reaction')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('item_id', 'in', itemIds)
    .orderBy('id')
    .execute()
  for (const row of rows) reactions.set(row.item_id, [...(reactions.get(row.item_id) ?? []), row])
  return reactions
}

export async function insertReactions(
  db: Db,
  rows: readonly Omit<ReactionRow, 'id'>[],
): Promise<ReactionRow[]> {
  if (rows.length === 0) return []
  return db.insertInto('reaction').values(rows).returningAll().execute()
}

export async function deleteReactions(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await db.deleteFrom('reaction').where('id', 'in', ids).execute()
}

/** Adds to the counters of an item. `hide` is nobody else's business and has none. */
export async function addReactionCounts(
  db: Db,
  itemId: number,
  by: Partial<Record<ReactionSort, number>>,
): Promise<void> {
  await db
    .updateTable('item')
    .set((eb) => ({
      faves_count: eb('faves_count', '+', by.fave ?? 0),
      upvotes_count: eb('upvotes_count', '+', by.upvote ?? 0),
      downvotes_count: eb('downvotes_count', '+', by.downvote ?? 0),
    }))
    .where('id', '=', itemId)
    .execute()
}

/** One page of the reactions to an item, newest first, with who it was. */
export async function reactionsOfItem(
  db: Db,
  itemId: number,
  sort: ReactionSort,
  page: Page,
): Promise<Paged<DatedAccount>> {
  const matching = db.selectFrom('reaction').where('item_id', '=', itemId).where('sort', '=', sort)
  const rows = await matching
    .selectAll()
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(await datedAccounts(db, rows), page, () => totalOf(matching))
}

/**
 * One page of an account's reactions, newest first, with the items. Others see what is listed, so that the list
 * is as long as `accountTotals` says; one's own list holds all one may see.
 */
export async function reactionsByAccount(
  db: Db,
  viewer: Viewer,
  { accountId, sort }: { accountId: number; sort: ReactionSort },
  page: Page,
): Promise<Paged<ItemReaction>> {
  const matching = db
    .selectFrom('reaction')
    .innerJoin('item', 'item.id', 'reaction.item_id')
    .where('reaction.account_id', '=', accountId)
    .where('reaction.sort', '=', sort)
    .where(viewer.accountId === accountId ? visibleTo(viewer) : listed())
  const rows = await matching
    .selectAll('item')
    .select(['reaction.id as reaction_id', 'reaction.created_ms as reaction_ms'])
    .orderBy('reaction.id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  const reactions = rows.map(({ reaction_id, reaction_ms, ...item }) => ({
    id: reaction_id,
    created_ms: reaction_ms,
    item,
  }))
  return counted(reactions, page, () => totalOf(matching))
}
