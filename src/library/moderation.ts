import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { isVisible } from './access.ts'
import { invalid, LibraryError } from './errors.ts'
import { fieldProblems, refuseProblems } from './fields.ts'
import type { ItemRow } from './rows.ts'
import { recordChanges } from './store/changes.ts'
import { changeTags } from './store/histories.ts'
import { lockRows } from './store/ids.ts'
import { itemsByIds, itemsMergedInto, recountRebounds, updateItem } from './store/items.ts'
import { tagsOfItems } from './store/tags.ts'
import { mayModerate, type Viewer } from './viewer.ts'

type Moderating = Pick<Context, 'db' | 'clock'>

/**
 * Takes an item out of everybody's sight, for a reason that is shown in its place.
 *
 * @throws LibraryError `not_allowed` unless the viewer moderates, `not_found`, `invalid`.
 */
export async function takeDownItem(
  ctx: Moderating,
  viewer: Viewer,
  id: number,
  reason: string | null,
): Promise<void> {
  refuseMembers(viewer)
  refuseProblems(fieldProblems('reason', reason, { most: 1000 }))
  await changeSight(ctx, viewer, id, {
    visibility: 'removed',
    removal_reason: reason?.trim() ? reason : null,
  })
}

/** Shows an item again that was taken down or merged. @throws LibraryError `not_allowed`, `not_found`. */
export async function bringBackItem(ctx: Moderating, viewer: Viewer, id: number): Promise<void> {
  refuseMembers(viewer)
  await changeSight(ctx, viewer, id, { visibility: 'public', removal_reason: null, merged_into: null })
}

/**
 * Makes an item a duplicate of another one, which gets its tags, and counts as first seen when the earlier of the two
 * was. Whatever was merged into the first is merged into the other one too.
 *
 * @throws LibraryError `not_allowed` unless the viewer moderates, `not_found` (either), `invalid` (`into`).
 */
export async function mergeItem(ctx: Moderating, viewer: Viewer, id: number, intoId: number): Promise<void> {
  refuseMembers(viewer)
  if (id === intoId) throw invalid('into', 'is the item itself')
  await ctx.db.transaction().execute(async (db) => {
    const now = ctx.clock()
    const [item, into] = await locked(db, [id, intoId])
    refuseUnseen(viewer, item)
    refuseUnseen(viewer, into)
    if (into.visibility !== 'public') throw invalid('into', 'is not shown')

    const tags = await tagsOfItems(db, [id, intoId])
    const all = [...new Set([...(tags.get(intoId) ?? []), ...(tags.get(id) ?? [])])]
    await changeTags(db, { by: viewer.accountId, at: now }, intoId, all)
    await updateItem(db, intoId, { first_seen_ms: Math.min(item.first_seen_ms, into.first_seen_ms) })
    await updateItem(db, id, { visibility: 'merged', merged_into: intoId, updated_ms: now.getTime() })
    const followers = await itemsMergedInto(db, id)
    for (const follower of followers) await updateItem(db, follower, { merged_into: intoId })
    await recordChanges(
      db,
      now,
      [id, intoId, ...followers].map((one) => ({ noun: 'item', id: one, op: 'change' })),
    )
    await recountRebounds(db, [item.rebound_of])
  })
}

async function changeSight(
  ctx: Moderating,
  viewer: Viewer,
  id: number,
  change: Pick<ItemRow, 'visibility' | 'removal_reason'> & Partial<Pick<ItemRow, 'merged_into'>>,
): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    const now = ctx.clock()
    const [item] = await locked(db, [id])
    refuseUnseen(viewer, item)
    await updateItem(db, id, { ...change, updated_ms: now.getTime() })
    await recordChanges(db, now, [{ noun: 'item', id, op: 'change' }])
    await recountRebounds(db, [item.rebound_of])
  })
}

/** An item that the viewer may see. A private one has nothing to be taken out of, and would come back public. */
function refuseUnseen(viewer: Viewer, item: ItemRow | undefined): asserts item is ItemRow {
  if (!item || !isVisible(viewer, item)) throw new LibraryError({ kind: 'not_found', what: 'item' })
  if (item.visibility === 'private') throw invalid('base', 'is private')
}

/** Together with what they are rebounds of, whose counters change too: in one order, so that nobody waits in a circle. */
async function locked(db: Db, ids: readonly number[]): Promise<(ItemRow | undefined)[]> {
  const before = await itemsByIds(db, ids)
  await lockRows(db, 'item', [...ids, ...before.flatMap(({ rebound_of }) => rebound_of ?? [])])
  const rows = new Map((await itemsByIds(db, ids)).map((row) => [row.id, row]))
  return ids.map((id) => rows.get(id))
}

function refuseMembers(viewer: Viewer): void {
  if (!mayModerate(viewer)) throw new LibraryError({ kind: 'not_allowed', what: 'item', action: 'hide' })
}
