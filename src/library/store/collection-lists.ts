import type { ExpressionBuilder } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { visibleTo } from '../access.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { AccountRow, CollectionRow } from '../rows.ts'
import type { Viewer } from '../viewer.ts'
import { readable, type CollectionKind } from './collections.ts'
import { totalOf } from './total-of.ts'

/** Which collections; whatever is given must hold. */
export interface CollectionListQuery {
  /** Those of an account: of somebody else's only public ones, of the viewer's own also those they work on. */
  of?: number
  kind?: CollectionKind
  private?: boolean
  /** Holding one or more of these. */
  itemIds?: readonly number[]
  /** Watched by the viewer. */
  watched?: boolean
  notable?: boolean
  /** Public ones of the accounts that the viewer follows. */
  recommended?: boolean
}

/** One page of those the viewer may see, newest first. */
export async function selectCollections(
  db: Db,
  viewer: Viewer,
  query: CollectionListQuery,
  page: Page,
): Promise<Paged<CollectionRow>> {
  if (query.itemIds?.length === 0) return { rows: [], total: 0 }
  const me = viewer.accountId ?? 0
  const matching = readable(db, viewer)
    .$if(query.of !== undefined, (qb) => qb.where((eb) => ofAccount(eb, query.of ?? 0, me)))
    .$if(query.kind !== undefined, (qb) => qb.where('kind', '=', query.kind ?? 'collection'))
    .$if(query.private !== undefined, (qb) => qb.where('private', '=', query.private ? 1 : 0))
    .$if(query.notable === true, (qb) => qb.where('notable', '=', 1).where('private', '=', 0))
    .$if(query.itemIds !== undefined, (qb) =>
      qb.where('id', 'in', (eb) =>
        eb
          .selectFrom('collection_item')
          .select('collection_id')
          .where('item_id', 'in', query.itemIds ?? []),
      ),
    )
    .$if(query.watched === true, (qb) =>
      qb.where('id', 'in', (eb) =>
        eb.selectFrom('watch').select('collection_id').where('account_id', '=', me),
      ),
    )
    .$if(query.recommended === true, (qb) =>
      qb
        .where('private', '=', 0)
        .where('owner_id', 'in', (eb) =>
          eb.selectFrom('follow').select('followee_id').where('follower_id', '=', me),
        ),
    )
  const rows = await matching
    .selectAll()
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(rows, page, () => totalOf(matching))
}

function ofAccount(eb: ExpressionBuilder<Schema, 'collection'>, of: number, me: number) {
  if (of !== me) return eb.and([eb('owner_id', '=', of), eb('private', '=', 0)])
  const shared = eb.selectFrom('collaborator').select('collection_id').where('account_id', '=', me)
  return eb.or([eb('owner_id', '=', me), eb('id', 'in', shared)])
}

/** The accounts whose firehoses belong to such a list. */
export async function firehoseOwners(
  db: Db,
  viewer: Viewer,
  query: CollectionListQuery,
  page: Page,
): Promise<Paged<AccountRow>> {
  const me = viewer.accountId ?? 0
  const isNever = query.private === true || query.notable === true || query.recommended === true
  const isOther = query.kind !== undefined && query.kind !== 'collection'
  const narrows = query.of !== undefined || query.watched === true || query.itemIds !== undefined
  if (isNever || isOther || !narrows || query.itemIds?.length === 0) return { rows: [], total: 0 }
  const matching = db
    .selectFrom('account')
    .$if(query.of !== undefined, (qb) => qb.where('id', '=', query.of ?? 0))
    .$if(query.watched === true, (qb) =>
      qb.where('id', 'in', (eb) =>
        eb.selectFrom('follow').select('followee_id').where('follower_id', '=', me),
      ),
    )
    .$if(query.itemIds !== undefined, (qb) =>
      qb.where('id', 'in', (eb) =>
        eb
          .selectFrom('item')
          .select('item.owner_id')
          .where('item.id', 'in', query.itemIds ?? [])
          .where('item.visibility', '=', 'public')
          .where(visibleTo(viewer)),
      ),
    )
  const rows =
    page.limit > 0
      ? await matching.selectAll().orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute()
      : []
  return counted(rows, page, () => totalOf(matching))
}

export async function collectionByUid(db: Db, uid: string): Promise<CollectionRow | null> {
  const row = await db.selectFrom('collection').selectAll().where('uid', '=', uid).executeTakeFirst()
  return row ?? null
}

export async function collectionBySlug(db: Db, ownerId: number, slug: string): Promise<CollectionRow | null> {
  const row = await db
    .selectFrom('collection')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('slug', '=', slug)
    .executeTakeFirst()
  return row ?? null
}
