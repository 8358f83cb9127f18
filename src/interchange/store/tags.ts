import type { Db } from '../../database/open.ts'
import { byCodePoint } from '../../library/code-points.ts'
import { impliedByNamespace } from '../../library/tag-rules.ts'
import { splitTagName } from '../../search/tag-categories.ts'
import { gather, inPieces, logChanges } from './bulk.ts'
import { insertPiece } from './statements.ts'

/** Ids of tags by name; unknown names become tags. */
export async function tagsNamed(db: Db, at: Date, names: readonly string[]): Promise<Map<string, number>> {
  const wanted = [...new Set(names)]
  const known = await knownTags(db, wanted)
  // In one order everywhere, so that two writers of the same names wait for each other and never in a circle.
  const unknown = wanted.filter((name) => !known.has(name)).toSorted(byCodePoint)
  if (unknown.length === 0) return known

  const made = await gather(unknown, (piece) =>
    db
      .insertInto('tag')
      .values(piece.map((name) => ({ name, created_ms: at.getTime() })))
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning('id')
      .execute(),
  )
  await logChanges(
    db,
    at,
    made.map(({ id }) => ({ noun: 'tag', id, op: 'create' })),
  )
  return new Map([...known, ...(await knownTags(db, unknown))])
}

async function knownTags(db: Db, names: readonly string[]): Promise<Map<string, number>> {
  const rows = await gather(names, (piece) =>
    db.selectFrom('tag').select(['id', 'name']).where('name', 'in', piece).execute(),
  )
  return new Map(rows.map(({ id, name }) => [name, id]))
}

export async function insertItemTags(
  db: Db,
  rows: readonly { item_id: number; tag_id: number }[],
): Promise<void> {
  await inPieces(rows, (piece) => insertPiece(db, 'item_tag', piece))
}

/** The name of the tag an alias stands for, by alias. */
export async function aliasTargets(db: Db, names: readonly string[]): Promise<Map<string, string>> {
  const rows = await gather(names, (piece) =>
    db
      .selectFrom('tag_alias')
      .innerJoin('tag', 'tag.id', 'tag_alias.target_id')
      .select(['tag_alias.name as alias', 'tag.name as target'])
      .where('tag_alias.name', 'in', piece)
      .execute(),
  )
  return new Map(rows.map(({ alias, target }) => [alias, target]))
}

export async function insertAliases(
  db: Db,
  rows: readonly { name: string; target_id: number; created_ms: number }[],
): Promise<void> {
  await gather(rows, (piece) => db.insertInto('tag_alias').values(piece).returning('name').execute())
}

/** Those that were not there yet. */
export function insertImplications(
  db: Db,
  rows: readonly { tag_id: number; implied_id: number; created_ms: number }[],
): Promise<{ tag_id: number; implied_id: number }[]> {
  return gather(rows, (piece) =>
    db
      .insertInto('tag_implication')
      .values(piece)
      .onConflict((conflict) => conflict.doNothing())
      .returning(['tag_id', 'implied_id'])
      .execute(),
  )
}

/** Those of the names that stand for another tag, or bring others along. */
export async function relatedNames(db: Db, names: readonly string[]): Promise<string[]> {
  const named = names.filter((name) => impliedByNamespace.has(splitTagName(name).namespace ?? ''))
  // Most libraries have neither, and then there is nothing to look for.
  const anyAlias = await db.selectFrom('tag_alias').select('target_id').limit(1).execute()
  const anyImplication = await db.selectFrom('tag_implication').select('tag_id').limit(1).execute()
  const aliases = anyAlias.length > 0 ? await aliasesAmong(db, names) : []
  const implying = anyImplication.length > 0 ? await implyingAmong(db, names) : []
  return [...new Set([...[...aliases, ...implying].map(({ name }) => name), ...named])]
}

function aliasesAmong(db: Db, names: readonly string[]): Promise<{ name: string }[]> {
  return gather(names, (piece) =>
    db.selectFrom('tag_alias').select('name').where('name', 'in', piece).execute(),
  )
}

function implyingAmong(db: Db, names: readonly string[]): Promise<{ name: string }[]> {
  return gather(names, (piece) =>
    db
      .selectFrom('tag')
      .select('name')
      .where('name', 'in', piece)
      .where('id', 'in', (eb) => eb.selectFrom('tag_implication').select('tag_id'))
      .execute(),
  )
}
