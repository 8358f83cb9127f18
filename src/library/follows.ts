import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { accountsByIds, signedIn } from './accounts.ts'
import { invalid, LibraryError } from './errors.ts'
import type { Page, Paged } from './page.ts'
import type { DatedAccount } from './store/dated-accounts.ts'
import { addFollowCounts } from './store/accounts.ts'
import { isBlocked } from './store/blocks.ts'
import { recordChange } from './store/changes.ts'
import { deleteFollow, followBetween, followsOf, insertFollow, type FollowRow } from './store/follows.ts'
import { lockRows } from './store/ids.ts'
import type { Viewer } from './viewer.ts'

export type { DatedAccount } from './store/dated-accounts.ts'
export type { FollowRow } from './store/follows.ts'

/** How many accounts one account may follow. The sources say that there is a maximum, not which; ours. */
const MOST_FOLLOWINGS = 10_000

/**
 * Follows an account; nothing changes when the viewer does so already. The phrases stand on `base` as in API v1,
 * Followers ("Follow a user").
 *
 * @throws LibraryError `not_signed_in`, `not_found`, `invalid` (oneself, blocked by that account, too many).
 */
export async function follow(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  accountId: number,
): Promise<FollowRow> {
  const me = signedIn(viewer)
  if (me === accountId) throw invalid('base', 'you cannot follow yourself')
  const now = ctx.clock()

  return ctx.db.transaction().execute(async (db) => {
    const found = await lockRows(db, 'account', [me, accountId])
    if (!found.has(accountId)) throw new LibraryError({ kind: 'not_found', what: 'account' })
    const there = await followBetween(db, me, accountId)
    if (there) return there

    if (await isBlocked(db, accountId, me)) throw invalid('base', 'you are blocked by that member')
    const mine = (await accountsByIds(db, [me])).get(me)
    if (!mine) throw new LibraryError({ kind: 'not_signed_in' })
    if (mine.followings_count >= MOST_FOLLOWINGS)
      throw invalid('base', `you cannot follow more than ${MOST_FOLLOWINGS} members`)

    const row = { follower_id: me, followee_id: accountId, created_ms: now.getTime() }
    const made = await insertFollow(db, row)
    if (!made) throw new Error('a follow appeared although both accounts are locked')
    await addFollowCounts(db, me, { followings: 1 })
    await addFollowCounts(db, accountId, { followers: 1 })
    await recordChange(db, now, { noun: 'follow', id: made.id, op: 'create' })
    return made
  })
}

/** Ends a follow; nothing happens when there is none. @throws LibraryError `not_signed_in`, `not_found`. */
export async function unfollow(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  accountId: number,
): Promise<void> {
  const me = signedIn(viewer)
  await ctx.db.transaction().execute(async (db) => {
    const found = await lockRows(db, 'account', [me, accountId])
    if (!found.has(accountId)) throw new LibraryError({ kind: 'not_found', what: 'account' })
    await endFollow(db, ctx.clock(), me, accountId)
  })
}

/** Both accounts must be locked. */
export async function endFollow(db: Db, at: Date, followerId: number, followeeId: number): Promise<void> {
  const ended = await deleteFollow(db, followerId, followeeId)
  if (!ended) return
  await addFollowCounts(db, followerId, { followings: -1 })
  await addFollowCounts(db, followeeId, { followers: -1 })
  await recordChange(db, at, { noun: 'follow', id: ended.id, op: 'delete' })
}

/** Who follows the account, the newest first. */
export function followersOf(
  ctx: Pick<Context, 'db'>,
  accountId: number,
  page: Page,
): Promise<Paged<DatedAccount>> {
  return followsOf(ctx.db, 'followee_id', accountId, page)
}

/** Whom the account follows, the newest first. */
export function followingOf(
  ctx: Pick<Context, 'db'>,
  accountId: number,
  page: Page,
): Promise<Paged<DatedAccount>> {
  return followsOf(ctx.db, 'follower_id', accountId, page)
}

export async function isFollowing(db: Db, followerId: number, followeeId: number): Promise<boolean> {
  return (await followBetween(db, followerId, followeeId)) !== null
}
