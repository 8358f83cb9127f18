import type { Db } from '../../database/open.ts'
import { grouped } from './grouped.ts'

export type Level = 'owner' | 'member'

export interface CollaboratorRow {
  collection_id: number
  account_id: number
  access: Level
  created_ms: number
}

export interface InvitationRow extends CollaboratorRow {
  invited_by: number
}

export async function collaboratorAccess(
  db: Db,
  collectionId: number,
  accountId: number,
): Promise<Level | null> {
  const row = await db
    .selectFrom('collaborator')
    .select('access')
    .where('collection_id', '=', collectionId)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row?.access ?? null
}

/** Those of many collections, by collection, oldest first. One without any has no key. */
export async function collaboratorsOf(
  db: Db,
  collectionIds: readonly number[],
): Promise<Map<number, CollaboratorRow[]>> {
  if (collectionIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('collaborator')
    .selectAll()
    .where('collection_id', 'in', collectionIds)
    .orderBy('created_ms')
    .orderBy('account_id')
    .execute()
  return grouped(rows, ({ collection_id }) => collection_id)
}

/** Makes somebody a collaborator of this level, whatever they were. */
export async function putCollaborator(db: Db, row: CollaboratorRow): Promise<void> {
  await db
    .insertInto('collaborator')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['collection_id', 'account_id']).doUpdateSet({ access: row.access }),
    )
    .execute()
}

export async function deleteCollaborator(db: Db, collectionId: number, accountId: number): Promise<void> {
  await db
    .deleteFrom('collaborator')
    .where('collection_id', '=', collectionId)
    .where('account_id', '=', accountId)
    .execute()
}

/** A second invitation takes the place of the first. */
export async function putInvitation(db: Db, row: InvitationRow): Promise<void> {
  const { access, invited_by, created_ms } = row
  await db
    .insertInto('invitation')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['collection_id', 'account_id']).doUpdateSet({ access, invited_by, created_ms }),
    )
    .execute()
}

/** Takes the invitations of a collection away, or the one of an account; returns what there was. */
export function takeInvitations(db: Db, collectionId: number, accountId?: number): Promise<InvitationRow[]> {
  return db
    .deleteFrom('invitation')
    .where('collection_id', '=', collectionId)
    .$if(accountId !== undefined, (qb) => qb.where('account_id', '=', accountId ?? 0))
    .returningAll()
    .execute()
}

/** Of a collection, or for an account, oldest first. */
export function invitationRows(
  db: Db,
  of: { collectionId: number } | { accountId: number },
): Promise<InvitationRow[]> {
  const all = db.selectFrom('invitation').selectAll().orderBy('created_ms').orderBy('collection_id')
  return 'collectionId' in of
    ? all.where('collection_id', '=', of.collectionId).execute()
    : all.where('account_id', '=', of.accountId).execute()
}
