import type { Context } from '../context.ts'
import { signedIn } from './accounts.ts'
import { tagNamesOfOwner } from './store/account-tags.ts'
import type { Viewer } from './viewer.ts'

const mostTags = 10_000

/** The tags of the viewer's own items, the most used first. @throws LibraryError `not_signed_in`. */
export const myTags = (ctx: Pick<Context, 'db'>, viewer: Viewer): Promise<string[]> =>
  tagNamesOfOwner(ctx.db, signedIn(viewer), mostTags)
