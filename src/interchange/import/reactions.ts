import { itemsHere } from './here.ts'
import type { LineOf } from '../format/lines.ts'
import { countRows, type CountName } from './stated-counts.ts'
import { msOf, noSuch, sift, type Step } from './step.ts'
import { logChanges } from '../store/bulk.ts'
import { countLikes, insertCommentLikes } from '../store/beside.ts'
import { accountsNamed } from '../store/names.ts'
import { takenIds } from '../store/numbered.ts'
import { commentsAt, insertComments, insertReactions, votesOf } from '../store/reactions.ts'

const countNames: Record<string, CountName> = { fave: 'faves', upvote: 'upvotes', downvote: 'downvotes' }
const opposite: Record<string, string> = { upvote: 'downvote', downvote: 'upvote' }

/** Faves, votes and hides. Nobody votes both ways: the vote that is here stays, the other is refused. */
export async function importReactions(step: Step, lines: readonly LineOf<'reaction'>[]): Promise<void> {
  const named = await whoAndWhat(step, lines)
  const rows = named.map(({ line: { value }, item, account }) => ({
    item_id: item.id,
    account_id: account.id,
    sort: value.sort,
    created_ms: msOf(value.at) ?? item.created_ms,
  }))
  const votes = await votesOf(
    step.db,
    rows.filter(({ sort }) => sort in opposite),
  )
  const nameOf = (row: { item_id: number; account_id: number; sort: string }) =>
    `${row.item_id} ${row.account_id} ${row.sort}`
  const cast = new Set(votes.map(nameOf))
  const good = rows.filter((row, at) => {
    const other = opposite[row.sort]
    if (other === undefined || !cast.has(nameOf({ ...row, sort: other }))) return true
    step.refused.set(named[at]?.line.number ?? 0, 'the account has voted the other way')
    return false
  })

  const made = await insertReactions(step.db, good)
  const fresh = new Set(made.map(nameOf))
  for (const [at, row] of rows.entries()) {
    const number = named[at]?.line.number ?? 0
    // Of two equal lines the first is the one that came in.
    if (!fresh.delete(nameOf(row)) && !step.refused.has(number)) step.present.add(number)
  }
  await countRows(
    step,
    made.map(({ item_id, sort }) => ({ itemId: item_id, name: countNames[sort] ?? null })),
  )
}

/** Comments. One of the same account, time and words is here already; without a time it has the item's. */
export async function importComments(step: Step, lines: readonly LineOf<'comment'>[]): Promise<void> {
  const rows = await commentRows(step, lines)
  const there = await commentsAt(
    step.db,
    rows.map(({ row }) => row),
  )
  const nameOf = (row: Omit<(typeof there)[number], 'id'>) =>
    `${row.item_id} ${row.account_id} ${row.created_ms} ${row.body}`
  const known = new Set(there.map(nameOf))
  const fresh = rows.filter(({ row, number }) => {
    const isNew = !known.has(nameOf(row))
    if (!isNew) step.present.add(number)
    known.add(nameOf(row))
    return isNew
  })

  const made = await insertComments(
    step.db,
    fresh.map(({ row }) => row),
  )
  const ids = new Map(made.map((row) => [nameOf(row), row.id]))
  const likes = fresh.flatMap(({ row, likes: some }) =>
    some.map((like) => ({ ...like, comment_id: ids.get(nameOf(row)) ?? 0 })),
  )
  await insertCommentLikes(step.db, likes)
  await countLikes(step.db, [...new Set(likes.map(({ comment_id }) => comment_id))])
  await countRows(
    step,
    fresh.map(({ row }) => ({ itemId: row.item_id, name: 'comments' })),
  )
  await logChanges(
    step.db,
    step.startedAt,
    made.map(({ id }) => ({ noun: 'comment', id, op: 'create' })),
  )
}

async function commentRows(step: Step, lines: readonly LineOf<'comment'>[]) {
  const named = await withLikers(step, await whoAndWhat(step, lines))
  const taken = await takenIds(
    step.db,
    'comment',
    named.flatMap(({ line }) => line.value.id ?? []),
  )
  return named.map(({ line: { number, value }, item, account, likes }) => {
    const created_ms = msOf(value.at) ?? item.created_ms
    const row = {
      ...(value.id === undefined || taken.has(value.id) ? {} : { id: value.id }),
      item_id: item.id,
      account_id: account.id,
      body: value.body,
      created_ms,
      updated_ms: msOf(value.updated_at) ?? created_ms,
    }
    return { number, row, likes }
  })
}

/** Who liked each comment; a line that names somebody who is not there is refused. */
async function withLikers<N extends { line: LineOf<'comment'> }>(step: Step, named: readonly N[]) {
  const accounts = await accountsNamed(
    step.db,
    named.flatMap(({ line }) => (line.value.likes ?? []).map(({ account }) => account)),
  )
  return named.flatMap((one) => {
    const { number, value } = one.line
    const likes = (value.likes ?? []).map(({ account, at }) => ({
      account_id: accounts.get(account.toLowerCase())?.id ?? 0,
      created_ms: msOf(at),
    }))
    const missing = likes.findIndex(({ account_id }) => account_id === 0)
    if (missing === -1) return [{ ...one, likes }]
    step.refused.set(number, noSuch('account', value.likes?.[missing]?.account ?? ''))
    return []
  })
}

/** The item and the account that each line names; lines that name what is not there are refused. */
async function whoAndWhat<T extends 'reaction' | 'comment'>(step: Step, lines: readonly LineOf<T>[]) {
  const accounts = await accountsNamed(
    step.db,
    lines.map(({ value }) => value.account),
  )
  const items = await itemsHere(
    step,
    lines.map(({ value }) => value.item),
  )
  return sift(step, lines, (value) => {
    const account = accounts.get(value.account.toLowerCase())
    const item = items.get(value.item)
    if (!item) return noSuch('item', value.item)
    return account ? { item, account } : noSuch('account', value.account)
  })
}
