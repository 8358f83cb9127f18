import { lockRows } from '../../library/store/ids.ts'
import type { LineOf } from '../format/lines.ts'
import { collectionsHere } from './here.ts'
import { msOf, noSuch, sift, type Step } from './step.ts'
import { insertFollows } from '../store/accounts.ts'
import { insertBlocks } from '../store/beside.ts'
import { addToCounts, logChanges } from '../store/bulk.ts'
import { insertWatches } from '../store/collections.ts'
import { accountsNamed } from '../store/names.ts'

/** Who follows whom. */
export async function importFollows(step: Step, lines: readonly LineOf<'follow'>[]): Promise<void> {
  const { db, startedAt } = step
  const known = await accountsNamed(
    db,
    lines.flatMap(({ value }) => [value.account, value.target]),
  )
  const follows = sift(step, lines, (value) => {
    const follower = known.get(value.account.toLowerCase())
    const followee = known.get(value.target.toLowerCase())
    if (!follower || !followee) return noSuch('account', follower ? value.target : value.account)
    if (follower.id === followee.id) return 'nobody can follow themselves'
    const created_ms = msOf(value.at) ?? startedAt.getTime()
    return { row: { follower_id: follower.id, followee_id: followee.id, created_ms } }
  })
  const made = await insertFollows(
    db,
    follows.map(({ row }) => row),
  )
  const fresh = new Set(made.map(({ follower_id, followee_id }) => `${follower_id} ${followee_id}`))
  for (const { row, line } of follows)
    if (!fresh.has(`${row.follower_id} ${row.followee_id}`)) step.present.add(line.number)

  const counts = new Map<number, [number, number]>()
  const count = (id: number, followers: number, followings: number) => {
    const [some, others] = counts.get(id) ?? [0, 0]
    counts.set(id, [some + followers, others + followings])
  }
  for (const { follower_id, followee_id } of made) {
    count(followee_id, 1, 0)
    count(follower_id, 0, 1)
  }
  await lockRows(db, 'account', [...counts.keys()])
  await addToCounts(db, 'account', ['followers_count', 'followings_count'], counts)
  await logChanges(
    db,
    startedAt,
    made.map(({ id }) => ({ noun: 'follow', id, op: 'create' })),
  )
}

/** Who wants nothing to do with whom. */
export async function importBlocks(step: Step, lines: readonly LineOf<'block'>[]): Promise<void> {
  const { db, startedAt } = step
  const known = await accountsNamed(
    db,
    lines.flatMap(({ value }) => [value.account, value.target]),
  )
  const blocks = sift(step, lines, (value) => {
    const account = known.get(value.account.toLowerCase())
    const target = known.get(value.target.toLowerCase())
    if (!account || !target) return noSuch('account', account ? value.target : value.account)
    if (account.id === target.id) return 'nobody can block themselves'
    const created_ms = msOf(value.at) ?? startedAt.getTime()
    return { row: { account_id: account.id, blocked_id: target.id, created_ms } }
  })
  const made = await insertBlocks(
    db,
    blocks.map(({ row }) => row),
  )
  const fresh = new Set(made.map(({ account_id, blocked_id }) => `${account_id} ${blocked_id}`))
  for (const { row, line } of blocks)
    if (!fresh.has(`${row.account_id} ${row.blocked_id}`)) step.present.add(line.number)
  await logChanges(
    db,
    startedAt,
    made.map(({ account_id }) => ({ noun: 'account', id: account_id, op: 'change' })),
  )
}

/** Who wants to hear of what comes into a collection. */
export async function importWatches(step: Step, lines: readonly LineOf<'watch'>[]): Promise<void> {
  const { db, startedAt } = step
  const known = await accountsNamed(
    db,
    lines.map(({ value }) => value.account),
  )
  const collections = await collectionsHere(
    step,
    lines.map(({ value }) => value.target),
  )
  const watches = sift(step, lines, (value) => {
    const account = known.get(value.account.toLowerCase())
    const collection = collections.get(value.target)
    if (!account) return noSuch('account', value.account)
    if (!collection) return noSuch('collection', value.target)
    const created_ms = msOf(value.at) ?? startedAt.getTime()
    return { row: { collection_id: collection.id, account_id: account.id, created_ms } }
  })
  const made = await insertWatches(
    db,
    watches.map(({ row }) => row),
  )
  const fresh = new Set(made.map(({ collection_id, account_id }) => `${collection_id} ${account_id}`))
  for (const { row, line } of watches)
    if (!fresh.has(`${row.collection_id} ${row.account_id}`)) step.present.add(line.number)
  await logChanges(
    db,
    startedAt,
    made.map(({ collection_id }) => ({ noun: 'collection', id: collection_id, op: 'change' })),
  )
}
