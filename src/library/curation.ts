import type { Context } from '../context.ts'
import { LibraryError } from './errors.ts'
import type { Page, Paged } from './page.ts'
import type { AccountRow } from './rows.ts'
import { updateAccount } from './store/accounts.ts'
import { recordChange } from './store/changes.ts'
import { updateCollection } from './store/collections.ts'
import { accountByUid } from './store/firehoses.ts'
import { lockRows } from './store/ids.ts'
import { accountsBeginning, selectStellar } from './store/curation.ts'
import type { Viewer } from './viewer.ts'

type Curating = Pick<Context, 'db' | 'clock'>

/** Marks an account as worth following, or no longer. @throws LibraryError `not_found`, `not_allowed` (administrators only). */
export function setStellar(
  ctx: Curating,
  viewer: Viewer,
  accountId: number,
  stellar: boolean,
): Promise<void> {
  return mark(ctx, viewer, { noun: 'account', id: accountId, isMarked: stellar })
}

/** Marks a collection as worth looking at, or no longer. @throws LibraryError `not_found`, `not_allowed`. */
export function setNotable(
  ctx: Curating,
  viewer: Viewer,
  collectionId: number,
  notable: boolean,
): Promise<void> {
  return mark(ctx, viewer, { noun: 'collection', id: collectionId, isMarked: notable })
}

async function mark(
  ctx: Curating,
  viewer: Viewer,
  { noun, id, isMarked }: { noun: 'account' | 'collection'; id: number; isMarked: boolean },
): Promise<void> {
  if (viewer.role !== 'admin') throw new LibraryError({ kind: 'not_allowed', what: noun, action: 'mark' })
  await ctx.db.transaction().execute(async (db) => {
    const found = await lockRows(db, noun, [id])
    if (!found.has(id)) throw new LibraryError({ kind: 'not_found', what: noun })
    if (noun === 'account') await updateAccount(db, id, { stellar: isMarked ? 1 : 0 })
    else await updateCollection(db, id, { notable: isMarked ? 1 : 0 })
    await recordChange(db, ctx.clock(), { noun, id, op: 'change' })
  })
}

/** The accounts so marked, in the order of their logins. */
export function listStellar(ctx: Pick<Context, 'db'>, page: Page): Promise<Paged<AccountRow>> {
  return selectStellar(ctx.db, page)
}

/** Accounts whose login begins so, whatever the case of its letters, in the order of their logins. */
export async function accountsMatching(
  ctx: Pick<Context, 'db'>,
  start: string,
  most: number,
): Promise<AccountRow[]> {
  return start === '' ? [] : accountsBeginning(ctx.db, start.toLowerCase(), most)
}

/** By the 32 hex digits of its uid. @throws LibraryError `not_found`. */
export async function findAccountByUid(ctx: Pick<Context, 'db'>, uid: string): Promise<AccountRow> {
  const account = await accountByUid(ctx.db, uid)
  if (!account) throw new LibraryError({ kind: 'not_found', what: 'account' })
  return account
}
