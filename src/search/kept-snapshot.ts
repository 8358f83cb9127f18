import { createHash } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Db } from '../database/open.ts'
import type { Catalogue, CatalogueOptions } from './catalogue/catalogue.ts'
import { readSnapshot, writeSnapshot } from './catalogue/snapshot.ts'
import { FACTS_VERSION } from './item-facts.ts'

/** The catalogue as a file of the data folder, with a note beside it that says which library it is of. */
const FILE = 'catalogue.snapshot'
const NOTE = 'catalogue.json'

/**
 * Writes a catalogue that has followed the log up to an entry; the one before stays until all is written. Holds the
 * process up, about a second for a million items.
 */
export async function keepSnapshot(
  db: Db,
  folder: string,
  catalogue: Catalogue,
  lastChange: number,
): Promise<void> {
  const mark = await markOf(db, lastChange)
  if (mark === null) return
  writeSnapshot(join(folder, FILE), catalogue, lastChange)
  const draft = join(folder, `${NOTE}-${process.pid}`)
  writeFileSync(draft, JSON.stringify({ lastChange, mark }))
  renameSync(draft, join(folder, NOTE))
}

/**
 * The catalogue that was kept.
 *
 * @throws Error if there is none, it cannot be read, or it is of another library or another past of this one.
 */
export async function findSnapshot(
  db: Db,
  folder: string,
  options: CatalogueOptions,
): Promise<{ catalogue: Catalogue; lastChange: number }> {
  const note: unknown = JSON.parse(readFileSync(join(folder, NOTE), 'utf8'))
  const [lastChange, mark] = isNote(note) ? [note.lastChange, note.mark] : [0, '']
  if (mark !== (await markOf(db, lastChange))) throw new Error('The snapshot is of another library.')
  const found = readSnapshot(join(folder, FILE), options)
  if (found.lastChange !== lastChange) throw new Error('The snapshot and its note are of different times.')
  return found
}

function isNote(note: unknown): note is { lastChange: number; mark: string } {
  if (typeof note !== 'object' || note === null || !('lastChange' in note) || !('mark' in note)) return false
  return typeof note.lastChange === 'number' && typeof note.mark === 'string'
}

/** What tells one past from another: two libraries hardly have an equal entry in the same place. Null for none. */
async function markOf(db: Db, lastChange: number): Promise<string | null> {
  const entry = await db
    .selectFrom('change')
    .select(['id', 'at_ms', 'noun', 'noun_id', 'op'])
    .where('id', '<=', lastChange)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!entry) return null
  return createHash('sha256')
    .update(JSON.stringify([FACTS_VERSION, lastChange, entry]))
    .digest('hex')
}
