import type { Db } from '../../database/open.ts'
import type { Noun } from '../errors.ts'

/** What a write did to one thing. */
export interface Change {
  noun: Noun
  id: number
  op: 'create' | 'change' | 'delete'
}

/** Appends to the change log. Called in the transaction of the write, so that searches and caches can follow. */
export function recordChange(db: Db, at: Date, change: Change): Promise<void> {
  return recordChanges(db, at, [change])
}

/** The same for several things at once. */
export async function recordChanges(db: Db, at: Date, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return
  await db
    .insertInto('change')
    .values(changes.map(({ noun, id, op }) => ({ at_ms: at.getTime(), noun, noun_id: id, op })))
    .execute()
}
