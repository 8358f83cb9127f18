import type { Db } from '../../database/open.ts'
import type { AccountRow, CollectionRow, ItemRow } from '../../library/rows.ts'
import { grouped } from '../../library/store/grouped.ts'

/** Rows come in pages, so that memory does not grow with the library. */
export const pageRows = 500

/** Everything of `find`, page after page; `keyOf` names where the next page begins. */
export async function* pages<R, K>(
  first: K,
  keyOf: (row: R) => K,
  find: (after: K) => Promise<R[]>,
): AsyncGenerator<R[]> {
  let after = first
  for (;;) {
    const rows = await find(after)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageRows) return
    after = keyOf(last)
  }
}

/** The highest ids there are: what comes later, while an export runs, is not part of it. */
export interface Bounds {
  account: number
  item: number
  collection: number
}

export async function boundsOf(db: Db): Promise<Bounds> {
  const highest = async (table: keyof Bounds) => {
    const row = await db
      .selectFrom(table)
      .select((eb) => eb.fn.max('id').as('id'))
      .executeTakeFirst()
    return row?.id ?? 0
  }
  return {
    account: await highest('account'),
    item: await highest('item'),
    collection: await highest('collection'),
  }
}

export function accountPages(
  db: Db,
  kind: 'person' | 'team',
  { account }: Bounds,
): AsyncGenerator<AccountRow[]> {
  return pages(
    0,
    (row: AccountRow) => row.id,
    (after) =>
      db
        .selectFrom('account')
        .selectAll()
        .where('kind', '=', kind)
        .where('id', '>', after)
        .where('id', '<=', account)
        .orderBy('id')
        .limit(pageRows)
        .execute(),
  )
}

export interface MemberName {
  login: string
  created_ms: number
}

/** The members of teams, in the order of their numbers. */
export async function membersOf(
  db: Db,
  teamIds: readonly number[],
  { account }: Bounds,
): Promise<Map<number, MemberName[]>> {
  const rows = await db
    .selectFrom('membership')
    .innerJoin('account', 'account.id', 'membership.account_id')
    .select(['membership.team_id', 'account.login', 'membership.created_ms'])
    .where('membership.team_id', 'in', teamIds)
    .where('membership.account_id', '<=', account)
    .orderBy('account.id')
    .execute()
  return grouped(rows, ({ team_id }) => team_id)
}

export async function loginsOf(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const rows = await db.selectFrom('account').select(['id', 'login']).where('id', 'in', wanted).execute()
  return new Map(rows.map(({ id, login }) => [id, login]))
}

export function aliasPages(db: Db) {
  return pages(
    '',
    (row: { name: string; target: string }) => row.name,
    (after) =>
      db
        .selectFrom('tag_alias')
        .innerJoin('tag', 'tag.id', 'tag_alias.target_id')
        .select(['tag_alias.name', 'tag.name as target'])
        .where('tag_alias.name', '>', after)
        .orderBy('tag_alias.name')
        .limit(pageRows)
        .execute(),
  )
}

/** Tags that imply others, in the order of their names, with the names of those. */
export async function* implications(db: Db): AsyncGenerator<{ tag: string; implies: string[] }> {
  const tags = pages(
    '',
    (row: { id: number; name: string }) => row.name,
    (after) =>
      db
        .selectFrom('tag')
        .select(['id', 'name'])
        .where('name', '>', after)
        .where('id', 'in', (eb) => eb.selectFrom('tag_implication').select('tag_id'))
        .orderBy('name')
        .limit(pageRows)
        .execute(),
  )
  for await (const page of tags)
    for (const { id, name } of page) {
      const implied = await db
        .selectFrom('tag_implication')
        .innerJoin('tag', 'tag.id', 'tag_implication.implied_id')
        .select('tag.name')
        .where('tag_implication.tag_id', '=', id)
        .orderBy('tag.name')
        .execute()
      yield { tag: name, implies: implied.map((row) => row.name) }
    }
}

export function itemPages(db: Db, { item, account }: Bounds): AsyncGenerator<ItemRow[]> {
  return pages(
    0,
    (row: ItemRow) => row.id,
    (after) =>
      db
        .selectFrom('item')
        .selectAll()
        .where('id', '>', after)
        .where('id', '<=', item)
        .where('owner_id', '<=', account)
        .orderBy('id')
        .limit(pageRows)
        .execute(),
  )
}

export function itemsById(db: Db, ids: readonly number[]): Promise<ItemRow[]> {
  return db.selectFrom('item').selectAll().where('id', 'in', ids).orderBy('id').execute()
}

/** Rows with an id that name an item and an account of the export, in the order of their ids. */
export function reactionPages(db: Db, { item, account }: Bounds) {
  const find = (after: number) =>
    db
      .selectFrom('reaction')
      .innerJoin('account', 'account.id', 'reaction.account_id')
      .selectAll('reaction')
      .select('account.login')
      .where('reaction.id', '>', after)
      .where('reaction.item_id', '<=', item)
      .where('reaction.account_id', '<=', account)
      .orderBy('reaction.id')
      .limit(pageRows)
      .execute()
  return pages(0, (row: Awaited<ReturnType<typeof find>>[number]) => row.id, find)
}

export function commentPages(db: Db, { item, account }: Bounds) {
  const find = (after: number) =>
    db
      .selectFrom('comment')
      .innerJoin('account', 'account.id', 'comment.account_id')
      .selectAll('comment')
      .select('account.login')
      .where('comment.id', '>', after)
      .where('comment.item_id', '<=', item)
      .where('comment.account_id', '<=', account)
      .orderBy('comment.id')
      .limit(pageRows)
      .execute()
  return pages(0, (row: Awaited<ReturnType<typeof find>>[number]) => row.id, find)
}

export function followPages(db: Db, { account }: Bounds) {
  const find = (after: number) =>
    db
      .selectFrom('follow')
      .innerJoin('account as follower', 'follower.id', 'follow.follower_id')
      .innerJoin('account as followee', 'followee.id', 'follow.followee_id')
      .select(['follow.id', 'follow.created_ms', 'follower.login as follower', 'followee.login as followee'])
      .where('follow.id', '>', after)
      .where('follower.id', '<=', account)
      .where('followee.id', '<=', account)
      .orderBy('follow.id')
      .limit(pageRows)
      .execute()
  return pages(0, (row: Awaited<ReturnType<typeof find>>[number]) => row.id, find)
}

export function collectionPages(db: Db, { collection, account }: Bounds): AsyncGenerator<CollectionRow[]> {
  return pages(
    0,
    (row: CollectionRow) => row.id,
    (after) =>
      db
        .selectFrom('collection')
        .selectAll()
        .where('id', '>', after)
        .where('id', '<=', collection)
        .where('owner_id', '<=', account)
        .orderBy('id')
        .limit(pageRows)
        .execute(),
  )
}

/** The people who work on one collection, in the order of their numbers. */
export function collaboratorsOf(db: Db, collectionId: number) {
  return db
    .selectFrom('collaborator')
    .innerJoin('account', 'account.id', 'collaborator.account_id')
    .select(['account.login', 'collaborator.access', 'collaborator.created_ms'])
    .where('collection_id', '=', collectionId)
    .orderBy('account.id')
    .execute()
}

export function watchesOf(db: Db, collectionId: number) {
  return db
    .selectFrom('watch')
    .innerJoin('account', 'account.id', 'watch.account_id')
    .select(['account.login', 'watch.created_ms'])
    .where('collection_id', '=', collectionId)
    .orderBy('account.id')
    .execute()
}

export function entryPages(db: Db, collectionId: number, { item }: Bounds) {
  const find = (after: number) =>
    db
      .selectFrom('collection_item')
      .selectAll()
      .where('collection_id', '=', collectionId)
      .where('item_id', '>', after)
      .where('item_id', '<=', item)
      .orderBy('item_id')
      .limit(pageRows)
      .execute()
  return pages(0, (row: Awaited<ReturnType<typeof find>>[number]) => row.item_id, find)
}
