import type { Db } from '../../database/open.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { AccountRow } from '../rows.ts'
import { totalOf } from './total-of.ts'

/** False when it was there already. */
export async function insertBlock(
  db: Db,
  row: { account_id: number; blocked_id: number; created_ms: number },
): Promise<boolean> {
  const inserted = await db
    .insertInto('block')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('account_id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** False when there was none. */
export async function deleteBlock(db: Db, accountId: number, blockedId: number): Promise<boolean> {
  const deleted = await db
    .deleteFrom('block')
    .where('account_id', '=', accountId)
    .where('blocked_id', '=', blockedId)
    .returning('account_id')
    .executeTakeFirst()
  return deleted !== undefined
}

/** Whether `accountId` wants nothing to do with `blockedId`. */
export async function isBlocked(db: Db, accountId: number, blockedId: number): Promise<boolean> {
  const row = await db
    .selectFrom('block')
    .select('account_id')
    .where('account_id', '=', accountId)
    .where('blocked_id', '=', blockedId)
    .executeTakeFirst()
  return row !== undefined
}

/** Whom an account blocks, the newest first. */
export async function blockedBy(db: Db, accountId: number, page: Page): Promise<Paged<AccountRow>> {
  const rows = await db
    .selectFrom('block')
    .innerJoin('account', 'account.id', 'block.blocked_id')
    .selectAll('account')
    .where('block.account_id', '=', accountId)
    .orderBy('block.created_ms', 'desc')
    .orderBy('account.id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(rows, page, () => totalOf(db.selectFrom('block').where('account_id', '=', accountId)))
}
