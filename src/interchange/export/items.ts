import type { Db } from '../../database/open.ts'
import type { ItemRow } from '../../library/rows.ts'
import { itemLine } from './lines.ts'
import { textsOf } from '../store/export-beside.ts'
import { itemPages, itemsById, loginsOf, type Bounds } from '../store/export.ts'

export type StoredOriginal = Pick<ItemRow, 'blob_sha256' | 'format' | 'size_bytes'>

/** Where the originals of an export go. */
export interface Originals {
  /** Writes an original and returns its path in the export; nothing for an item without one. */
  write: (row: StoredOriginal) => Promise<string | undefined>
  count: () => { total: number; written: number }
}

interface Sources {
  originals: Originals
  tagsOf: (ids: readonly number[]) => Promise<Map<number, string[]>>
}

/**
 * The lines of all items. Most go out in the order of their numbers; one that names an item with a higher number
 * waits until that one is out.
 */
export async function* itemLines(db: Db, bounds: Bounds, sources: Sources): AsyncGenerator<object> {
  let waiting = new Set<number>()
  for await (const page of itemPages(db, bounds)) {
    const ready: ItemRow[] = []
    for (const row of page) {
      const mustWait = targetsOf(row).some((id) => id > row.id || waiting.has(id))
      if (mustWait) waiting.add(row.id)
      else ready.push(row)
    }
    yield* linesOf(db, ready, sources)
  }
  while (waiting.size > 0) {
    const still = new Set<number>()
    const ids = [...waiting]
    for (let at = 0; at < ids.length; at += 500) {
      const rows = await itemsById(db, ids.slice(at, at + 500))
      const ready = rows.filter((row) => targetsOf(row).every((id) => !waiting.has(id) && id <= bounds.item))
      yield* linesOf(db, ready, sources)
      const out = new Set(ready.map(({ id }) => id))
      for (const row of rows) if (!out.has(row.id)) still.add(row.id)
    }
    if (still.size === waiting.size) {
      yield* withoutTargets(db, [...still], sources)
      return
    }
    waiting = still
  }
}

const targetsOf = ({ rebound_of, merged_into }: ItemRow) =>
  [rebound_of, merged_into].filter((id) => id !== null)

/** Items that name each other in a circle, or something newer than the export: each tells less rather than nothing. */
async function* withoutTargets(db: Db, ids: readonly number[], sources: Sources): AsyncGenerator<object> {
  for (let at = 0; at < ids.length; at += 500) {
    const rows = await itemsById(db, ids.slice(at, at + 500))
    const bare = rows.map((row) => ({
      ...row,
      rebound_of: null,
      merged_into: null,
      visibility: row.visibility === 'merged' ? ('removed' as const) : row.visibility,
    }))
    yield* linesOf(db, bare, sources)
  }
}

async function* linesOf(
  db: Db,
  rows: readonly ItemRow[],
  { originals, tagsOf }: Sources,
): AsyncGenerator<object> {
  if (rows.length === 0) return
  const tags = await tagsOf(rows.map(({ id }) => id))
  const texts = await textsOf(
    db,
    rows.map(({ id }) => id),
  )
  const logins = await loginsOf(
    db,
    rows.flatMap(({ owner_id, team_id }) => (team_id === null ? [owner_id] : [owner_id, team_id])),
  )
  for (const row of rows) {
    const media = await writeOriginal(db, row, originals)
    if (media === 'gone') continue
    yield itemLine(row, {
      owner: logins.get(row.owner_id) ?? '',
      team: row.team_id === null ? undefined : logins.get(row.team_id),
      tags: tags.get(row.id),
      media,
      text: texts.get(row.id),
    })
  }
}

/** An original may be missing because its item was deleted since the row was read; otherwise it is an error. */
async function writeOriginal(db: Db, row: ItemRow, originals: Originals): Promise<string | undefined> {
  try {
    return await originals.write(row)
  } catch (error) {
    if ((await itemsById(db, [row.id])).length === 0) return 'gone'
    throw error
  }
}
