import type { AnyValue } from '../format/schemas.ts'
import type { Line } from '../format/lines.ts'
import { noSuch, sift, type Step } from './step.ts'
import { itemsHere } from './here.ts'
import { accountsNamed, type AccountName, type ItemName } from '../store/names.ts'

/** Lines that name one account, with it; those that name one that is not there are refused. */
export async function withAccount<V extends AnyValue & { account: string }>(
  step: Step,
  lines: readonly Line<V>[],
): Promise<{ account: AccountName; line: Line<V> }[]> {
  const accounts = await accountsNamed(
    step.db,
    lines.map(({ value }) => value.account),
  )
  return sift(step, lines, (value) => {
    const account = accounts.get(value.account.toLowerCase())
    return account ? { account } : noSuch('account', value.account)
  })
}

/** The same for lines that name an item. */
export async function withItem<V extends AnyValue & { item: number }>(
  step: Step,
  lines: readonly Line<V>[],
): Promise<{ item: ItemName; line: Line<V> }[]> {
  const items = await itemsHere(
    step,
    lines.map(({ value }) => value.item),
  )
  return sift(step, lines, (value) => {
    const item = items.get(value.item)
    return item ? { item } : noSuch('item', value.item)
  })
}
