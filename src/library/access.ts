import { expressionBuilder, type Expression, type SqlBool } from 'kysely'
import type { Schema } from '../database/schema.ts'
import type { ItemRow } from './rows.ts'
import { mayModerate, type Viewer } from './viewer.ts'

/** What decides who may see an item. */
export type Seen = Pick<ItemRow, 'state' | 'visibility' | 'published_ms' | 'owner_id' | 'low_profile'>

/**
 * Whether a viewer may see `item`, as a condition for any query that has the table in scope.
 *
 * The one place of visibility: items exist once they are ready; everybody sees what is public and published; owners
 * also see their private and scheduled items; moderators also what was removed or merged; the administrator all.
 * `isVisible` is the same rule in memory.
 */
export function visibleTo(viewer: Viewer): Expression<SqlBool> {
  const eb = expressionBuilder<Schema, 'item'>()
  const ready = eb('item.state', '=', 'ready')
  if (viewer.role === 'admin') return ready

  const ways: Expression<SqlBool>[] = [
    eb.and([eb('item.visibility', '=', 'public'), eb('item.published_ms', 'is not', null)]),
  ]
  if (viewer.accountId !== null)
    ways.push(
      eb.and([
        eb('item.owner_id', '=', viewer.accountId),
        eb('item.visibility', 'in', ['public', 'private']),
      ]),
    )
  if (mayModerate(viewer)) ways.push(eb('item.visibility', 'in', ['removed', 'merged']))
  return eb.and([ready, eb.or(ways)])
}

/** The rule of `visibleTo` for a row at hand. */
export function isVisible(viewer: Viewer, item: Seen): boolean {
  if (item.state !== 'ready') return false
  if (viewer.role === 'admin') return true
  if (item.visibility === 'removed' || item.visibility === 'merged') return mayModerate(viewer)
  if (isOwner(viewer, item)) return true
  return item.visibility === 'public' && item.published_ms !== null
}

/**
 * Whether `item` belongs in lists that show many people's items: what everybody may see, without low-profile items.
 * The same for every viewer, so that such lists and their totals are too.
 */
export function listed(): Expression<SqlBool> {
  const eb = expressionBuilder<Schema, 'item'>()
  return eb.and([
    eb('item.state', '=', 'ready'),
    eb('item.visibility', '=', 'public'),
    eb('item.published_ms', 'is not', null),
    eb('item.low_profile', '=', 0),
  ])
}

/** The rule of `listed` for a row at hand. */
export function isListed(item: Seen): boolean {
  return (
    item.state === 'ready' &&
    item.visibility === 'public' &&
    item.published_ms !== null &&
    item.low_profile === 0
  )
}

/** Whether everybody may see it. */
export function isPublic(item: Seen): boolean {
  return item.state === 'ready' && item.visibility === 'public' && item.published_ms !== null
}

/** Changing and deleting is for the owner and the administrator. */
export function mayChange(viewer: Viewer, item: Pick<ItemRow, 'owner_id'>): boolean {
  return viewer.role === 'admin' || isOwner(viewer, item)
}

function isOwner(viewer: Viewer, item: Pick<ItemRow, 'owner_id'>): boolean {
  return viewer.accountId !== null && viewer.accountId === item.owner_id
}
