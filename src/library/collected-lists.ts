import type { Context } from '../context.ts'
import type { ItemKind } from '../database/schema/items.ts'
import { isVisible, mayChange } from './access.ts'
import { readableCollection } from './collection-access.ts'
import { LibraryError } from './errors.ts'
import { loadItems, type LoadedItem } from './loaded-items.ts'
import type { Page, Paged } from './page.ts'
import { countKinds, selectCollected, type CollectedQuery } from './store/collected-lists.ts'
import { itemByUid } from './store/collected.ts'
import type { Viewer } from './viewer.ts'

export type { CollectedQuery } from './store/collected-lists.ts'

const mostWords = 20

/**
 * One page of items, newest first, of what the viewer may see.
 *
 * @throws LibraryError `not_found` for a collection that the viewer may not see.
 */
export async function listCollected(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  query: CollectedQuery,
  page: Page,
): Promise<Paged<LoadedItem>> {
  if (query.collectionId !== undefined) await readableCollection(ctx.db, viewer, query.collectionId)
  const { rows, total } = await selectCollected(ctx.db, viewer, query, page)
  return { rows: await loadItems(ctx.db, rows), total }
}

/** The words of a search, as `CollectedQuery.words` takes them: the first twenty, each once. */
export function wordsOf(terms: string): string[] {
  const words = terms.normalize('NFC').toLowerCase().split(/\s+/)
  return [...new Set(words.filter((word) => word !== '' && !word.includes('\0')))].slice(0, mostWords)
}

/** How many items of each kind an account has; private ones only for itself, and if asked for. */
export function totalsOf(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  { ownerId, includePrivate }: { ownerId: number; includePrivate: boolean },
): Promise<Map<ItemKind, number>> {
  const query = includePrivate ? { ownerId } : { ownerId, private: false }
  return countKinds(ctx.db, viewer, query)
}

/**
 * The item of a uid. Its owner also finds it while it is made ready and when that has failed.
 *
 * @throws LibraryError `not_found`; `not_allowed` (`see`) where there is one that the viewer may not see.
 */
export async function findCollected(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  uid: string,
): Promise<LoadedItem> {
  const row = await itemByUid(ctx.db, uid)
  const isGone = row === null || row.visibility === 'removed' || row.visibility === 'merged'
  if (isGone || (row.state !== 'ready' && !mayChange(viewer, row)))
    throw new LibraryError({ kind: 'not_found', what: 'item' })
  if (row.state === 'ready' && !isVisible(viewer, row))
    throw new LibraryError({ kind: 'not_allowed', what: 'item', action: 'see' })
  const [item] = await loadItems(ctx.db, [row])
  if (!item) throw new LibraryError({ kind: 'not_found', what: 'item' })
  return item
}
