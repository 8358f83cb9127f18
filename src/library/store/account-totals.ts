import { expressionBuilder } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import { listed } from '../access.ts'

/** What an account has gathered, as far as a stranger may see it. */
export interface AccountTotals {
  items: number
  /** Faves it gave to items that are listed. */
  likes: number
  likesReceived: number
  commentsReceived: number
  reboundsReceived: number
  projects: number
  buckets: number
  teams: number
  members: number
  /** Items of the team itself and those that members put under its name. */
  teamItems: number
}

interface Tally {
  account: number
  total: number
}

/** Of an account that has gathered nothing. */
export const NO_TOTALS: AccountTotals = {
  items: 0,
  likes: 0,
  likesReceived: 0,
  commentsReceived: 0,
  reboundsReceived: 0,
  projects: 0,
  buckets: 0,
  teams: 0,
  members: 0,
  teamItems: 0,
}

/** Totals of many accounts with a constant number of queries; every id asked for has an entry. */
export async function accountTotals(
  db: Db,
  accountIds: readonly number[],
): Promise<Map<number, AccountTotals>> {
  const ids = [...new Set(accountIds)]
  const totals = new Map(ids.map((id) => [id, { ...NO_TOTALS }]))
  if (ids.length === 0) return totals

  const add = (name: keyof AccountTotals, tallies: readonly Tally[]) => {
    for (const { account, total } of tallies) {
      const of = totals.get(account)
      if (of) of[name] += total
    }
  }
  for (const row of await receivedBy(db, ids)) {
    add('items', [{ account: row.account, total: row.items }])
    add('likesReceived', [{ account: row.account, total: row.faves }])
    add('commentsReceived', [{ account: row.account, total: row.comments }])
  }
  add('likes', await likesBy(db, ids))
  add('reboundsReceived', await reboundsOf(db, ids))
  for (const { account, kind, total } of await collectionsOf(db, ids))
    if (kind === 'project' || kind === 'bucket') add(`${kind}s`, [{ account, total }])
  add('teams', await membershipsBy(db, 'account_id', ids))
  add('members', await membershipsBy(db, 'team_id', ids))
  add('teamItems', await itemsUnder(db, ids))
  return totals
}

function receivedBy(db: Db, ids: number[]) {
  return db
    .selectFrom('item')
    .select(({ fn }) => [
      'owner_id as account',
      fn.countAll<number>().as('items'),
      fn.sum<number>('faves_count').as('faves'),
      fn.sum<number>('comments_count').as('comments'),
    ])
    .where('owner_id', 'in', ids)
    .where(listed())
    .groupBy('owner_id')
    .execute()
}

function likesBy(db: Db, ids: number[]): Promise<Tally[]> {
  return db
    .selectFrom('reaction')
    .innerJoin('item', 'item.id', 'reaction.item_id')
    .select(({ fn }) => ['reaction.account_id as account', fn.countAll<number>().as('total')])
    .where('reaction.account_id', 'in', ids)
    .where('reaction.sort', '=', 'fave')
    .where(listed())
    .groupBy('reaction.account_id')
    .execute()
}

function reboundsOf(db: Db, ids: number[]): Promise<Tally[]> {
  return db
    .selectFrom('item')
    .innerJoin('item as parent', 'parent.id', 'item.rebound_of')
    .select(({ fn }) => ['parent.owner_id as account', fn.countAll<number>().as('total')])
    .where('parent.owner_id', 'in', ids)
    .where(listed())
    .where('parent.id', 'in', (eb) =>
      eb.selectFrom('item').select('item.id').where('owner_id', 'in', ids).where(listed()),
    )
    .groupBy('parent.owner_id')
    .execute()
}

function collectionsOf(db: Db, ids: number[]) {
  return db
    .selectFrom('collection')
    .select(({ fn }) => ['owner_id as account', 'kind', fn.countAll<number>().as('total')])
    .where('owner_id', 'in', ids)
    .where('private', '=', 0)
    .groupBy(['owner_id', 'kind'])
    .execute()
}

function membershipsBy(db: Db, column: 'account_id' | 'team_id', ids: number[]): Promise<Tally[]> {
  return db
    .selectFrom('membership')
    .select(({ fn }) => [`${column} as account` as const, fn.countAll<number>().as('total')])
    .where(column, 'in', ids)
    .groupBy(column)
    .execute()
}

/** An item of the team itself that also names the team counts once. */
async function itemsUnder(db: Db, ids: number[]): Promise<Tally[]> {
  const item = expressionBuilder<Schema, 'item'>()
  const own = await db
    .selectFrom('item')
    .innerJoin('account', 'account.id', 'item.owner_id')
    .select(({ fn }) => ['item.owner_id as account', fn.countAll<number>().as('total')])
    .where('item.owner_id', 'in', ids)
    .where('account.kind', '=', 'team')
    .where(listed())
    .groupBy('item.owner_id')
    .execute()
  const named = await db
    .selectFrom('item')
    .select(({ fn }) => ['team_id as account', fn.countAll<number>().as('total')])
    .where('team_id', 'in', ids)
    .where(item('owner_id', '!=', item.ref('team_id')))
    .where(listed())
    .groupBy('team_id')
    .execute()
  return [...own, ...named.flatMap(({ account, total }) => (account === null ? [] : [{ account, total }]))]
}
