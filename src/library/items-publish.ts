import type { Context } from '../context.ts'
import { recordChanges } from './store/changes.ts'
import { publishScheduled, recountRebounds } from './store/items.ts'

/**
 * Publishes every item whose time has come; the time of publication is the one it was scheduled for. Jobs call it
 * at the times asked for, and whoever starts the server, for what fell due while it was down.
 *
 * @returns How many items were published.
 */
export function publishDue(ctx: Pick<Context, 'db'>, now: Date): Promise<number> {
  return ctx.db.transaction().execute(async (db) => {
    const published = await publishScheduled(db, now)
    await recordChanges(
      db,
      now,
      published.map(({ id }) => ({ noun: 'item', id, op: 'change' })),
    )
    await recountRebounds(
      db,
      published.map(({ rebound_of }) => rebound_of),
    )
    return published.length
  })
}
