import type { Db } from '../../database/open.ts'
import type { AccountRow } from '../rows.ts'
import { accountsByIds } from './accounts.ts'

/** Who did something and when, as lists of followers, of likes and of reactions show it. */
export interface DatedAccount {
  /** Of the row that says so. */
  id: number
  created_ms: number
  account: AccountRow
}

/** Rows with their accounts, in their order. */
export async function datedAccounts(
  db: Db,
  rows: readonly { id: number; created_ms: number; account_id: number }[],
): Promise<DatedAccount[]> {
  const accounts = await accountsByIds(
    db,
    rows.map((row) => row.account_id),
  )
  return rows.flatMap(({ id, created_ms, account_id }) => {
    const account = accounts.get(account_id)
    return account ? [{ id, created_ms, account }] : []
  })
}
