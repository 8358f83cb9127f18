import type { Context } from '../context.ts'
import { LibraryError } from './errors.ts'
import type { Page, Paged } from './page.ts'
import type { AccountRow } from './rows.ts'
import { accountByLogin } from './store/accounts.ts'
import { selectPeople, type PeopleOrder } from './store/people.ts'

export type { PeopleOrder } from './store/people.ts'

/** One page of everybody whose account is not suspended, and how many they are. */
export function listPeople(
  ctx: Pick<Context, 'db'>,
  order: PeopleOrder,
  page: Page,
): Promise<Paged<AccountRow>> {
  return selectPeople(ctx.db, order, page)
}

/** The account with this login, in any case of letters; digits are a login too. @throws LibraryError `not_found`. */
export async function personCalled(ctx: Pick<Context, 'db'>, login: string): Promise<AccountRow> {
  const account = await accountByLogin(ctx.db, login)
  if (account === null) throw new LibraryError({ kind: 'not_found', what: 'account' })
  return account
}
