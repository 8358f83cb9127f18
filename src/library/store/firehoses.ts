import type { Db } from '../../database/open.ts'
import { listed } from '../access.ts'
import type { AccountRow } from '../rows.ts'

/** How many items everybody sees of each account. An account without any has no key. */
export async function publicItemCounts(db: Db, accountIds: readonly number[]): Promise<Map<number, number>> {
  if (accountIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('item')
    .select(({ fn }) => ['owner_id', fn.countAll<number>().as('total')])
    .where('owner_id', 'in', [...new Set(accountIds)])
    .where(listed())
    .groupBy('owner_id')
    .execute()
  return new Map(rows.map(({ owner_id, total }) => [owner_id, total]))
}

/** The account whose uid begins with these 24 hex digits. */
export async function accountByUidStart(db: Db, start: string): Promise<AccountRow | null> {
  if (!/^[0-9a-f]{24}$/.test(start)) return null
  const row = await db
    .selectFrom('account')
    .selectAll()
    .where('uid', '>=', start)
    .where('uid', '<', `${start}g`)
    .executeTakeFirst()
  return row ?? null
}

export async function accountByUid(db: Db, uid: string): Promise<AccountRow | null> {
  const row = await db.selectFrom('account').selectAll().where('uid', '=', uid).executeTakeFirst()
  return row ?? null
}
