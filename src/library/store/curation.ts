import type { Db } from '../../database/open.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { AccountRow } from '../rows.ts'
import { beginsWith } from './text-match.ts'
import { totalOf } from './total-of.ts'

export async function selectStellar(db: Db, page: Page): Promise<Paged<AccountRow>> {
  const matching = db.selectFrom('account').where('stellar', '=', 1).where('suspended', '=', 0)
  const rows = await matching.selectAll().orderBy('login_key').limit(page.limit).offset(page.offset).execute()
  return counted(rows, page, () => totalOf(matching))
}

export function accountsBeginning(db: Db, start: string, most: number): Promise<AccountRow[]> {
  return db
    .selectFrom('account')
    .selectAll()
    .where(beginsWith('login_key', start))
    .where('suspended', '=', 0)
    .orderBy('login_key')
    .limit(most)
    .execute()
}
