import type { Line, LineOf } from '../format/lines.ts'
import { withItem } from './named.ts'
import type { AnyValue } from '../format/schemas.ts'
import { msOf, noSuch, sift, type Step } from './step.ts'
import { insertSourceHistory, insertTagHistory, sourceChangesAt, tagChangesAt } from '../store/beside.ts'
import { accountsNamed, type ItemName } from '../store/names.ts'

/** Tags that came and went. A change of the same item, tag and time is here already. */
export async function importTagChanges(step: Step, lines: readonly LineOf<'tag_change'>[]): Promise<void> {
  const named = await whoAndWhat(step, lines)
  const rows = named.map(({ item, accountId, line: { number, value } }) => {
    const added = value.added ? (1 as const) : (0 as const)
    const row = {
      item_id: item.id,
      account_id: accountId,
      tag_name: value.tag,
      added,
      created_ms: msOf(value.at),
    }
    return { number, row }
  })
  const there = await tagChangesAt(
    step.db,
    rows.map(({ row }) => row),
  )
  const nameOf = (row: (typeof there)[number]) =>
    JSON.stringify([row.item_id, row.tag_name, row.added, row.created_ms])
  await insertTagHistory(step.db, newOnes(step, rows, { known: new Set(there.map(nameOf)), nameOf }))
}

/** Sources that changed. A change of the same item and time is here already. */
export async function importSourceChanges(
  step: Step,
  lines: readonly LineOf<'source_change'>[],
): Promise<void> {
  const named = await whoAndWhat(step, lines)
  const rows = named.map(({ item, accountId, line: { number, value } }) => {
    const [old_source, new_source] = [value.from ?? null, value.to ?? null]
    const row = {
      item_id: item.id,
      account_id: accountId,
      old_source,
      new_source,
      created_ms: msOf(value.at),
    }
    return { number, row }
  })
  const there = await sourceChangesAt(
    step.db,
    rows.map(({ row }) => row),
  )
  const nameOf = (row: (typeof there)[number]) =>
    JSON.stringify([row.item_id, row.old_source, row.new_source, row.created_ms])
  await insertSourceHistory(step.db, newOnes(step, rows, { known: new Set(there.map(nameOf)), nameOf }))
}

function newOnes<R>(
  step: Step,
  rows: readonly { number: number; row: R }[],
  { known, nameOf }: { known: ReadonlySet<string>; nameOf: (row: R) => string },
): R[] {
  return rows.flatMap(({ number, row }) => {
    if (!known.has(nameOf(row))) return [row]
    step.present.add(number)
    return []
  })
}

/** The item of each line, and who did it; null for nobody who is named. */
async function whoAndWhat<V extends AnyValue & { item: number; account?: string }>(
  step: Step,
  lines: readonly Line<V>[],
): Promise<{ item: ItemName; accountId: number | null; line: Line<V> }[]> {
  const accounts = await accountsNamed(
    step.db,
    lines.flatMap(({ value }) => value.account ?? []),
  )
  const items = new Map((await withItem(step, lines)).map(({ item, line }) => [line.number, item]))
  const good = lines.filter(({ number }) => items.has(number))
  return sift(step, good, ({ account }, { number }) => {
    const who = account === undefined ? null : accounts.get(account.toLowerCase())
    const item = items.get(number)
    if (who === undefined || item === undefined) return noSuch('account', account ?? '')
    return { item, accountId: who?.id ?? null }
  })
}
