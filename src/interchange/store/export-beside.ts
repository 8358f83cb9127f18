import type { Db } from '../../database/open.ts'
import { grouped } from '../../library/store/grouped.ts'
import { pageRows, pages, type Bounds } from './export.ts'

type RowOf<T extends (...given: never[]) => Promise<unknown[]>> = Awaited<ReturnType<T>>[number]

export interface PastZone {
  account_id: number
  time_zone: string
  until_ms: number
}

export async function pastZonesOf(db: Db, accountIds: readonly number[]): Promise<Map<number, PastZone[]>> {
  const rows = await db
    .selectFrom('past_time_zone')
    .selectAll()
    .where('account_id', 'in', accountIds)
    .orderBy('account_id')
    .orderBy('until_ms')
    .execute()
  return grouped(rows, ({ account_id }) => account_id)
}

/** What searches find in items besides what people wrote about them. */
export async function textsOf(db: Db, itemIds: readonly number[]): Promise<Map<number, string>> {
  const rows = await db.selectFrom('item_text').selectAll().where('item_id', 'in', itemIds).execute()
  return new Map(rows.map(({ item_id, text }) => [item_id, text]))
}

/** Who liked comments, in the order of time. */
export async function likesOfComments(db: Db, commentIds: readonly number[], { account }: Bounds) {
  const rows = await db
    .selectFrom('comment_like')
    .innerJoin('account', 'account.id', 'comment_like.account_id')
    .select(['comment_like.comment_id', 'comment_like.created_ms', 'account.login'])
    .where('comment_like.comment_id', 'in', commentIds)
    .where('comment_like.account_id', '<=', account)
    .orderBy('comment_like.id')
    .execute()
  return grouped(rows, ({ comment_id }) => comment_id)
}

export function invitationsOf(db: Db, collectionId: number, { account }: Bounds) {
  return db
    .selectFrom('invitation')
    .innerJoin('account', 'account.id', 'invitation.account_id')
    .innerJoin('account as by', 'by.id', 'invitation.invited_by')
    .select(['account.login', 'by.login as by', 'invitation.access', 'invitation.created_ms'])
    .where('collection_id', '=', collectionId)
    .where('invitation.account_id', '<=', account)
    .where('invitation.invited_by', '<=', account)
    .orderBy('account.id')
    .execute()
}

/** Blocks, in the order of the accounts that block. */
export async function* blocks(db: Db, { account }: Bounds) {
  const blocking = pages(
    0,
    (row: { account_id: number }) => row.account_id,
    (after) =>
      db
        .selectFrom('block')
        .select('account_id')
        .distinct()
        .where('account_id', '>', after)
        .where('account_id', '<=', account)
        .orderBy('account_id')
        .limit(pageRows)
        .execute(),
  )
  for await (const page of blocking)
    for (const { account_id } of page)
      yield* await db
        .selectFrom('block')
        .innerJoin('account', 'account.id', 'block.account_id')
        .innerJoin('account as target', 'target.id', 'block.blocked_id')
        .select(['account.login', 'target.login as target', 'block.created_ms'])
        .where('account_id', '=', account_id)
        .where('blocked_id', '<=', account)
        .orderBy('blocked_id')
        .execute()
}

/** Tags of which something is said, and those that no item tells of. */
export function tagFactPages(db: Db) {
  const find = (after: string) =>
    db
      .selectFrom('tag')
      .select(['name', 'category', 'description', 'short_description'])
      .where('name', '>', after)
      .where((eb) =>
        eb.or([
          eb('items_count', '=', 0),
          eb('category', 'is not', null),
          eb('description', 'is not', null),
          eb('short_description', 'is not', null),
        ]),
      )
      .orderBy('name')
      .limit(pageRows)
      .execute()
  return pages('', (row: RowOf<typeof find>) => row.name, find)
}

/** Filters of people; those of the installation are part of the program. */
export function filterPages(db: Db, { account }: Bounds) {
  const find = (after: number) =>
    db
      .selectFrom('filter')
      .innerJoin('account', 'account.id', 'filter.owner_id')
      .selectAll('filter')
      .select('account.login')
      .where('filter.id', '>', after)
      .where('filter.system', '=', 0)
      .where('account.id', '<=', account)
      .orderBy('filter.id')
      .limit(pageRows)
      .execute()
  return pages(0, (row: RowOf<typeof find>) => row.id, find)
}

export async function namesOfTags(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('tag')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Accounts with settings, or with tags that they watch; what is not set is null. */
export function settingPages(db: Db, { account }: Bounds) {
  const find = (after: number) =>
    db
      .selectFrom('account')
      .leftJoin('account_setting', 'account_setting.account_id', 'account.id')
      .selectAll('account_setting')
      .select(['account.id', 'account.login'])
      .where('account.id', '>', after)
      .where('account.id', '<=', account)
      .where((eb) =>
        eb.or([
          eb('account_setting.account_id', 'is not', null),
          eb.exists(
            eb.selectFrom('tag_watch').select('tag_id').whereRef('tag_watch.account_id', '=', 'account.id'),
          ),
        ]),
      )
      .orderBy('account.id')
      .limit(pageRows)
      .execute()
  return pages(0, (row: RowOf<typeof find>) => row.id, find)
}

/** Attachments in the order of their ids, without those that could not be made ready. */
export function attachmentPages(db: Db, { item, account }: Bounds) {
  const find = (after: number) =>
    db
      .selectFrom('attachment')
      .innerJoin('item', 'item.id', 'attachment.item_id')
      .selectAll('attachment')
      .where('attachment.id', '>', after)
      .where('attachment.item_id', '<=', item)
      .where('item.owner_id', '<=', account)
      .where('attachment.state', '<>', 'failed')
      .orderBy('attachment.id')
      .limit(pageRows)
      .execute()
  return pages(0, (row: RowOf<typeof find>) => row.id, find)
}

/** Renditions of these names, which cannot be made again; with the size of their bytes. Pages are of whole items. */
export async function* keptRenditions(db: Db, names: readonly string[], { item, account }: Bounds) {
  const items = pages(
    0,
    (row: { item_id: number }) => row.item_id,
    (after) =>
      db
        .selectFrom('rendition')
        .innerJoin('item', 'item.id', 'rendition.item_id')
        .select('rendition.item_id')
        .distinct()
        .where('rendition.name', 'in', names)
        .where('rendition.item_id', '>', after)
        .where('rendition.item_id', '<=', item)
        .where('item.owner_id', '<=', account)
        .orderBy('rendition.item_id')
        .limit(pageRows)
        .execute(),
  )
  for await (const page of items)
    yield* await db
      .selectFrom('rendition')
      .innerJoin('blob', 'blob.sha256', 'rendition.blob_sha256')
      .select(['rendition.item_id', 'rendition.name', 'rendition.blob_sha256', 'rendition.format'])
      .select('blob.size_bytes')
      .where(
        'rendition.item_id',
        'in',
        page.map(({ item_id }) => item_id),
      )
      .where('rendition.name', 'in', names)
      .orderBy('rendition.item_id')
      .orderBy('rendition.name')
      .execute()
}

export function tagChangePages(db: Db, { item, account }: Bounds) {
  const find = (after: number) =>
    db
      .selectFrom('tag_change')
      .innerJoin('item', 'item.id', 'tag_change.item_id')
      .leftJoin('account', 'account.id', 'tag_change.account_id')
      .selectAll('tag_change')
      .select('account.login')
      .where('tag_change.id', '>', after)
      .where('tag_change.item_id', '<=', item)
      .where('item.owner_id', '<=', account)
      .orderBy('tag_change.id')
      .limit(pageRows)
      .execute()
  return pages(0, (row: RowOf<typeof find>) => row.id, find)
}

export function sourceChangePages(db: Db, { item, account }: Bounds) {
  const find = (after: number) =>
    db
      .selectFrom('source_change')
      .innerJoin('item', 'item.id', 'source_change.item_id')
      .leftJoin('account', 'account.id', 'source_change.account_id')
      .selectAll('source_change')
      .select('account.login')
      .where('source_change.id', '>', after)
      .where('source_change.item_id', '<=', item)
      .where('item.owner_id', '<=', account)
      .orderBy('source_change.id')
      .limit(pageRows)
      .execute()
  return pages(0, (row: RowOf<typeof find>) => row.id, find)
}

export function vacancyPages(db: Db, { account }: Bounds) {
  const find = (after: number) =>
    db
      .selectFrom('vacancy')
      .innerJoin('account', 'account.id', 'vacancy.account_id')
      .leftJoin('account as team', 'team.id', 'vacancy.team_id')
      .selectAll('vacancy')
      .select(['account.login', 'team.login as team'])
      .where('vacancy.id', '>', after)
      .where('vacancy.account_id', '<=', account)
      .orderBy('vacancy.id')
      .limit(pageRows)
      .execute()
  return pages(0, (row: RowOf<typeof find>) => row.id, find)
}
