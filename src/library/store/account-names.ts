import { sql } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { AccountRow } from '../rows.ts'

/** The oldest account with this name, whatever the case of its (Latin) letters. */
export async function accountShownAs(db: Db, name: string): Promise<AccountRow | null> {
  const row = await db
    .selectFrom('account')
    .selectAll()
    .where(sql`lower(name)`, '=', name.toLowerCase())
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}
