import assert from 'node:assert/strict'
import { findAccount } from '../../src/library/accounts.ts'
import { block, blockedBy, isBlocked, unblock } from '../../src/library/blocks.ts'
import { follow, followersOf, followingOf, isFollowing, unfollow } from '../../src/library/follows.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench, page, refused, type Bench } from './gathering.ts'

const counts = async ({ ctx }: Bench, id: number) => {
  const { followers_count, followings_count } = await findAccount(ctx.db, id)
  return [followers_count, followings_count]
}

// A follow is an object of its own with a date (API v1, Followers)
onEachDatabase('following twice is following once, and so is not following', async (database) => {
  const bench = await openBench(database)
  const { ctx } = bench
  const ada = await bench.person('ada')
  const bob = await bench.person('bob')
  const first = await follow(ctx, ada, bob.accountId)
  bench.clock.advance(60)
  assert.deepEqual(await follow(ctx, ada, bob.accountId), first)
  assert.deepEqual(await counts(bench, ada.accountId), [0, 1])
  assert.deepEqual(await counts(bench, bob.accountId), [1, 0])

  const { rows, total } = await followersOf(ctx, bob.accountId, page)
  assert.deepEqual([rows.map(({ id, account }) => [id, account.login]), total], [[[first.id, 'ada']], 1])
  assert.equal((await followingOf(ctx, ada.accountId, page)).rows[0]?.account.login, 'bob')
  assert.ok(await isFollowing(ctx.db, ada.accountId, bob.accountId))

  await unfollow(ctx, ada, bob.accountId)
  await unfollow(ctx, ada, bob.accountId)
  assert.deepEqual(await counts(bench, ada.accountId), [0, 0])
  assert.deepEqual(await counts(bench, bob.accountId), [0, 0])
})

onEachDatabase('follows are refused', async (database) => {
  const { ctx, person } = await openBench(database)
  const ada = await person('ada')
  const bob = await person('bob')
  await refused(follow(ctx, ANONYMOUS, ada.accountId), { kind: 'not_signed_in' })
  await refused(follow(ctx, ada, 999), { kind: 'not_found', what: 'account' })
  await refused(unfollow(ctx, ada, 999), { kind: 'not_found', what: 'account' })
  const problem = (text: string) => ({
    kind: 'invalid' as const,
    problems: [{ field: 'base', problem: text }],
  })
  await refused(follow(ctx, ada, ada.accountId), problem('you cannot follow yourself'))
  await block(ctx, bob, ada.accountId)
  await refused(follow(ctx, ada, bob.accountId), problem('you are blocked by that member'))
})

onEachDatabase('a block ends the follows between two accounts', async (database) => {
  const bench = await openBench(database)
  const { ctx } = bench
  const ada = await bench.person('ada')
  const bob = await bench.person('bob')
  await follow(ctx, ada, bob.accountId)
  await follow(ctx, bob, ada.accountId)
  await block(ctx, bob, ada.accountId)
  await block(ctx, bob, ada.accountId)
  assert.deepEqual(await counts(bench, ada.accountId), [0, 0])
  assert.deepEqual(await counts(bench, bob.accountId), [0, 0])
  assert.equal((await blockedBy(ctx.db, bob.accountId, page)).rows[0]?.login, 'ada')
  assert.equal(await isBlocked(ctx.db, ada.accountId, bob.accountId), false)

  await unblock(ctx, bob, ada.accountId)
  await unblock(ctx, bob, ada.accountId)
  await follow(ctx, ada, bob.accountId)
  await refused(block(ctx, ada, ada.accountId), { kind: 'invalid' })
  await refused(block(ctx, ada, 999), { kind: 'not_found' })
})

onEachDatabase('counts of follows stay right when everybody writes at once', async (database) => {
  const bench = await openBench(database)
  const { ctx } = bench
  const people = await Promise.all(['ada', 'bob', 'cyd', 'dee'].map((login) => bench.person(login)))
  const work: Promise<unknown>[] = []
  for (let round = 0; round < 6; round += 1)
    for (const one of people)
      for (const other of people) {
        if (one === other) continue
        const act = (round + one.accountId + other.accountId) % 3 === 0 ? unfollow : follow
        work.push(act(ctx, one, other.accountId))
      }
  await Promise.all(work)
  for (const { accountId } of people) {
    const followers = await followersOf(ctx, accountId, { offset: 0, limit: 1 })
    const following = await followingOf(ctx, accountId, { offset: 0, limit: 1 })
    assert.deepEqual(await counts(bench, accountId), [followers.total, following.total])
  }
})
