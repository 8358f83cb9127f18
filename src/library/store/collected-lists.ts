import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import type { ItemKind } from '../../database/schema/items.ts'
import { listed, visibleTo } from '../access.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { ItemRow } from '../rows.ts'
import { cleanTagName } from '../tags.ts'
import type { Viewer } from '../viewer.ts'
import { readable } from './collections.ts'
import { sameHash } from './media-hashes.ts'
import { contains } from './text-match.ts'
import { totalOf } from './total-of.ts'

/** Which items; whatever is given must hold. */
export interface CollectedQuery {
  uids?: readonly string[]
  ownerId?: number
  /** A collection the viewer may see; below zero for a firehose. */
  collectionId?: number
  kinds?: readonly ItemKind[]
  /** All of them. */
  tags?: readonly string[]
  private?: boolean
  /** See `mediaHashesOf`. */
  hash?: string
  /** What came into the collections that the viewer watches, and from the accounts they follow; not their own. */
  watched?: boolean
  /** Of items that were brought over from another service, only these services' (`pinboard`, `twitter_fav` …). */
  backups?: 'none' | 'all' | readonly string[]
  /** Words, all of which stand in its title, its description, a tag or the text found in it. */
  words?: readonly string[]
}

type Builder = ExpressionBuilder<Schema, 'item'>

/** One page of what the viewer may see of them, newest first. */
export async function selectCollected(
  db: Db,
  viewer: Viewer,
  query: CollectedQuery,
  page: Page,
): Promise<Paged<ItemRow>> {
  if (query.uids?.length === 0 || query.kinds?.length === 0) return { rows: [], total: 0 }
  const matching = db.selectFrom('item').where((eb) => eb.and(conditions(db, eb, viewer, query)))
  const rows = await matching
    .selectAll()
    .orderBy('published_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(rows, page, () => totalOf(matching))
}

/** How many of each kind. A kind without any has no key. */
export async function countKinds(
  db: Db,
  viewer: Viewer,
  query: CollectedQuery,
): Promise<Map<ItemKind, number>> {
  const rows = await db
    .selectFrom('item')
    .select(({ fn }) => ['kind', fn.countAll<number>().as('total')])
    .where((eb) => eb.and(conditions(db, eb, viewer, query)))
    .groupBy('kind')
    .execute()
  return new Map(rows.map(({ kind, total }) => [kind, total]))
}

/** Low-profile items are left out of everybody's streams, but not where somebody asked for just these. */
function conditions(db: Db, eb: Builder, viewer: Viewer, query: CollectedQuery): Expression<SqlBool>[] {
  const own = query.ownerId !== undefined && query.ownerId === viewer.accountId
  const named = query.uids !== undefined || query.hash !== undefined || (query.collectionId ?? 0) > 0
  const all: Expression<SqlBool>[] =
    own || named
      ? [
          visibleTo(viewer),
          eb('item.visibility', 'in', ['public', 'private']),
          eb('item.published_ms', 'is not', null),
        ]
      : [listed()]
  if (query.uids) all.push(eb('item.uid', 'in', query.uids))
  if (query.kinds) all.push(eb('item.kind', 'in', query.kinds))
  if (query.ownerId !== undefined) all.push(eb('item.owner_id', '=', query.ownerId))
  if (query.private !== undefined) all.push(eb('item.visibility', '=', query.private ? 'private' : 'public'))
  if (query.hash !== undefined) all.push(sameHash(eb, query.hash))
  if (query.collectionId !== undefined) all.push(inCollection(eb, query.collectionId))
  if (query.watched) all.push(isWatched(db, eb, viewer))
  for (const tag of query.tags ?? []) all.push(carries(eb, cleanTagName(tag)))
  for (const word of query.words ?? []) all.push(speaksOf(eb, word))
  return [...all, ...backupConditions(eb, query.backups ?? 'all')]
}

function inCollection(eb: Builder, id: number): Expression<SqlBool> {
  if (id < 0) return eb('item.owner_id', '=', -id)
  const items = eb.selectFrom('collection_item').select('item_id').where('collection_id', '=', id)
  return eb('item.id', 'in', items)
}

function isWatched(db: Db, eb: Builder, viewer: Viewer): Expression<SqlBool> {
  const me = viewer.accountId ?? 0
  const watches = eb.selectFrom('watch').select('watch.collection_id').where('watch.account_id', '=', me)
  const items = eb
    .selectFrom('collection_item')
    .select('item_id')
    .where('collection_id', 'in', watches)
    .where('collection_id', 'in', readable(db, viewer).select('id'))
  const followed = eb.selectFrom('follow').select('followee_id').where('follower_id', '=', me)
  return eb.and([
    eb('item.owner_id', '<>', me),
    eb.or([eb('item.id', 'in', items), eb('item.owner_id', 'in', followed)]),
  ])
}

/** The tag, or the one that the name stands for. */
function carries(eb: Builder, name: string): Expression<SqlBool> {
  const tags = eb
    .selectFrom('tag')
    .select('tag.id')
    .where('tag.name', '=', name)
    .union(eb.selectFrom('tag_alias').select('target_id as id').where('tag_alias.name', '=', name))
  return eb('item.id', 'in', eb.selectFrom('item_tag').select('item_id').where('tag_id', 'in', tags))
}

function speaksOf(eb: Builder, word: string): Expression<SqlBool> {
  const texts = eb
    .selectFrom('item_text')
    .select('item_text.item_id')
    .whereRef('item_text.item_id', '=', 'item.id')
    .where(contains('item_text.text', word))
  const tags = eb
    .selectFrom('item_tag')
    .innerJoin('tag', 'tag.id', 'item_tag.tag_id')
    .select('item_tag.item_id')
    .whereRef('item_tag.item_id', '=', 'item.id')
    .where(contains('tag.name', word))
  return eb.or([
    contains('item.title', word),
    contains('item.description', word),
    eb.exists(tags),
    eb.exists(texts),
  ])
}

function backupConditions(
  eb: Builder,
  backups: NonNullable<CollectedQuery['backups']>,
): Expression<SqlBool>[] {
  if (backups === 'all') return []
  const none = eb('item.backup_of', 'is', null)
  if (backups === 'none' || backups.length === 0) return [none]
  return [eb.or([none, eb('item.backup_of', 'in', backups)])]
}
