import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { accountsByIds } from './accounts.ts'
import type { Page, Paged } from './page.ts'
import type { AccountRow, ItemRow } from './rows.ts'
import { sourceChangesOf, tagChangesOf, type SourceChangeRow, type TagChangeRow } from './store/histories.ts'
import { visibleItem } from './store/visible-items.ts'
import type { Viewer } from './viewer.ts'

export type { SourceChangeRow, TagChangeRow } from './store/histories.ts'

/** A change, and who made it: null for nobody who can be named. */
export interface Made<T> {
  change: T
  account: AccountRow | null
}

export interface HistoryWanted {
  itemId: number
  /** What came (true), what went (false), or both. */
  added: boolean | null
}

/**
 * One page of the tags that came to an item and went since it came in, newest first.
 *
 * @throws LibraryError `not_found` unless the viewer may see the item.
 */
export async function tagHistory(
  { db }: Pick<Context, 'db'>,
  viewer: Viewer,
  wanted: HistoryWanted,
  page: Page,
): Promise<Paged<Made<TagChangeRow>>> {
  const item = await visibleItem(db, viewer, wanted.itemId)
  const { rows, total } = await tagChangesOf(db, wanted, page)
  return { rows: await withAccounts(db, item, rows), total }
}

/** The same of its source. @throws LibraryError `not_found` unless the viewer may see the item. */
export async function sourceHistory(
  { db }: Pick<Context, 'db'>,
  viewer: Viewer,
  wanted: HistoryWanted,
  page: Page,
): Promise<Paged<Made<SourceChangeRow>>> {
  const item = await visibleItem(db, viewer, wanted.itemId)
  const { rows, total } = await sourceChangesOf(db, wanted, page)
  return { rows: await withAccounts(db, item, rows), total }
}

/** Whoever does not want to be named with an item is not named by its history either. */
async function withAccounts<T extends { account_id: number | null }>(
  db: Db,
  item: ItemRow,
  rows: readonly T[],
): Promise<Made<T>[]> {
  const nameless = item.anonymous === 1 ? item.owner_id : null
  const ids = rows.flatMap(({ account_id }) => (account_id === nameless ? [] : (account_id ?? [])))
  const accounts = await accountsByIds(db, ids)
  return rows.map((change) => ({
    change,
    account: change.account_id === nameless ? null : (accounts.get(change.account_id ?? 0) ?? null),
  }))
}
