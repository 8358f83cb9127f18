import type { CollectionRow } from '../../library/rows.ts'
import type { Step } from './step.ts'
import { collectionsByIds, importedIds, itemsByIds, type ItemName } from '../store/names.ts'

/** The numbers of items or collections as they are here, by the numbers the archive gives them. */
async function numbersHere(
  step: Step,
  noun: 'item' | 'collection',
  givenIds: readonly number[],
): Promise<Map<number, number>> {
  if (step.options.renumber) return importedIds(step.db, step.source, noun, givenIds)
  return new Map(givenIds.map((id) => [id, id]))
}

async function rowsHere<R extends { id: number }>(
  numbers: ReadonlyMap<number, number>,
  find: (ids: number[]) => Promise<R[]>,
): Promise<Map<number, R>> {
  const rows = new Map((await find([...numbers.values()])).map((row) => [row.id, row]))
  return new Map(
    [...numbers].flatMap(([given, id]) => {
      const row = rows.get(id)
      return row ? [[given, row]] : []
    }),
  )
}

/** Items of the library by the numbers the archive gives them; what is not there has no key. */
export async function itemsHere(step: Step, givenIds: readonly number[]): Promise<Map<number, ItemName>> {
  return rowsHere(await numbersHere(step, 'item', givenIds), (ids) => itemsByIds(step.db, ids))
}

/** The same for collections. */
export async function collectionsHere(
  step: Step,
  givenIds: readonly number[],
): Promise<Map<number, CollectionRow>> {
  return rowsHere(await numbersHere(step, 'collection', givenIds), (ids) => collectionsByIds(step.db, ids))
}
