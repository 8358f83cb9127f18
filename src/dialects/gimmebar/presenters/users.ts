import type { AccountRow } from '../../../library/rows.ts'
import { avatarAddress, userAddress } from '../addresses.ts'
import type { Call } from '../call.ts'
import type { Shown } from '../records.ts'

const seconds = (ms: number) => Math.floor(ms / 1000)

/** A user. With the extension `authed_user`, the caller's own record also says what only they are told. */
export function presentUser(
  account: AccountRow,
  { base, viewer }: Pick<Call, 'base' | 'viewer'>,
  extensions: ReadonlySet<string>,
): Shown {
  const isSelf = viewer.accountId === account.id
  return {
    id: account.uid,
    username: account.login,
    avatar: avatarAddress(base, account),
    stellar: account.stellar === 1,
    date: seconds(account.created_ms),
    url: userAddress(base, account),
    // No address for mail is kept here.
    ...(extensions.has('authed_user') && isSelf ? { name: account.name, email: null } : {}),
  }
}
