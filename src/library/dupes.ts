import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { loadItems, type LoadedItem } from './loaded-items.ts'
import { mediaHashesOf } from './media-hash.ts'
import type { ItemRow } from './rows.ts'
import { hashesOwned, selectDupes } from './store/dupes.ts'
import type { Viewer } from './viewer.ts'

/** As many as anybody looks at. */
const mostDupes = 50

/**
 * Public items of other people with the same hash, newest first, at most 50.
 *
 * @param repeat Whether somebody may come up more than once.
 */
export async function dupesOf(
  ctx: Pick<Context, 'db'>,
  item: ItemRow,
  { repeat }: { repeat: boolean },
): Promise<LoadedItem[]> {
  const hash = (await mediaHashesOf(ctx.db, [item])).get(item.id)
  if (hash === undefined) return []
  const rows = await selectDupes(ctx.db, { hash, ownerId: item.owner_id, repeat }, mostDupes)
  return loadItems(ctx.db, rows)
}

/** Which of these items the viewer has one like, by id. */
export async function ownedAmong(db: Db, viewer: Viewer, items: readonly ItemRow[]): Promise<Set<number>> {
  if (viewer.accountId === null || items.length === 0) return new Set()
  const hashes = await mediaHashesOf(db, items)
  const owned = await hashesOwned(db, viewer.accountId, [...new Set(hashes.values())])
  return new Set([...hashes].filter(([, hash]) => owned.has(hash)).map(([id]) => id))
}
