import type { Context } from '../context.ts'
import { isVisible, mayChange } from './access.ts'
import { LibraryError } from './errors.ts'
import { loadItems, type LoadedItem } from './loaded-items.ts'
import type { Page, Paged } from './page.ts'
import type { ItemRow } from './rows.ts'
import { selectItems, type ItemQuery } from './store/item-lists.ts'
import { itemById, selectUnfinished } from './store/items.ts'
import type { Viewer } from './viewer.ts'

export { addItem, type NewItem } from './items-add.ts'
export { changeItem, type ItemChange } from './items-change.ts'
export { removeItem } from './items-remove.ts'
export type { LoadedItem } from './loaded-items.ts'
export type { ItemOrder, ItemQuery, Trait } from './store/item-lists.ts'

/** @throws LibraryError `not_found` when there is no such item, and just so when the viewer may not see it. */
export async function findItem(ctx: Pick<Context, 'db'>, viewer: Viewer, id: number): Promise<LoadedItem> {
  const row = await itemById(ctx.db, id)
  const [item] = row && isVisible(viewer, row) ? await loadItems(ctx.db, [row]) : []
  if (!item) throw new LibraryError({ kind: 'not_found', what: 'item' })
  return item
}

/**
 * An item as `findItem` finds it; its owner also finds it while it is made ready, and when that has failed.
 *
 * @throws LibraryError `not_found`.
 */
export async function findInAnyState(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  id: number,
): Promise<LoadedItem> {
  const row = await itemById(ctx.db, id)
  const isTheirs = row !== null && (isVisible(viewer, row) || mayChange(viewer, row))
  const [item] = isTheirs ? await loadItems(ctx.db, [row]) : []
  if (!item) throw new LibraryError({ kind: 'not_found', what: 'item' })
  return item
}

/** One page of what the viewer may see of the items asked for, and how many those are. */
export async function listItems(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  query: ItemQuery,
  page: Page,
): Promise<Paged<LoadedItem>> {
  const { rows, total } = await selectItems(ctx.db, viewer, query, page)
  return { rows: await loadItems(ctx.db, rows), total }
}

/** The viewer's own items that are still being processed or that failed, newest first; `failure` says why. */
export async function listUnfinished(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  page: Page,
): Promise<Paged<ItemRow>> {
  if (viewer.accountId === null) throw new LibraryError({ kind: 'not_signed_in' })
  return selectUnfinished(ctx.db, viewer.accountId, page)
}
