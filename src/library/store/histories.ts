import type { Insertable, Selectable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { counted, type Page, type Paged } from '../page.ts'
import { replaceTags } from './tags.ts'
import { totalOf } from './total-of.ts'

export type TagChangeRow = Selectable<Schema['tag_change']>
export type SourceChangeRow = Selectable<Schema['source_change']>

/** Who changes an item, null for the installation itself, and when. */
export interface Author {
  by: number | null
  at: Date
}

/** A statement of more values than this is refused by the databases. */
const mostRows = 5000

/** Makes these the tags of an item that is there already, and keeps in its history which came and went. */
export async function changeTags(
  db: Db,
  { by, at }: Author,
  itemId: number,
  names: readonly string[],
): Promise<void> {
  const { added, removed } = await replaceTags(db, at, itemId, names)
  const row = { item_id: itemId, account_id: by, created_ms: at.getTime() }
  await insertTagChanges(db, [
    ...removed.map((tag_name) => ({ ...row, tag_name, added: 0 as const })),
    ...added.map((tag_name) => ({ ...row, tag_name, added: 1 as const })),
  ])
}

export async function insertTagChanges(
  db: Db,
  rows: readonly Insertable<Schema['tag_change']>[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += mostRows)
    await db
      .insertInto('tag_change')
      .values(rows.slice(at, at + mostRows))
      .execute()
}

/** Keeps the change of a source; nothing when it is the same. */
export async function keepSourceChange(
  db: Db,
  { by, at }: Author,
  itemId: number,
  source: { old: string | null; new: string | null },
): Promise<void> {
  if (source.old === source.new) return
  await db
    .insertInto('source_change')
    .values({
      item_id: itemId,
      account_id: by,
      old_source: source.old,
      new_source: source.new,
      created_ms: at.getTime(),
    })
    .execute()
}

/** One page of what became of an item's tags, newest first; `added` for those that came, or those that went. */
export async function tagChangesOf(
  db: Db,
  { itemId, added }: { itemId: number; added: boolean | null },
  page: Page,
): Promise<Paged<TagChangeRow>> {
  let matching = db.selectFrom('tag_change').where('item_id', '=', itemId)
  if (added !== null) matching = matching.where('added', '=', added ? 1 : 0)
  const rows = await matching
    .selectAll()
    .orderBy('created_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(rows, page, () => totalOf(matching))
}

/** The same of its source; `added` for changes to a source, or to none. */
export async function sourceChangesOf(
  db: Db,
  { itemId, added }: { itemId: number; added: boolean | null },
  page: Page,
): Promise<Paged<SourceChangeRow>> {
  let matching = db.selectFrom('source_change').where('item_id', '=', itemId)
  if (added !== null) matching = matching.where('new_source', added ? 'is not' : 'is', null)
  const rows = await matching
    .selectAll()
    .orderBy('created_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(rows, page, () => totalOf(matching))
}
