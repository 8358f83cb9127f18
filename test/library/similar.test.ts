import assert from 'node:assert/strict'
import { findSimilar, relatedItemIds } from '../../src/library/similar.ts'
import { replaceTags } from '../../src/library/store/tags.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench, refused } from './gathering.ts'

onEachDatabase('items are related by the rarer of the tags they share', async (at) => {
  const { ctx, clock, person, item } = await openBench(at)
  const ada = await person('ada')
  const tagged = async (tags: string[], more = {}) => {
    const id = await item(ada, more)
    await ctx.db.transaction().execute((db) => replaceTags(db, clock.now(), id, tags))
    return id
  }
  const asked = await tagged(['safe', 'boat', 'mina'])
  const common = await tagged(['safe'])
  const rare = await tagged(['mina'])
  const both = await tagged(['boat', 'safe', 'mina'])
  const middling = await tagged(['boat'])
  await tagged(['rock'])
  await tagged(['boat', 'mina'], { visibility: 'private' })
  for (let times = 0; times < 3; times += 1) await tagged(['boat'], { visibility: 'removed' })
  for (let times = 0; times < 5; times += 1) await tagged(['safe'], { visibility: 'merged' })

  assert.deepEqual(await relatedItemIds(ctx, ANONYMOUS, asked, 20), [both, rare, middling, common])
  assert.deepEqual(await relatedItemIds(ctx, ANONYMOUS, asked, 2), [both, rare])
  assert.deepEqual(await relatedItemIds(ctx, ANONYMOUS, await tagged([]), 20), [])
  const secret = await tagged(['mina'], { visibility: 'private' })
  await refused(relatedItemIds(ctx, ANONYMOUS, secret, 20), { kind: 'not_found', what: 'item' })
  assert.equal((await relatedItemIds(ctx, ada, secret, 20)).length, 3)
})

onEachDatabase('a picture is found again by the brightness of its quarters', async (at) => {
  const { ctx, person, item } = await openBench(at)
  const ada = await person('ada')
  const picture = (intensities: number[], more = {}) => {
    const [nw, ne, sw, se] = intensities
    return item(ada, { width: 400, height: 300, intensities: JSON.stringify({ nw, ne, sw, se }), ...more })
  }
  const near = await picture([100.2, 50, 20, 10])
  const same = await picture([100, 50, 20, 10])
  const wide = await picture([100, 50.1, 20, 10], { width: 800 })
  await picture([100, 50, 20, 12])
  await picture([100, 50, 20, 10], { visibility: 'merged', merged_into: same })
  await item(ada)

  const intensities = { nw: 100, ne: 50, sw: 20, se: 10 }
  const found = async (wanted: { distance: number; aspectRatio?: number | null }, most = 20) =>
    (await findSimilar(ctx, { intensities, ...wanted }, most)).map((one) => one.item.id)
  assert.deepEqual(await found({ distance: 0.25 }), [same, wide, near])
  assert.deepEqual(await found({ distance: 0.25, aspectRatio: 1.333 }), [same, near])
  assert.deepEqual(await found({ distance: 0.1, aspectRatio: null }), [same, wide])
  assert.deepEqual(await found({ distance: 0 }), [same])
  assert.equal((await found({ distance: 5 })).length, 4)
  assert.deepEqual(await found({ distance: 5 }, 1), [same])
  for (const distance of [Number.NaN, -1, Infinity])
    await refused(findSimilar(ctx, { intensities, distance }, 1), { kind: 'invalid' })
})
