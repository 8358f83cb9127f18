import type { Context } from '../context.ts'
import type { AccountRow } from './rows.ts'
import { accountByLogin } from './store/accounts.ts'
import { accountShownAs } from './store/account-names.ts'

/**
 * The account that somebody calls by a name: a login in any case of letters, or the name it is shown under. Names that
 * several share are the oldest account's. Null when nobody is called so.
 */
export async function accountCalled(ctx: Pick<Context, 'db'>, name: string): Promise<AccountRow | null> {
  if (name.includes('\0') || name.length > 255) return null
  return (await accountByLogin(ctx.db, name)) ?? accountShownAs(ctx.db, name)
}
