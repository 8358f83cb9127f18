import type { Context } from '../../context.ts'
import { signedIn } from '../../library/accounts.ts'
import { findCollected } from '../../library/collected-lists.ts'
import { findCollectionByUid } from '../../library/collection-lists.ts'
import { findAccountByUid } from '../../library/curation.ts'
import { LibraryError, type Noun } from '../../library/errors.ts'
import type { LoadedItem } from '../../library/loaded-items.ts'
import { personCalled } from '../../library/people.ts'
import type { AccountRow, CollectionRow } from '../../library/rows.ts'
import type { Viewer } from '../../library/viewer.ts'
import { textOf, type Call } from './call.ts'
import { notFound, type Refusal } from './errors.ts'

/** Asks the library; where what it says is that there is no such thing, this refusal says so in its place. */
export async function orElse<T>(asked: Promise<T>, what: Noun, refusal: () => Refusal): Promise<T> {
  try {
    return await asked
  } catch (error) {
    const isMissing = error instanceof LibraryError && error.reason.kind === 'not_found'
    throw isMissing && error.reason.what === what ? refusal() : error
  }
}

export const userCalled = (ctx: Context, username: string): Promise<AccountRow> =>
  orElse(personCalled(ctx, username), 'account', () => notFound('No user with that username'))

export const userOf = (ctx: Context, id: string): Promise<AccountRow> =>
  orElse(findAccountByUid(ctx, id.toLowerCase()), 'account', () => notFound('User not found'))

/** The account of `user_id`, or the caller's own. */
export async function accountAsked(ctx: Context, call: Call): Promise<number> {
  const id = textOf(call, 'user_id')
  return id === undefined || id === '' ? signedIn(call.viewer) : (await userOf(ctx, id)).id
}

export const assetOf = (ctx: Context, viewer: Viewer, id: string): Promise<LoadedItem> =>
  orElse(findCollected(ctx, viewer, id.toLowerCase()), 'item', () => notFound('No asset with that ID'))

export const collectionOf = (ctx: Context, viewer: Viewer, id: string): Promise<CollectionRow> =>
  orElse(findCollectionByUid(ctx, viewer, id.toLowerCase()), 'collection', () =>
    notFound('No collection with that ID'),
  )
