import type { Context } from '../../context.ts'
import { accountCalled } from '../../library/account-names.ts'
import { findAccount, type AccountRow } from '../../library/accounts.ts'
import { LibraryError } from '../../library/errors.ts'
import { nameOfSlug } from '../../library/tag-names.ts'
import { wholeNumber } from './call.ts'

/**
 * The account an address means: a name before an id, since a name may be digits.
 *
 * @throws LibraryError `not_found`.
 */
export async function accountMeant(ctx: Pick<Context, 'db'>, ref: string): Promise<AccountRow> {
  const named = await accountNamed(ctx, ref)
  if (named !== null) return named
  const id = wholeNumber(ref)
  if (id === null) throw new LibraryError({ kind: 'not_found', what: 'account' })
  return findAccount(ctx.db, id)
}

/** The account with this name, written as it is or as a slug; null when there is none. */
export async function accountNamed(ctx: Pick<Context, 'db'>, ref: string): Promise<AccountRow | null> {
  const name = nameOfSlug(ref)
  return (await accountCalled(ctx, ref)) ?? (name === ref ? null : accountCalled(ctx, name))
}
