import type { Context } from '../context.ts'
import { signedIn } from './accounts.ts'
import { invalid, LibraryError } from './errors.ts'
import { endFollow } from './follows.ts'
import { deleteBlock, insertBlock } from './store/blocks.ts'
import { recordChange } from './store/changes.ts'
import { lockRows } from './store/ids.ts'
import type { Viewer } from './viewer.ts'

export { blockedBy, isBlocked } from './store/blocks.ts'

/**
 * Blocks an account: it can no longer follow the viewer, comment on or rebound their items. Follows between the
 * two end. Nothing happens when it is blocked already.
 *
 * @throws LibraryError `not_signed_in`, `not_found`, `invalid` (oneself).
 */
export async function block(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  accountId: number,
): Promise<void> {
  const me = signedIn(viewer)
  if (me === accountId) throw invalid('base', 'you cannot block yourself')
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (db) => {
    const found = await lockRows(db, 'account', [me, accountId])
    if (!found.has(accountId)) throw new LibraryError({ kind: 'not_found', what: 'account' })
    await endFollow(db, now, me, accountId)
    await endFollow(db, now, accountId, me)
    const row = { account_id: me, blocked_id: accountId, created_ms: now.getTime() }
    if (await insertBlock(db, row)) await recordChange(db, now, { noun: 'account', id: me, op: 'change' })
  })
}

/** Ends a block; nothing happens when there is none. @throws LibraryError `not_signed_in`. */
export async function unblock(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  accountId: number,
): Promise<void> {
  const me = signedIn(viewer)
  await ctx.db.transaction().execute(async (db) => {
    if (await deleteBlock(db, me, accountId))
      await recordChange(db, ctx.clock(), { noun: 'account', id: me, op: 'change' })
  })
}
