import type { Db } from '../../database/open.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { AccountRow } from '../rows.ts'
import { totalOf } from './total-of.ts'

export type PeopleOrder =
  | 'newest'
  /** Most followers first. */
  | 'popular'

/** One page of the accounts that are not suspended. Ties are broken by id, so that pages neither repeat nor miss one. */
export async function selectPeople(db: Db, order: PeopleOrder, page: Page): Promise<Paged<AccountRow>> {
  const matching = db.selectFrom('account').where('suspended', '=', 0)
  const all = matching.selectAll()
  const ordered =
    order === 'popular' ? all.orderBy('followers_count', 'desc') : all.orderBy('created_ms', 'desc')
  const rows = await ordered.orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute()
  return counted(rows, page, () => totalOf(matching))
}
