import type { Context } from '../context.ts'
import { LibraryError } from './errors.ts'
import { releaseBlobs } from './garbage.ts'
import { eraseItem } from './items-remove.ts'
import { accountById, updateAccount } from './store/accounts.ts'
import { deleteAccount, itemsTouchedBy, ownItems, uncountAccount } from './store/account-removal.ts'
import { recordChanges } from './store/changes.ts'
import { lockRows } from './store/ids.ts'
import type { Viewer } from './viewer.ts'

const batch = 20
type Removing = Pick<Context, 'db' | 'clock' | 'queue'>

/**
 * Deletes an account for good, with everything that is its own; other people's counters forget it. Its items go a
 * few at a time, so that a large account holds nobody up: what is cut short is finished by doing it again.
 *
 * @throws LibraryError `not_found`, `not_allowed` unless it is the viewer's own or the viewer is an administrator.
 */
export async function removeAccount(ctx: Removing, viewer: Viewer, id: number): Promise<void> {
  if (!(await accountById(ctx.db, id))) throw new LibraryError({ kind: 'not_found', what: 'account' })
  if (viewer.role !== 'admin' && viewer.accountId !== id)
    throw new LibraryError({ kind: 'not_allowed', what: 'account', action: 'delete' })

  // From here on it adds nothing new.
  await updateAccount(ctx.db, id, { suspended: 1, may_upload: 0 })
  while ((await eraseSomeItems(ctx, id)) > 0);
  await ctx.db.transaction().execute(async (db) => {
    const now = ctx.clock()
    await lockRows(db, 'account', [id])
    for (const item of await ownItems(db, id, batch)) await eraseItem(ctx, db, item)
    const touched = await itemsTouchedBy(db, id)
    const account = await accountById(db, id)
    await uncountAccount(db, id)
    await deleteAccount(db, id)
    await recordChanges(db, now, [
      { noun: 'account', id, op: 'delete' },
      ...touched.map((item) => ({ noun: 'item' as const, id: item, op: 'change' as const })),
    ])
    if (account?.avatar_sha256) await releaseBlobs(ctx, db, now, [account.avatar_sha256])
  })
}

function eraseSomeItems(ctx: Removing, ownerId: number): Promise<number> {
  return ctx.db.transaction().execute(async (db) => {
    const items = await ownItems(db, ownerId, batch)
    for (const item of items) await eraseItem(ctx, db, item)
    return items.length
  })
}
