import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interactionsOf, scoreOf, setFave, setHide, setVote, wilsonScore } from '../../src/library/votes.ts'
import { itemById } from '../../src/library/store/items.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench, refused, type Bench, type Somebody } from './gathering.ts'

const tally = async ({ ctx }: Bench, id: number) => {
  const item = await itemById(ctx.db, id)
  assert.ok(item)
  return [item.upvotes_count, item.downvotes_count, item.faves_count, scoreOf(item)]
}
const sorts = async ({ ctx }: Bench, who: Somebody, ids: number[]) =>
  (await interactionsOf(ctx, who, ids)).map(({ item_id, sort }) => `${item_id} ${sort}`)

// "Faving also upvotes; unfaving keeps the vote. Voting the other way replaces the vote."
onEachDatabase('votes replace each other, and a fave brings an upvote along', async (at) => {
  const bench = await openBench(at)
  const { ctx } = bench
  const [ada, bob] = [await bench.person('ada'), await bench.person('bob')]
  const item = await bench.item(ada)
  await setVote(ctx, ada, item, 'down')
  await setVote(ctx, ada, item, 'down')
  assert.deepEqual(await tally(bench, item), [0, 1, 0, -1])
  await setFave(ctx, ada, item, true)
  assert.deepEqual(await tally(bench, item), [1, 0, 1, 1])
  await setVote(ctx, bob, item, 'up')
  await setFave(ctx, ada, item, false)
  assert.deepEqual(await tally(bench, item), [2, 0, 0, 2])
  await setFave(ctx, ada, item, true)
  await setVote(ctx, ada, item, 'down')
  assert.deepEqual(await tally(bench, item), [1, 1, 1, 0])
  await setVote(ctx, ada, item, null)
  await setVote(ctx, ada, item, null)
  assert.deepEqual(await tally(bench, item), [1, 0, 1, 1])
  assert.deepEqual(await sorts(bench, ada, [item]), [`${item} fave`])
})

onEachDatabase('people see their own interactions, with many items at once', async (at) => {
  const bench = await openBench(at)
  const { ctx } = bench
  const [ada, bob] = [await bench.person('ada'), await bench.person('bob')]
  const [one, two, three] = [await bench.item(ada), await bench.item(ada), await bench.item(ada)]
  await setVote(ctx, ada, two, 'up')
  await setFave(ctx, ada, one, true)
  await setHide(ctx, ada, two, true)
  await setVote(ctx, bob, three, 'down')
  await setHide(ctx, ada, three, true)
  await setHide(ctx, ada, three, false)
  const found = await sorts(bench, ada, [one, two, three])
  assert.deepEqual(
    found.toSorted(),
    [`${one} fave`, `${one} upvote`, `${two} hide`, `${two} upvote`].toSorted(),
  )
  assert.equal(found[0], `${two} upvote`, 'in the order in which they came about')
  assert.deepEqual(await sorts(bench, ada, [three]), [])
  assert.deepEqual(await sorts(bench, ada, []), [])
  assert.deepEqual(await interactionsOf(ctx, ANONYMOUS, [one, two]), [])
  assert.deepEqual(await tally(bench, two), [1, 0, 0, 1], 'hiding is nobody else’s business')
})

onEachDatabase('what an archive stated counts beside the votes that are here', async (at) => {
  const bench = await openBench(at)
  const ada = await bench.person('ada')
  const stated = { upvotes_count: 40, downvotes_count: 3, stated_counts: '{"upvotes":40,"downvotes":3}' }
  const item = await bench.item(ada, stated)
  await setVote(bench.ctx, ada, item, 'up')
  assert.deepEqual(await tally(bench, item), [41, 3, 0, 38])
  await setVote(bench.ctx, ada, item, 'down')
  assert.deepEqual(await tally(bench, item), [40, 4, 0, 36])
})

onEachDatabase('nobody votes without a name, or on what they may not see', async (at) => {
  const { ctx, person, item } = await openBench(at)
  const [ada, bob] = [await person('ada'), await person('bob')]
  const shown = await item(ada)
  for (const hidden of [
    await item(ada, { visibility: 'private' }),
    await item(ada, { visibility: 'removed' }),
    await item(ada, { visibility: 'merged', merged_into: shown }),
    9999,
  ])
    for (const work of [
      () => setVote(ctx, bob, hidden, 'up'),
      () => setFave(ctx, bob, hidden, true),
      () => setHide(ctx, bob, hidden, true),
    ])
      await refused(work(), { kind: 'not_found', what: 'item' })
  await refused(setVote(ctx, ANONYMOUS, shown, null), { kind: 'not_signed_in' })
})

// The bound's formula, worked out by hand for z = 2.57583: without votes 0, one upvote n / (n + z²).
const bounds: [number, number, number][] = [
  [0, 0, 0],
  [1, 0, 1 / (1 + 2.57583 ** 2)],
  [100, 0, 100 / (100 + 2.57583 ** 2)],
  [0, 10, 0],
]
for (const [up, down, bound] of bounds)
  test(`${up} votes up and ${down} down speak for ${bound.toFixed(3)}`, () => {
    assert.ok(Math.abs(wilsonScore(up, down) - bound) < 1e-12)
  })

test('more of the same votes speak louder', () => {
  assert.ok(wilsonScore(90, 10) > wilsonScore(9, 1))
  assert.ok(wilsonScore(9, 1) > wilsonScore(5, 5))
})
