import { sql } from 'kysely'
import { engineOf } from '../../database/engine.ts'
import type { Db } from '../../database/open.ts'
import { invalid } from '../errors.ts'
import { limits } from '../limits.ts'
import { splitTagName } from '../../search/tag-categories.ts'
import { impliedByNamespace } from '../tag-rules.ts'
import { tagsByNames, type TagRow } from './tag-lists.ts'

export interface TagRef {
  id: number
  name: string
}

/**
 * Keeps relations of tags as they are until the end of the transaction, for whoever tags an item by them; and keeps
 * away everybody who tags, for whoever changes them. Otherwise an item could get the old name of a tag just after all
 * items got the new one. SQLite has one writer at a time anyway.
 */
export async function holdRelations(db: Db, to: 'read' | 'change'): Promise<void> {
  if (engineOf(db) === 'sqlite') return
  const mode = sql.raw(to === 'read' ? 'row share' : 'exclusive')
  await sql`lock table tag_alias, tag_implication in ${mode} mode`.execute(db)
}

/** The names that stand for others replaced by those, each once. */
export async function unaliased(db: Db, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return []
  const rows = await db
    .selectFrom('tag_alias')
    .innerJoin('tag', 'tag.id', 'tag_alias.target_id')
    .select(['tag_alias.name as alias', 'tag.name as target'])
    .where('tag_alias.name', 'in', names)
    .execute()
  const targets = new Map(rows.map(({ alias, target }) => [alias, target]))
  return [...new Set(names.map((name) => targets.get(name) ?? name))]
}

/**
 * The names with everything they bring along, and what that brings along in turn, each once. Circles do no harm.
 *
 * @throws LibraryError `invalid` when that is more than an item can hold.
 */
export async function withImplied(db: Db, names: readonly string[]): Promise<string[]> {
  const all = new Set(await unaliased(db, names))
  let fresh = [...all]
  while (fresh.length > 0) {
    const brought = [...(await impliedNames(db, fresh)), ...fresh.flatMap(ofNamespace)]
    fresh = (await unaliased(db, brought)).filter((name) => !all.has(name))
    for (const name of fresh) all.add(name)
    if (all.size > limits.tags) throw invalid('tags', `bring too many others along (at most ${limits.tags})`)
  }
  return [...all]
}

const ofNamespace = (name: string) => impliedByNamespace.get(splitTagName(name).namespace ?? '') ?? []

async function impliedNames(db: Db, names: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('tag_implication')
    .innerJoin('tag', 'tag.id', 'tag_implication.tag_id')
    .innerJoin('tag as implied', 'implied.id', 'tag_implication.implied_id')
    .select('implied.name')
    .where('tag.name', 'in', names)
    .execute()
  return rows.map(({ name }) => name)
}

/** The other names of tags, A to Z, keyed by the tag. */
export async function aliasesOfTags(
  db: Db,
  ids: readonly number[],
): Promise<{ id: number; alias: string }[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('tag_alias')
    .select(['target_id as id', 'name as alias'])
    .where('target_id', 'in', ids)
    .orderBy('name')
    .execute()
}

/** What tags bring along (`implied`) or are brought along by (`implying`), A to Z; `of` is the tag asked about. */
export async function implicationsOfTags(
  db: Db,
  ids: readonly number[],
  which: 'implied' | 'implying',
): Promise<(TagRef & { of: number })[]> {
  if (ids.length === 0) return []
  const [asked, other] =
    which === 'implied'
      ? (['tag_implication.tag_id', 'tag_implication.implied_id'] as const)
      : (['tag_implication.implied_id', 'tag_implication.tag_id'] as const)
  return db
    .selectFrom('tag_implication')
    .innerJoin('tag', 'tag.id', other)
    .select(['tag.id', 'tag.name', `${asked} as of`])
    .where(asked, 'in', ids)
    .orderBy('tag.name')
    .execute()
}

/** What a name stands for, or null. */
export async function aliasTarget(db: Db, name: string): Promise<TagRow | null> {
  const row = await db
    .selectFrom('tag_alias')
    .innerJoin('tag', 'tag.id', 'tag_alias.target_id')
    .selectAll('tag')
    .where('tag_alias.name', '=', name)
    .executeTakeFirst()
  return row ?? null
}

/**
 * Makes the name of a tag stand for another tag, with all that stood for it, and with what it brought along, was
 * brought along by and was watched as.
 */
export async function turnIntoAlias(db: Db, at: Date, from: TagRef, to: TagRef): Promise<void> {
  const created_ms = at.getTime()
  await db.updateTable('tag_alias').set({ target_id: to.id }).where('target_id', '=', from.id).execute()
  await db
    .insertInto('tag_alias')
    .values({ name: from.name, target_id: to.id, created_ms })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ target_id: to.id }))
    .execute()
  await sql`insert into tag_implication (tag_id, implied_id, created_ms)
    select ${to.id}, implied_id, created_ms from tag_implication
    where tag_id = ${from.id} and implied_id <> ${to.id} on conflict do nothing`.execute(db)
  await sql`insert into tag_implication (tag_id, implied_id, created_ms)
    select tag_id, ${to.id}, created_ms from tag_implication
    where implied_id = ${from.id} and tag_id <> ${to.id} on conflict do nothing`.execute(db)
  await db
    .deleteFrom('tag_implication')
    .where((eb) => eb.or([eb('tag_id', '=', from.id), eb('implied_id', '=', from.id)]))
    .execute()
  await sql`insert into tag_watch (account_id, tag_id, created_ms)
    select account_id, ${to.id}, created_ms from tag_watch where tag_id = ${from.id}
    on conflict do nothing`.execute(db)
  await db.deleteFrom('tag_watch').where('tag_id', '=', from.id).execute()
}

/** False when the name stood for nothing. */
export async function deleteAlias(db: Db, name: string): Promise<boolean> {
  const gone = await db.deleteFrom('tag_alias').where('name', '=', name).returning('name').execute()
  return gone.length > 0
}

export async function insertImplication(db: Db, at: Date, tag: TagRef, implied: TagRef): Promise<void> {
  await db
    .insertInto('tag_implication')
    .values({ tag_id: tag.id, implied_id: implied.id, created_ms: at.getTime() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** False when there was none. */
export async function deleteImplication(db: Db, tagId: number, impliedId: number): Promise<boolean> {
  const gone = await db
    .deleteFrom('tag_implication')
    .where('tag_id', '=', tagId)
    .where('implied_id', '=', impliedId)
    .returning('tag_id')
    .execute()
  return gone.length > 0
}

/** Ids of tags by exact name, aliases not followed. */
export async function tagsNamedExactly(db: Db, names: readonly string[]): Promise<Map<string, TagRef>> {
  const rows = await db.selectFrom('tag').select(['id', 'name']).where('name', 'in', names).execute()
  return new Map(rows.map((row) => [row.name, row]))
}

/** Ids of everything a tag brings along, itself included. */
export async function closureIds(db: Db, name: string): Promise<number[]> {
  const found = await tagsByNames(db, await withImplied(db, [name]))
  return [...new Set([...found.values()].map(({ id }) => id))]
}
