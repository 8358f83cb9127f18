import { sql, type Expression, type ExpressionBuilder, type SelectQueryBuilder, type SqlBool } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import type { ItemKind } from '../../database/schema/items.ts'
import { listed, visibleTo } from '../access.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { ItemRow } from '../rows.ts'
import type { Viewer } from '../viewer.ts'
import { totalOf } from './total-of.ts'

/** What an item has about it. */
export type Trait =
  | 'animated'
  | 'attachments'
  /** The first one of its owner that everybody may see. */
  | 'debut'
  | 'rebound'
  /** Somebody else rebounded it. */
  | 'rebounded'
  /** Of a team, or with one. */
  | 'team'

export type ItemOrder =
  | 'newest'
  | 'oldest'
  /** Most favourites first, then most comments. */
  | 'popular'
  | 'views'
  | 'comments'
  /** The order of the collection asked for. */
  | 'position'
  /** The last one liked first, where `likedBy` is asked for. */
  | 'liked'

/** Which items, in which order. Whatever is given must hold. */
export interface ItemQuery {
  ids?: readonly number[]
  ownerId?: number
  /** Items with the team, and items of the team's own account. */
  teamId?: number
  reboundOf?: number
  collectionId?: number
  likedBy?: number
  /** Items of the accounts that this one follows. */
  followedBy?: number
  tagId?: number
  kinds?: readonly ItemKind[]
  trait?: Trait
  publishedFrom?: Date
  publishedBefore?: Date
  /** Also those of the viewer's own that are scheduled. */
  includeUnpublished?: boolean
  order: ItemOrder
}

type Builder = ExpressionBuilder<Schema, 'item'>
type Query<O> = SelectQueryBuilder<Schema, 'item', O>

/** One page of items the viewer may see. Ties are broken by id, so that pages neither repeat nor miss an item. */
export async function selectItems(
  db: Db,
  viewer: Viewer,
  query: ItemQuery,
  page: Page,
): Promise<Paged<ItemRow>> {
  if (query.ids?.length === 0 || query.kinds?.length === 0) return { rows: [], total: 0 }
  const matching = db.selectFrom('item').where((eb) => eb.and(conditions(eb, viewer, query)))
  const rows = await ordered(matching.selectAll('item'), query)
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(rows, page, () => totalOf(matching))
}

/**
 * Low-profile items are left out of everybody's lists, but not of their owner's, nor of a list that somebody put
 * them on or that is reached through them (a collection, the rebounds of an item, one's own favourites).
 */
function isStream(viewer: Viewer, query: ItemQuery): boolean {
  if (query.ids || query.collectionId !== undefined || query.reboundOf !== undefined) return false
  if (viewer.role === 'admin' && viewer.accountId === null) return false
  const own = [query.ownerId, query.likedBy].some((id) => id !== undefined && id === viewer.accountId)
  return !own
}

function conditions(eb: Builder, viewer: Viewer, query: ItemQuery): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = isStream(viewer, query)
    ? [listed()]
    : [visibleTo(viewer), eb('item.visibility', 'in', ['public', 'private'])]
  if (!query.includeUnpublished) all.push(eb('item.published_ms', 'is not', null))
  if (query.ids) all.push(eb('item.id', 'in', query.ids))
  if (query.kinds) all.push(eb('item.kind', 'in', query.kinds))
  if (query.ownerId !== undefined) all.push(eb('item.owner_id', '=', query.ownerId))
  if (query.reboundOf !== undefined) all.push(eb('item.rebound_of', '=', query.reboundOf))
  if (query.publishedFrom) all.push(eb('item.published_ms', '>=', query.publishedFrom.getTime()))
  if (query.publishedBefore) all.push(eb('item.published_ms', '<', query.publishedBefore.getTime()))
  if (query.trait) all.push(hasTrait(eb, query.trait))
  return [...all, ...relations(eb, query)]
}

function relations(
  eb: Builder,
  { teamId, collectionId, likedBy, followedBy, tagId }: ItemQuery,
): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = []
  if (teamId !== undefined)
    all.push(eb.or([eb('item.team_id', '=', teamId), eb('item.owner_id', '=', teamId)]))
  if (collectionId !== undefined)
    all.push(
      eb(
        'item.id',
        'in',
        eb.selectFrom('collection_item').select('item_id').where('collection_id', '=', collectionId),
      ),
    )
  if (likedBy !== undefined)
    all.push(
      eb(
        'item.id',
        'in',
        eb
          .selectFrom('reaction')
          .select('item_id')
          .where('account_id', '=', likedBy)
          .where('sort', '=', 'fave'),
      ),
    )
  if (followedBy !== undefined)
    all.push(
      eb(
        'item.owner_id',
        'in',
        eb.selectFrom('follow').select('followee_id').where('follower_id', '=', followedBy),
      ),
    )
  if (tagId !== undefined)
    all.push(eb('item.id', 'in', eb.selectFrom('item_tag').select('item_id').where('tag_id', '=', tagId)))
  return all
}

function hasTrait(eb: Builder, trait: Trait): Expression<SqlBool> {
  switch (trait) {
    case 'animated':
      return eb('item.frames', '>', 1)
    case 'attachments':
      return eb('item.attachments_count', '>', 0)
    case 'rebound':
      return eb('item.rebound_of', 'is not', null)
    case 'team': {
      const teams = eb.selectFrom('account').select('account.id').where('account.kind', '=', 'team')
      return eb.or([eb('item.team_id', 'is not', null), eb('item.owner_id', 'in', teams)])
    }
    case 'rebounded':
      return sql<SqlBool>`item.rebounds_count > 0 and exists (select 1 from item as other
        where other.rebound_of = item.id and other.owner_id <> item.owner_id and ${publicAs('other')})`
    case 'debut':
      return sql<SqlBool>`not exists (select 1 from item as other where other.owner_id = item.owner_id
        and ${publicAs('other')}
        and (other.published_ms < item.published_ms
          or (other.published_ms = item.published_ms and other.id < item.id)))`
  }
}

/** `visibleTo` a stranger, for the table under another name. */
const publicAs = (alias: string) =>
  sql`${sql.ref(`${alias}.state`)} = 'ready' and ${sql.ref(`${alias}.visibility`)} = 'public'
    and ${sql.ref(`${alias}.published_ms`)} is not null`

function ordered<O>(query: Query<O>, asked: ItemQuery): Query<O> {
  const shown = asked.includeUnpublished
    ? sql<number>`coalesce(item.published_ms, item.scheduled_ms)`
    : sql.ref<number>('item.published_ms')
  switch (asked.order) {
    case 'newest':
      return query.orderBy(shown, 'desc').orderBy('item.id', 'desc')
    case 'oldest':
      return query.orderBy(shown).orderBy('item.id')
    case 'popular':
      return query
        .orderBy('item.faves_count', 'desc')
        .orderBy('item.comments_count', 'desc')
        .orderBy(shown, 'desc')
        .orderBy('item.id', 'desc')
    case 'views':
      return query.orderBy('item.views_count', 'desc').orderBy(shown, 'desc').orderBy('item.id', 'desc')
    case 'comments':
      return query.orderBy('item.comments_count', 'desc').orderBy(shown, 'desc').orderBy('item.id', 'desc')
    case 'position':
      return query.orderBy(placeIn(asked.collectionId ?? 0)).orderBy('item.id')
    case 'liked':
      return query.orderBy(likeBy(asked.likedBy ?? 0), 'desc').orderBy('item.id', 'desc')
  }
}

const placeIn = (collectionId: number) =>
  sql<number>`(select position from collection_item where collection_id = ${collectionId} and item_id = item.id)`
const likeBy = (accountId: number) =>
  sql<number>`(select reaction.id from reaction
    where reaction.item_id = item.id and reaction.sort = 'fave' and reaction.account_id = ${accountId})`
