import { lockRows } from '../../library/store/ids.ts'
import type { Step } from './step.ts'
import { addToCounts, logChanges } from '../store/bulk.ts'
import { setStatedCounts, statedCounts } from '../store/reactions.ts'

export type CountName = 'faves' | 'upvotes' | 'downvotes' | 'comments'
const names: readonly CountName[] = ['faves', 'upvotes', 'downvotes', 'comments']

/**
 * Counts new rows of items. Where the archive stated a count, the rows are part of what it stated: the count stays,
 * and what it exceeds the rows by becomes less.
 */
export async function countRows(
  step: Step,
  rows: readonly { itemId: number; name: CountName | null }[],
): Promise<void> {
  const { db, startedAt } = step
  const ids = [...new Set(rows.map(({ itemId }) => itemId))]
  await lockRows(db, 'item', ids)
  const texts = await statedCounts(db, ids)
  const stated = new Map([...texts].map(([id, text]) => [id, readCounts(text)]))

  const counts = new Map<number, number[]>()
  for (const { itemId, name } of rows) {
    if (name === null) continue
    const excess = stated.get(itemId)
    const beyond = excess?.[name]
    if (excess && beyond !== undefined) excess[name] = beyond - 1
    else {
      const of = counts.get(itemId) ?? [0, 0, 0, 0]
      counts.set(itemId, of)
      const at = names.indexOf(name)
      of[at] = (of[at] ?? 0) + 1
    }
  }
  await addToCounts(
    db,
    'item',
    names.map((name) => `${name}_count`),
    counts,
  )
  const changed = [...stated].map(([id, excess]) => [id, JSON.stringify(excess)] as const)
  await setStatedCounts(db, new Map(changed.filter(([id, text]) => texts.get(id) !== text)))
  await logChanges(
    db,
    startedAt,
    ids.map((id) => ({ noun: 'item', id, op: 'change' })),
  )
}

/** `{ faves?, upvotes?, downvotes?, comments? }` as the row of an item keeps it. */
export function readCounts(text: string): Partial<Record<CountName, number>> {
  const read: unknown = JSON.parse(text)
  const counts: Partial<Record<CountName, number>> = {}
  for (const [name, count] of Object.entries(Object(read)))
    for (const known of names) if (known === name && typeof count === 'number') counts[known] = count
  return counts
}
