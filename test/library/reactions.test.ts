import assert from 'node:assert/strict'
import {
  findReaction,
  reactionsAmong,
  reactionsBy,
  reactionsOf,
  setReaction,
} from '../../src/library/reactions.ts'
import { itemById } from '../../src/library/store/items.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench, page, refused, type Bench } from './gathering.ts'

const counts = async ({ ctx }: Bench, id: number) => {
  const item = await itemById(ctx.db, id)
  return [item?.faves_count, item?.upvotes_count, item?.downvotes_count]
}

onEachDatabase('a reaction set twice is one, and taken back twice is none', async (database) => {
  const bench = await openBench(database)
  const { ctx } = bench
  const ada = await bench.person('ada')
  const item = await bench.item(ada)
  const first = await setReaction(ctx, ada, item, { sort: 'fave', on: true })
  bench.clock.advance(5)
  assert.deepEqual(await setReaction(ctx, ada, item, { sort: 'fave', on: true }), first)
  assert.deepEqual(await findReaction(ctx.db, item, ada.accountId, 'fave'), first)
  assert.deepEqual(await counts(bench, item), [1, 0, 0])
  assert.equal(await setReaction(ctx, ada, item, { sort: 'fave', on: false }), null)
  assert.equal(await setReaction(ctx, ada, item, { sort: 'fave', on: false }), null)
  assert.deepEqual(await counts(bench, item), [0, 0, 0])
})

// "Voting the other way replaces the vote"; "Faving also upvotes; unfaving keeps the vote"
onEachDatabase('an upvote replaces a downvote and the reverse', async (database) => {
  const bench = await openBench(database)
  const { ctx } = bench
  const ada = await bench.person('ada')
  const item = await bench.item(ada)
  await setReaction(ctx, ada, item, { sort: 'downvote', on: true })
  assert.deepEqual(await counts(bench, item), [0, 0, 1])
  await setReaction(ctx, ada, item, { sort: 'upvote', on: true })
  assert.deepEqual(await counts(bench, item), [0, 1, 0])
  await setReaction(ctx, ada, item, { sort: 'downvote', on: true })
  const fave = await setReaction(ctx, ada, item, { sort: 'fave', on: true, faveUpvotes: true })
  assert.equal(fave?.sort, 'fave')
  assert.deepEqual(await counts(bench, item), [1, 1, 0])
  await setReaction(ctx, ada, item, { sort: 'fave', on: false, faveUpvotes: true })
  await setReaction(ctx, ada, item, { sort: 'hide', on: true })
  assert.deepEqual(await counts(bench, item), [0, 1, 0])
  const mine = (await reactionsAmong(ctx.db, ada.accountId, [item])).get(item)
  assert.deepEqual(
    mine?.map(({ sort }) => sort),
    ['upvote', 'hide'],
  )
})

onEachDatabase('reactions are listed with their own id and date', async (database) => {
  const { ctx, clock, person, item } = await openBench(database)
  const ada = await person('ada')
  const bob = await person('bob')
  const shown = await item(ada)
  const quiet = await item(ada, { low_profile: 1 })
  const secret = await item(ada, { visibility: 'private' })
  for (const id of [shown, quiet, secret]) {
    clock.advance(1)
    await setReaction(ctx, ada, id, { sort: 'fave', on: true })
  }
  const latest = await setReaction(ctx, bob, shown, { sort: 'fave', on: true })
  const of = await reactionsOf(ctx, ANONYMOUS, { itemId: shown, sort: 'fave' }, page)
  assert.deepEqual([of.rows.map(({ account }) => account.login), of.total], [['bob', 'ada'], 2])
  assert.deepEqual([of.rows[0]?.id, of.rows[0]?.created_ms], [latest?.id, latest?.created_ms])

  const ids = async (viewer: typeof ANONYMOUS) => {
    const { rows, total } = await reactionsBy(ctx, viewer, { accountId: ada.accountId, sort: 'fave' }, page)
    assert.equal(total, rows.length)
    return rows.map((row) => row.item.id)
  }
  assert.deepEqual(await ids(bob), [shown], 'others see what is listed')
  assert.deepEqual(await ids(ada), [secret, quiet, shown], 'one’s own list is whole')
  await refused(reactionsOf(ctx, bob, { itemId: secret, sort: 'fave' }, page), {
    kind: 'not_found',
    what: 'item',
  })
})

onEachDatabase('nobody reacts to what they may not see', async (database) => {
  const { ctx, person, item } = await openBench(database)
  const ada = await person('ada')
  const bob = await person('bob')
  const secret = await item(ada, { visibility: 'private' })
  await refused(setReaction(ctx, bob, secret, { sort: 'fave', on: true }), { kind: 'not_found' })
  await refused(setReaction(ctx, bob, 999, { sort: 'fave', on: true }), { kind: 'not_found' })
  await refused(setReaction(ctx, ANONYMOUS, secret, { sort: 'fave', on: true }), { kind: 'not_signed_in' })
})

onEachDatabase('counts of reactions stay right when everybody writes at once', async (database) => {
  const bench = await openBench(database)
  const { ctx } = bench
  const people = await Promise.all(['ada', 'bob', 'cyd'].map((login) => bench.person(login)))
  const [first] = people
  assert.ok(first)
  const item = await bench.item(first)
  const sorts = ['fave', 'upvote', 'downvote'] as const
  const work: Promise<unknown>[] = []
  for (let round = 0; round < 8; round += 1)
    for (const [at, one] of people.entries())
      for (const [number, sort] of sorts.entries())
        work.push(setReaction(ctx, one, item, { sort, on: (round + at + number) % 4 !== 0 }))
  await Promise.all(work)

  const rows = await ctx.db.selectFrom('reaction').selectAll().where('item_id', '=', item).execute()
  const stored = await counts(bench, item)
  const real = sorts.map((sort) => rows.filter((row) => row.sort === sort).length)
  assert.deepEqual(stored, real)
  for (const { accountId } of people) {
    const votes = rows.filter((row) => row.account_id === accountId && row.sort !== 'fave')
    assert.ok(votes.length <= 1, 'nobody votes both ways')
  }
})
