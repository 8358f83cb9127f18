import { sql, type Insertable, type Updateable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { gather, inPieces, numberTable } from './bulk.ts'
import { gatherNumbered } from './numbered.ts'

type New<T extends keyof Schema> = Insertable<Schema[T]>

/** Blocks that were not there yet. */
export function insertBlocks(
  db: Db,
  rows: readonly New<'block'>[],
): Promise<{ account_id: number; blocked_id: number }[]> {
  return gather(rows, (piece) =>
    db
      .insertInto('block')
      .values(piece)
      .onConflict((conflict) => conflict.doNothing())
      .returning(['account_id', 'blocked_id'])
      .execute(),
  )
}

export function insertPastZones(db: Db, rows: readonly New<'past_time_zone'>[]): Promise<void> {
  return inPieces(rows, (piece) =>
    db
      .insertInto('past_time_zone')
      .values(piece)
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  )
}

/** Those of the names that are tags. */
export async function knownTagNames(db: Db, names: readonly string[]): Promise<Set<string>> {
  const rows = await gather([...new Set(names)], (piece) =>
    db.selectFrom('tag').select('name').where('name', 'in', piece).execute(),
  )
  return new Set(rows.map(({ name }) => name))
}

/** What is said of a tag of which nothing was said; false when something was. */
export async function sayOfTag(
  db: Db,
  id: number,
  facts: Pick<Updateable<Schema['tag']>, 'category' | 'description' | 'short_description'>,
): Promise<boolean> {
  const changed = await db
    .updateTable('tag')
    .set(facts)
    .where('id', '=', id)
    .where('category', 'is', null)
    .where('description', 'is', null)
    .where('short_description', 'is', null)
    .returning('id')
    .execute()
  return changed.length > 0
}

/** Filters of people by owner, name and time: `id` of each that is there. */
export function filtersOfOwners(
  db: Db,
  ownerIds: readonly number[],
): Promise<{ id: number; owner_id: number | null; name: string; created_ms: number }[]> {
  return gather([...new Set(ownerIds)], (piece) =>
    db
      .selectFrom('filter')
      .select(['id', 'owner_id', 'name', 'created_ms'])
      .where('owner_id', 'in', piece)
      .execute(),
  )
}

export async function insertFilterRow(db: Db, row: New<'filter'>): Promise<number> {
  const { id } = await db.insertInto('filter').values(row).returning('id').executeTakeFirstOrThrow()
  return id
}

/** Filters of the installation among these numbers. */
export async function systemFilterIds(db: Db, ids: readonly number[]): Promise<Set<number>> {
  const rows = await gather([...new Set(ids)], (piece) =>
    db.selectFrom('filter').select('id').where('id', 'in', piece).where('system', '=', 1).execute(),
  )
  return new Set(rows.map(({ id }) => id))
}

/** Settings of accounts that had none. */
export function insertSettings(
  db: Db,
  rows: readonly New<'account_setting'>[],
): Promise<{ account_id: number }[]> {
  return gather(rows, (piece) =>
    db
      .insertInto('account_setting')
      .values(piece)
      .onConflict((conflict) => conflict.doNothing())
      .returning('account_id')
      .execute(),
  )
}

/** Watched tags that were not watched yet. */
export function insertTagWatches(
  db: Db,
  rows: readonly New<'tag_watch'>[],
): Promise<{ account_id: number }[]> {
  return gather(rows, (piece) =>
    db
      .insertInto('tag_watch')
      .values(piece)
      .onConflict((conflict) => conflict.doNothing())
      .returning('account_id')
      .execute(),
  )
}

export function vacanciesOf(
  db: Db,
  accountIds: readonly number[],
): Promise<{ account_id: number; title: string; url: string; created_ms: number }[]> {
  return gather([...new Set(accountIds)], (piece) =>
    db
      .selectFrom('vacancy')
      .select(['account_id', 'title', 'url', 'created_ms'])
      .where('account_id', 'in', piece)
      .execute(),
  )
}

export function insertVacancies(db: Db, rows: readonly New<'vacancy'>[]): Promise<{ id: number }[]> {
  return gatherNumbered(rows, (piece) => db.insertInto('vacancy').values(piece).returning('id').execute())
}

/** Invitations that were not there yet. */
export function insertInvitations(
  db: Db,
  rows: readonly New<'invitation'>[],
): Promise<{ collection_id: number; account_id: number }[]> {
  return gather(rows, (piece) =>
    db
      .insertInto('invitation')
      .values(piece)
      .onConflict((conflict) => conflict.doNothing())
      .returning(['collection_id', 'account_id'])
      .execute(),
  )
}

export function attachmentsOfItems(
  db: Db,
  itemIds: readonly number[],
): Promise<{ id: number; item_id: number; file_name: string; created_ms: number }[]> {
  return gather([...new Set(itemIds)], (piece) =>
    db
      .selectFrom('attachment')
      .select(['id', 'item_id', 'file_name', 'created_ms'])
      .where('item_id', 'in', piece)
      .execute(),
  )
}

export function insertAttachments(
  db: Db,
  rows: readonly New<'attachment'>[],
): Promise<{ id: number; state: 'processing' | 'ready' | 'failed' }[]> {
  return gatherNumbered(rows, (piece) =>
    db.insertInto('attachment').values(piece).returning(['id', 'state']).execute(),
  )
}

/** Renditions that were not there yet. */
export function insertRenditions(
  db: Db,
  rows: readonly New<'rendition'>[],
): Promise<{ item_id: number; name: string }[]> {
  return gather(rows, (piece) =>
    db
      .insertInto('rendition')
      .values(piece)
      .onConflict((conflict) => conflict.doNothing())
      .returning(['item_id', 'name'])
      .execute(),
  )
}

type Moment = Pick<New<'tag_change'>, 'item_id' | 'created_ms'>

/** What the histories of these items hold of these times already. */
export function tagChangesAt(db: Db, moments: readonly Moment[]) {
  return gather(moments, async (piece) => {
    const { rows } = await sql<Moment & Pick<New<'tag_change'>, 'tag_name' | 'added'>>`
      select change.item_id, change.created_ms, change.tag_name, change.added
      from ${atMoments(piece)} inner join tag_change as change
        on change.item_id = asked.column1 and change.created_ms = asked.column2`.execute(db)
    return rows
  })
}

export function sourceChangesAt(db: Db, moments: readonly Moment[]) {
  return gather(moments, async (piece) => {
    const { rows } = await sql<Moment & { old_source: string | null; new_source: string | null }>`
      select change.item_id, change.created_ms, change.old_source, change.new_source
      from ${atMoments(piece)} inner join source_change as change
        on change.item_id = asked.column1 and change.created_ms = asked.column2`.execute(db)
    return rows
  })
}

function atMoments(moments: readonly Moment[]) {
  const given = numberTable(moments.map(({ item_id, created_ms }) => [item_id, created_ms]))
  return sql`(select * from ${given} as given) as asked`
}

export function insertTagHistory(db: Db, rows: readonly New<'tag_change'>[]): Promise<void> {
  return inPieces(rows, (piece) => db.insertInto('tag_change').values(piece).execute())
}

export function insertSourceHistory(db: Db, rows: readonly New<'source_change'>[]): Promise<void> {
  return inPieces(rows, (piece) => db.insertInto('source_change').values(piece).execute())
}

export function insertCommentLikes(db: Db, rows: readonly New<'comment_like'>[]): Promise<void> {
  return inPieces(rows, (piece) =>
    db
      .insertInto('comment_like')
      .values(piece)
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  )
}

/** Counts the likes of comments that are new. */
export function countLikes(db: Db, commentIds: readonly number[]): Promise<void> {
  return inPieces(commentIds, (piece) =>
    db
      .updateTable('comment')
      .set({
        likes_count: sql`(select count(*) from comment_like where comment_like.comment_id = comment.id)`,
      })
      .where('id', 'in', piece)
      .execute(),
  )
}
