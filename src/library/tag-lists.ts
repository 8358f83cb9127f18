import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { categoryOfTag, splitTagName } from '../search/tag-categories.ts'
import { LibraryError } from './errors.ts'
import { fieldProblems, refuseProblems } from './fields.ts'
import type { Page, Paged } from './page.ts'
import { grouped } from './store/grouped.ts'
import { selectTags, tagRowsOfItems, tagsBeginning, tagsByNames, type TagRow } from './store/tag-lists.ts'
import { aliasesOfTags, aliasTarget, implicationsOfTags, type TagRef } from './store/tag-relations.ts'
import { tagById, tagByName } from './store/tags.ts'
import { cleanCommunityTag, inDisplayOrder, nameOfEncoded, nameOfSlug, tagSlug } from './tag-names.ts'
import { RATING_TAGS, TAG_NAMESPACES, type TagCategory } from './tag-rules.ts'

export type { TagRow } from './store/tag-lists.ts'
export type { TagRef } from './store/tag-relations.ts'

/** A tag with everything a face shows about it. */
export interface LoadedTag {
  /** Its id is 0 when the name is nothing but an alias. */
  tag: TagRow
  slug: string
  category: TagCategory | null
  namespace: string | null
  /** The whole name when there is no namespace. */
  nameInNamespace: string
  /** What it stands for, if it is only another name. */
  aliasOf: TagRef | null
  /** Its other names, A to Z. */
  aliases: string[]
  implies: TagRef[]
  impliedBy: TagRef[]
}

/**
 * A tag by slug, by its encoded name, or by id; in this order, since a name may be digits. Digits with a zero in front
 * are an id first. A name that is only an alias is found as itself, with `aliasOf`.
 *
 * @throws LibraryError `not_found`.
 */
export async function findTag(ctx: Pick<Context, 'db'>, ref: string | number): Promise<LoadedTag> {
  const row = typeof ref === 'number' ? await tagById(ctx.db, ref) : await tagMeant(ctx.db, ref)
  const [tag] = row ? await loadTags(ctx.db, [row]) : []
  if (!tag) throw new LibraryError({ kind: 'not_found', what: 'tag' })
  return tag
}

async function tagMeant(db: Db, ref: string): Promise<TagRow | null> {
  const id = /^\d{1,15}$/.test(ref) ? Number(ref) : null
  if (id !== null && ref.startsWith('0')) {
    const byId = await tagById(db, id)
    if (byId) return byId
  }
  const names = [nameOfSlug(ref), nameOfEncoded(ref), ref]
  for (const name of new Set([...names, ...names.map((one) => one.toLowerCase())])) {
    const tag = name.includes('\0') ? null : await tagNamed(db, name)
    if (tag) return tag
  }
  return id === null ? null : tagById(db, id)
}

async function tagNamed(db: Db, name: string): Promise<TagRow | null> {
  const row = await tagByName(db, name)
  const target = row ? null : await aliasTarget(db, name)
  if (!target) return row
  const blank = { category: null, description: null, short_description: null }
  return { id: 0, name, items_count: 0, created_ms: target.created_ms, ...blank }
}

/** Loads what belongs to the rows, in their order, with the same few queries for one row and for a thousand. */
export async function loadTags(db: Db, rows: readonly TagRow[]): Promise<LoadedTag[]> {
  const ids = rows.map(({ id }) => id)
  const current = await tagsByNames(
    db,
    rows.map(({ name }) => name),
  )
  const aliases = grouped(await aliasesOfTags(db, ids), ({ id }) => id)
  const implied = grouped(await implicationsOfTags(db, ids, 'implied'), ({ of }) => of)
  const implying = grouped(await implicationsOfTags(db, ids, 'implying'), ({ of }) => of)
  const refs = (list: readonly TagRef[] = []) => list.map(({ id, name }) => ({ id, name }))
  return rows.map((tag) => {
    const target = current.get(tag.name)
    return {
      tag,
      slug: tagSlug(tag.name),
      category: categoryOfTag(tag.name, tag.category),
      ...splitTagName(tag.name),
      aliasOf: target && target.id !== tag.id ? { id: target.id, name: target.name } : null,
      aliases: (aliases.get(tag.id) ?? []).map(({ alias }) => alias),
      implies: refs(implied.get(tag.id)),
      impliedBy: refs(implying.get(tag.id)),
    }
  })
}

export interface TagQuery {
  /** `*` stands for anything, `?` for one character; without either it is the whole name. */
  pattern?: string
  /** Only names that are aliases, or only the ratings. */
  only?: 'aliases' | 'ratings'
}

/** One page of tags, the most used first. @throws LibraryError `invalid` for a pattern out of all bounds. */
export async function listTags(
  ctx: Pick<Context, 'db'>,
  { pattern, only }: TagQuery,
  page: Page,
): Promise<Paged<LoadedTag>> {
  refuseProblems(fieldProblems('pattern', pattern, { most: 255 }))
  const wild = pattern?.match(/[*?]/g)?.length ?? 0
  // Each wildcard may start a search of its own inside the name.
  if (wild > 10) refuseProblems([{ field: 'pattern', problem: 'has too many wildcards (at most 10)' }])
  const query =
    pattern === undefined ? {} : wild > 0 ? { pattern } : { names: [pattern, pattern.toLowerCase()] }
  const names = only === 'ratings' ? { names: RATING_TAGS } : {}
  const { rows, total } = await selectTags(ctx.db, { ...query, ...names, aliases: only === 'aliases' }, page)
  return { rows: await loadTags(ctx.db, rows), total }
}

/**
 * Tags that somebody may be typing: a name, what follows a namespace, or an alias begins with it. The most used
 * first; none for less than three characters.
 */
export async function autocompleteTags(ctx: Pick<Context, 'db'>, term: string, limit = 5): Promise<TagRow[]> {
  const start = cleanCommunityTag(term.slice(0, 255))
  if (Array.from(start).length < 3) return []
  const starts = [start, ...[...TAG_NAMESPACES.keys()].map((namespace) => `${namespace}:${start}`)]
  return tagsBeginning(ctx.db, starts, limit)
}

/** The tags of many items, each list in display order. An item without tags has no key. */
export async function shownTags(
  ctx: Pick<Context, 'db'>,
  itemIds: readonly number[],
): Promise<Map<number, TagRow[]>> {
  const lists = await tagRowsOfItems(ctx.db, itemIds)
  return new Map([...lists].map(([id, tags]) => [id, inDisplayOrder(tags)]))
}
