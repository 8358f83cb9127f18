import type { Db } from '../../database/open.ts'
import { LibraryError } from '../../library/errors.ts'
import { limits } from '../../library/limits.ts'
import { holdRelations, withImplied } from '../../library/store/tag-relations.ts'
import { relatedNames } from '../store/tags.ts'

/**
 * The tags of many rows as every way of tagging stores them: an alias is replaced by the tag it stands for, and what a
 * tag brings along comes too. Null for what would then be more than an item can hold.
 */
export async function withBrought<T extends { tags: readonly string[] }>(
  db: Db,
  rows: readonly T[],
): Promise<(Omit<T, 'tags'> & { tags: readonly string[] | null })[]> {
  const names = [...new Set(rows.flatMap(({ tags }) => tags))]
  if (names.length > 0) await holdRelations(db, 'read')
  // Few names have relations; of those each is looked at once.
  const brought = new Map<string, readonly string[] | null>()
  for (const name of await relatedNames(db, names)) brought.set(name, await broughtBy(db, name))
  if (brought.size === 0) return [...rows]
  return rows.map((row) => {
    const parts = row.tags.map((name) => brought.get(name) ?? (brought.has(name) ? null : [name]))
    const all = parts.includes(null) ? null : [...new Set(parts.flatMap((part) => part ?? []))]
    return { ...row, tags: all !== null && all.length > limits.tags ? null : all }
  })
}

async function broughtBy(db: Db, name: string): Promise<readonly string[] | null> {
  try {
    return await withImplied(db, [name])
  } catch (error) {
    if (error instanceof LibraryError && error.reason.kind === 'invalid') return null
    throw error
  }
}
