import { lockRows } from '../../library/store/ids.ts'
import { collectionsHere, itemsHere } from './here.ts'
import type { LineOf } from '../format/lines.ts'
import { msOf, noSuch, sift, type Step } from './step.ts'
import { addToCounts, logChanges } from '../store/bulk.ts'
import { entriesThere, insertEntries, lastPositions } from '../store/collections.ts'

/** What is in collections. A project takes its owner's items only; without a position an item goes to the end. */
export async function importEntries(step: Step, lines: readonly LineOf<'collection_item'>[]): Promise<void> {
  const { db, startedAt } = step
  const collections = await collectionsHere(
    step,
    lines.map(({ value }) => value.collection),
  )
  const items = await itemsHere(
    step,
    lines.map(({ value }) => value.item),
  )
  const named = sift(step, lines, (value) => {
    const collection = collections.get(value.collection)
    const item = items.get(value.item)
    if (!collection) return noSuch('collection', value.collection)
    if (!item) return noSuch('item', value.item)
    if (collection.kind === 'project' && item.owner_id !== collection.owner_id)
      return `names item ${value.item}, which is not one of the owner of the project`
    return { name: { collection_id: collection.id, item_id: item.id } }
  })
  const touched = [...new Set(named.map(({ name }) => name.collection_id))]
  await lockRows(db, 'collection', touched)
  const there = await entriesThere(
    db,
    named.map(({ name }) => name),
  )
  const known = new Set(there.map(({ collection_id, item_id }) => `${collection_id} ${item_id}`))
  const last = await lastPositions(db, touched)
  const rows = named.flatMap(({ name, line: { number, value } }) => {
    if (known.has(`${name.collection_id} ${name.item_id}`)) {
      step.present.add(number)
      return []
    }
    const end = last.get(name.collection_id) ?? 0
    const position = value.position ?? end + 1
    last.set(name.collection_id, Math.max(end, position))
    return [{ ...name, position, added_ms: msOf(value.at) ?? startedAt.getTime() }]
  })
  await insertEntries(db, rows)

  const counts = new Map<number, [number]>()
  for (const { collection_id } of rows) counts.set(collection_id, [(counts.get(collection_id)?.[0] ?? 0) + 1])
  await addToCounts(db, 'collection', ['items_count'], counts)
  await logChanges(db, startedAt, [
    ...[...counts.keys()].map((id) => ({ noun: 'collection', id, op: 'change' }) as const),
    ...rows.map(({ item_id }) => ({ noun: 'item', id: item_id, op: 'change' }) as const),
  ])
}
