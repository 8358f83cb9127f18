import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { signedIn } from './accounts.ts'
import { isBlocked } from './blocks.ts'
import { ownedCollection } from './collection-access.ts'
import type { Participant } from './collaborators.ts'
import { invalid, LibraryError } from './errors.ts'
import type { CollectionRow } from './rows.ts'
import { recordChange } from './store/changes.ts'
import {
  collaboratorAccess,
  invitationRows,
  putCollaborator,
  putInvitation,
  takeInvitations,
  type InvitationRow,
} from './store/collaborators.ts'
import { collectionById } from './store/collections.ts'
import { lockRows } from './store/ids.ts'
import type { Viewer } from './viewer.ts'

export type { InvitationRow } from './store/collaborators.ts'

type Sharing = Pick<Context, 'db' | 'clock'>

/**
 * Asks somebody to work on a collection. Asking again changes the level.
 *
 * @throws LibraryError `not_found` (`collection`, `account`), `not_allowed` unless the viewer owns it, `invalid`
 *   (`account`) for oneself, for whoever works on it already, and for somebody who blocks the viewer.
 */
export function inviteToCollection(
  ctx: Sharing,
  viewer: Viewer,
  collectionId: number,
  { accountId, access }: Participant,
): Promise<CollectionRow> {
  const me = signedIn(viewer)
  return ctx.db.transaction().execute(async (db) => {
    const now = ctx.clock()
    const known = await lockRows(db, 'account', [accountId])
    await lockRows(db, 'collection', [collectionId])
    const collection = await ownedCollection(db, viewer, collectionId, 'change')
    if (!known.has(accountId)) throw new LibraryError({ kind: 'not_found', what: 'account' })
    if (accountId === me) throw invalid('account', 'is the one who invites')
    const isPart =
      accountId === collection.owner_id || (await collaboratorAccess(db, collectionId, accountId))
    if (isPart) throw invalid('account', 'works on the collection already')
    if (await isBlocked(db, accountId, me)) throw invalid('account', 'cannot be invited')
    await putInvitation(db, {
      collection_id: collectionId,
      account_id: accountId,
      access,
      invited_by: me,
      created_ms: now.getTime(),
    })
    return collection
  })
}

/**
 * Takes back what was not answered yet: the invitation of one account, or all.
 *
 * @throws LibraryError `not_found` (`collection`; `invitation` when there is none), `not_allowed`.
 */
export function withdrawInvitations(
  ctx: Sharing,
  viewer: Viewer,
  collectionId: number,
  accountId?: number,
): Promise<CollectionRow> {
  return ctx.db.transaction().execute(async (db) => {
    await lockRows(db, 'collection', [collectionId])
    const collection = await ownedCollection(db, viewer, collectionId, 'change')
    const taken = await takeInvitations(db, collectionId, accountId)
    if (taken.length === 0) throw new LibraryError({ kind: 'not_found', what: 'invitation' })
    return collection
  })
}

/** @throws LibraryError `not_found` (`collection`; `invitation` when the viewer was not invited). */
export function acceptInvitation(ctx: Sharing, viewer: Viewer, collectionId: number): Promise<CollectionRow> {
  return ctx.db.transaction().execute(async (db) => {
    const now = ctx.clock()
    const { collection, invitation } = await takeMine(db, viewer, collectionId)
    await putCollaborator(db, {
      collection_id: collectionId,
      account_id: invitation.account_id,
      access: invitation.access,
      created_ms: now.getTime(),
    })
    await recordChange(db, now, { noun: 'collection', id: collectionId, op: 'change' })
    return collection
  })
}

/** @throws LibraryError `not_found` (`collection`; `invitation` when the viewer was not invited). */
export function declineInvitation(
  ctx: Sharing,
  viewer: Viewer,
  collectionId: number,
): Promise<CollectionRow> {
  return ctx.db.transaction().execute(async (db) => (await takeMine(db, viewer, collectionId)).collection)
}

async function takeMine(db: Db, viewer: Viewer, collectionId: number) {
  const me = signedIn(viewer)
  await lockRows(db, 'collection', [collectionId])
  const collection = await collectionById(db, collectionId)
  if (!collection) throw new LibraryError({ kind: 'not_found', what: 'collection' })
  const [invitation] = await takeInvitations(db, collectionId, me)
  if (!invitation) throw new LibraryError({ kind: 'not_found', what: 'invitation' })
  return { collection, invitation }
}

/** What nobody has answered yet, of a collection that the viewer owns. @throws LibraryError `not_found`, `not_allowed`. */
export async function pendingInvitations(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
  collectionId: number,
): Promise<InvitationRow[]> {
  await ownedCollection(ctx.db, viewer, collectionId, 'change')
  return invitationRows(ctx.db, { collectionId })
}

/** What the viewer has not answered yet, oldest first. @throws LibraryError `not_signed_in`. */
export function myInvitations(ctx: Pick<Context, 'db'>, viewer: Viewer): Promise<InvitationRow[]> {
  return invitationRows(ctx.db, { accountId: signedIn(viewer) })
}
