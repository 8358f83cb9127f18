import type { Insertable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { DesktopRequestTable } from '../../database/schema/identity.ts'

export async function insertRequest(db: Db, row: Insertable<DesktopRequestTable>): Promise<void> {
  await db.insertInto('desktop_request').values(row).execute()
}

export function requestByToken(db: Db, tokenHash: string) {
  return db.selectFrom('desktop_request').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst()
}

export function requestById(db: Db, id: number) {
  return db.selectFrom('desktop_request').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Whether a code comes from a request of this kind. */
export async function isDesktopCode(db: Db, codeHash: string): Promise<boolean> {
  const row = await db
    .selectFrom('desktop_request')
    .select('id')
    .where('code_hash', '=', codeHash)
    .executeTakeFirst()
  return row !== undefined
}

/** Writes a decision down; of any number of callers at once, exactly one hears yes. */
export async function decideRequest(
  db: Db,
  id: number,
  decision: Pick<DesktopRequestTable, 'state' | 'account_id' | 'code_hash' | 'code_expires_ms'>,
  nowMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('desktop_request')
    .set(decision)
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('expires_ms', '>', nowMs)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Removes requests that expired before a time. Returns how many. */
export async function deleteSpentRequests(db: Db, beforeMs: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('desktop_request')
    .where('expires_ms', '<', beforeMs)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
