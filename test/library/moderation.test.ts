import assert from 'node:assert/strict'
import { findItem } from '../../src/library/items.ts'
import { bringBackItem, mergeItem, takeDownItem } from '../../src/library/moderation.ts'
import { itemById } from '../../src/library/store/items.ts'
import { replaceTags, tagsOfItems } from '../../src/library/store/tags.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench, refused } from './gathering.ts'

onEachDatabase('an item is taken down for a reason, and brought back', async (at) => {
  const { ctx, person, item } = await openBench(at)
  const [ada, mod] = [await person('ada'), await person('mod', { role: 'moderator' })]
  const parent = await item(ada, { rebounds_count: 1 })
  const id = await item(ada, { rebound_of: parent })
  await takeDownItem(ctx, mod, id, 'Not ours')
  await refused(findItem(ctx, ada, id), { kind: 'not_found' })
  const { item: seen } = await findItem(ctx, mod, id)
  assert.deepEqual([seen.visibility, seen.removal_reason], ['removed', 'Not ours'])
  assert.equal((await itemById(ctx.db, parent))?.rebounds_count, 0)

  await bringBackItem(ctx, mod, id)
  assert.deepEqual((await findItem(ctx, ANONYMOUS, id)).item.removal_reason, null)
  assert.equal((await itemById(ctx.db, parent))?.rebounds_count, 1)
  await takeDownItem(ctx, mod, id, ' ')
  assert.equal((await itemById(ctx.db, id))?.removal_reason, null)
})

// "first_seen_at = creation of the earliest duplicate"
onEachDatabase('a duplicate gives its tags and its age to the item it is merged into', async (at) => {
  const { ctx, clock, person, item } = await openBench(at)
  const [ada, mod] = [await person('ada'), await person('mod', { role: 'moderator' })]
  const older = await item(ada, { first_seen_ms: 1000 })
  const middle = await item(ada, { first_seen_ms: 2000 })
  const kept = await item(ada, { first_seen_ms: 3000 })
  for (const [id, tags] of [
    [older, ['boat', 'sea']],
    [kept, ['sea', 'safe']],
  ] as const)
    await ctx.db.transaction().execute((db) => replaceTags(db, clock.now(), id, tags))
  await mergeItem(ctx, mod, older, middle)
  await mergeItem(ctx, mod, middle, kept)
  assert.deepEqual((await tagsOfItems(ctx.db, [kept])).get(kept), ['boat', 'safe', 'sea'])
  assert.equal((await itemById(ctx.db, kept))?.first_seen_ms, 1000)
  for (const id of [older, middle]) {
    const row = await itemById(ctx.db, id)
    assert.deepEqual([row?.visibility, row?.merged_into], ['merged', kept])
    await refused(findItem(ctx, ANONYMOUS, id), { kind: 'not_found' })
  }
  await refused(mergeItem(ctx, mod, kept, older), { kind: 'invalid' })
  await refused(mergeItem(ctx, mod, kept, kept), { kind: 'invalid' })
  await bringBackItem(ctx, mod, older)
  assert.equal((await itemById(ctx.db, older))?.merged_into, null)
})

onEachDatabase('only moderators do so, and only with what they may see', async (at) => {
  const { ctx, person, item } = await openBench(at)
  const ada = await person('ada')
  const mod = await person('mod', { role: 'moderator' })
  const admin = await person('root', { role: 'admin' })
  const [id, other] = [await item(ada), await item(ada)]
  const secret = await item(ada, { visibility: 'private' })
  for (const work of [
    () => takeDownItem(ctx, ada, id, null),
    () => bringBackItem(ctx, ada, id),
    () => mergeItem(ctx, ada, id, other),
  ])
    await refused(work(), { kind: 'not_allowed', what: 'item' })
  for (const hidden of [secret, 9999]) {
    await refused(takeDownItem(ctx, mod, hidden, null), { kind: 'not_found' })
    await refused(mergeItem(ctx, mod, id, hidden), { kind: 'not_found' })
  }
  // Brought back it would be public.
  await refused(takeDownItem(ctx, admin, secret, null), { kind: 'invalid' })
  await refused(takeDownItem(ctx, mod, id, 'x'.repeat(1001)), { kind: 'invalid' })
  assert.equal((await itemById(ctx.db, id))?.visibility, 'public')
})
