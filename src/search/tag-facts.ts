import { sql } from 'kysely'
import { engineOf } from '../database/engine.ts'
import type { Db } from '../database/open.ts'
import type { CatalogueTag } from './catalogue/facts.ts'
import { among } from './sql-texts.ts'
import { categoryOfTag, type TagCategory } from './tag-categories.ts'

/** A tag as searches keep it. */
export interface KnownTag extends CatalogueTag {
  category: TagCategory | null
}

/** Tags with all their names; those that are gone are left out. */
export async function readTags(db: Db, ids: readonly number[] | 'all'): Promise<KnownTag[]> {
  const engine = engineOf(db)
  const all = sql<boolean>`1 = 1`
  const { rows } = await sql<{ id: number; name: string; category: string | null }>`
    select id, name, category from tag
    where ${ids === 'all' ? all : among(engine, sql`id`, ids)} order by id`.execute(db)
  const { rows: others } = await sql<{ id: number; name: string }>`
    select target_id as id, name from tag_alias
    where ${ids === 'all' ? all : among(engine, sql`target_id`, ids)}`.execute(db)

  const aliases = new Map<number, string[]>()
  for (const { id, name } of others) {
    const own = aliases.get(id)
    if (own) own.push(name)
    else aliases.set(id, [name])
  }
  return rows.map(({ id, name, category }) => ({
    id,
    name,
    aliases: aliases.get(id) ?? [],
    category: categoryOfTag(name, category),
  }))
}

/** Items that have any of these tags. */
export async function itemsWithTag(db: Db, tagId: number): Promise<number[]> {
  const rows = await db.selectFrom('item_tag').select('item_id').where('tag_id', '=', tagId).execute()
  return rows.map(({ item_id }) => item_id)
}
