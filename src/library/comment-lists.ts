import type { Context } from '../context.ts'
import { signedIn } from './accounts.ts'
import type { Page, Paged } from './page.ts'
import { commentsOnListed, type LoadedComment } from './store/comments.ts'
import type { Viewer } from './viewer.ts'

/** Which comments are wanted beside "all". */
export interface CommentsWanted {
  /** Of this account only. */
  accountId?: number
  /** None on items with one of these tags (what the filter of the viewer hides). */
  exceptTagIds?: readonly number[]
}

/** One page of the comments on items that are listed, newest first. */
export function recentComments(
  ctx: Pick<Context, 'db'>,
  wanted: CommentsWanted,
  page: Page,
): Promise<Paged<LoadedComment>> {
  return commentsOnListed(ctx.db, wanted, page)
}

/** The same of the viewer's own, newest first. @throws LibraryError `not_signed_in`. */
export async function ownComments(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  page: Page,
): Promise<Paged<LoadedComment>> {
  return commentsOnListed(ctx.db, { accountId: signedIn(viewer) }, page)
}
