import type { Db } from '../database/open.ts'
import type { AccountRow, CollectionRow } from './rows.ts'
import { accountById } from './store/accounts.ts'
import { accountByUidStart, publicItemCounts } from './store/firehoses.ts'

/**
 * The collection of all public items of an account. It has no row: its id is that of the account below zero, its uid
 * the beginning of the account's, and watching it is following the account. Nobody changes or deletes it.
 */
export const firehoseSlug = 'firehose'

export const isFirehose = ({ id }: Pick<CollectionRow, 'id'>): boolean => id < 0

/** The firehoses of accounts, in their order. */
export async function firehosesOf(db: Db, accounts: readonly AccountRow[]): Promise<CollectionRow[]> {
  const counts = await publicItemCounts(
    db,
    accounts.map(({ id }) => id),
  )
  return accounts.map((account) => ({
    id: -account.id,
    uid: account.uid.slice(0, 24),
    owner_id: account.id,
    kind: 'collection',
    title: 'Firehose',
    slug: firehoseSlug,
    description: null,
    private: 0,
    spoiler_warning: null,
    order_position_asc: 0,
    thumbnail_item_id: null,
    notable: 0,
    items_count: counts.get(account.id) ?? 0,
    created_ms: account.created_ms,
    updated_ms: account.updated_ms,
  }))
}

/** By the id that `firehosesOf` gave it. */
export async function firehoseById(db: Db, id: number): Promise<CollectionRow | null> {
  return firehoseFor(db, await accountById(db, -id))
}

export async function firehoseByUid(db: Db, uid: string): Promise<CollectionRow | null> {
  return firehoseFor(db, await accountByUidStart(db, uid))
}

async function firehoseFor(db: Db, account: AccountRow | null): Promise<CollectionRow | null> {
  const [firehose] = account ? await firehosesOf(db, [account]) : []
  return firehose ?? null
}
