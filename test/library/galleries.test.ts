import assert from 'node:assert/strict'
import { addToCollection } from '../../src/library/collection-items.ts'
import { addCollection, changeCollection, type NewCollection } from '../../src/library/collections.ts'
import {
  addToGallery,
  findGallery,
  galleryItemIds,
  listGalleries,
  watchCollection,
  type GalleryOrder,
  type GalleryQuery,
} from '../../src/library/galleries.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench, page, refused, type Bench, type Somebody } from './gathering.ts'

const newest: GalleryOrder = { by: 'created', direction: 'desc' }

async function gallery({ ctx }: Bench, who: Somebody, more: Partial<NewCollection> = {}): Promise<number> {
  const { id } = await addCollection(ctx, who, { kind: 'gallery', title: 'Sea', ...more })
  return id
}

async function itemsIn({ ctx }: Bench, id: number, viewer = ANONYMOUS): Promise<number[]> {
  const found = await findGallery(ctx, viewer, id)
  return (await galleryItemIds(ctx, viewer, [found])).get(id) ?? []
}

// "position in the gallery's own direction (`order_position_asc`, default false = latest added first)"
onEachDatabase('items are shown last first, or first first, and go where they are put', async (at) => {
  const bench = await openBench(at)
  const { ctx } = bench
  const ada = await bench.person('ada')
  const id = await gallery(bench, ada)
  const [a, b, c, d] = [
    await bench.item(ada),
    await bench.item(ada),
    await bench.item(ada),
    await bench.item(ada),
  ]
  for (const itemId of [a, b, c]) await addToGallery(ctx, ada, id, { itemId })
  assert.deepEqual(await itemsIn(bench, id), [c, b, a])
  await changeCollection(ctx, ada, id, { orderPositionAsc: true })
  assert.deepEqual(await itemsIn(bench, id), [a, b, c])

  await addToGallery(ctx, ada, id, { itemId: d, position: 2 })
  assert.deepEqual(await itemsIn(bench, id), [a, d, b, c])
  await addToGallery(ctx, ada, id, { itemId: c, position: 1 })
  assert.deepEqual(await itemsIn(bench, id), [c, a, d, b])
  await addToGallery(ctx, ada, id, { itemId: c, position: 3 })
  assert.deepEqual(await itemsIn(bench, id), [a, d, c, b])
  await addToGallery(ctx, ada, id, { itemId: a, position: 99 })
  assert.deepEqual(await itemsIn(bench, id), [d, c, b, a])
  await addToGallery(ctx, ada, id, { itemId: d })
  assert.deepEqual(await itemsIn(bench, id), [d, c, b, a], 'it is in there already')
  const { collection } = await findGallery(ctx, ANONYMOUS, id)
  assert.equal(collection.items_count, 4)
})

onEachDatabase('nobody sees through a gallery what they may not see', async (at) => {
  const bench = await openBench(at)
  const ada = await bench.person('ada')
  const id = await gallery(bench, ada)
  const shown = await bench.item(ada)
  const secret = await bench.item(ada, { visibility: 'private' })
  for (const itemId of [shown, secret]) await addToGallery(bench.ctx, ada, id, { itemId })
  assert.deepEqual([await itemsIn(bench, id), await itemsIn(bench, id, ada)], [[shown], [secret, shown]])
  assert.equal((await findGallery(bench.ctx, ANONYMOUS, id)).thumbnailItemId, shown)
  await changeCollection(bench.ctx, ada, id, { thumbnailItemId: secret })
  assert.equal((await findGallery(bench.ctx, ANONYMOUS, id)).thumbnailItemId, shown)
})

onEachDatabase('a gallery is refused what it cannot have', async (at) => {
  const bench = await openBench(at)
  const { ctx } = bench
  const [ada, bob] = [await bench.person('ada'), await bench.person('bob')]
  const id = await gallery(bench, ada, { spoilerWarning: 'x'.repeat(20) })
  const secret = await bench.item(ada, { visibility: 'private' })
  const itemId = await bench.item(ada)
  const long = changeCollection(ctx, ada, id, { spoilerWarning: 'x'.repeat(21) })
  await refused(long, {
    kind: 'invalid',
    problems: [{ field: 'spoiler_warning', problem: 'is too long (at most 20 characters)' }],
  })
  const bobs = addCollection(ctx, bob, { kind: 'gallery', title: 'Mine', thumbnailItemId: secret })
  await refused(bobs, { kind: 'not_found', what: 'item' })
  await refused(addToGallery(ctx, bob, id, { itemId }), { kind: 'not_allowed' })
  await refused(addToGallery(ctx, ada, id, { itemId: 9999 }), { kind: 'not_found', what: 'item' })
  for (const position of [0, -1, 1.5])
    await refused(addToGallery(ctx, ada, id, { itemId, position }), { kind: 'invalid' })
  assert.deepEqual(await itemsIn(bench, id), [])
  const bucket = await gallery(bench, ada, { kind: 'bucket' })
  await refused(findGallery(ctx, ada, bucket), { kind: 'not_found', what: 'collection' })
  assert.equal((await findGallery(ctx, ada, id)).collection.spoiler_warning, 'x'.repeat(20))
})

onEachDatabase('galleries are listed by what they hold, say and are', async (at) => {
  const bench = await openBench(at)
  const { ctx, clock } = bench
  const ada = await bench.person('ada', { name: 'Ada of the Sea' })
  const bob = await bench.person('bob')
  const item = await bench.item(ada)
  const boats = await gallery(bench, ada, { title: 'Boats 100%', description: 'All afloat' })
  clock.advance(1000)
  const rocks = await gallery(bench, bob, { title: 'Rocks' })
  clock.advance(1000)
  const empty = await gallery(bench, bob, { title: 'Empty boats' })
  const closed = await gallery(bench, bob, { title: 'Closed', private: true })
  await gallery(bench, bob, { title: 'Bucket', kind: 'bucket' })
  clock.advance(1000)
  await addToGallery(ctx, ada, boats, { itemId: item })
  for (const id of [rocks, closed])
    for (const itemId of [item, await bench.item(bob)]) await addToCollection(ctx, bob, id, itemId)
  await watchCollection(ctx, ada, rocks, true)

  const ids = async (query: GalleryQuery, order = newest, viewer = ANONYMOUS) => {
    const { rows, total } = await listGalleries(ctx, viewer, { query, order }, page)
    assert.equal(total, rows.length)
    return rows.map(({ collection }) => collection.id)
  }
  assert.deepEqual(await ids({}), [rocks, boats])
  assert.deepEqual(await ids({}, newest, bob), [closed, rocks, boats])
  assert.deepEqual(await ids({ showEmpty: true }), [empty, rocks, boats])
  assert.deepEqual(await ids({ title: 'BOATS', showEmpty: true }), [empty, boats])
  assert.deepEqual(await ids({ title: '%' }), [boats])
  assert.deepEqual(await ids({ description: 'float' }), [boats])
  assert.deepEqual([await ids({ creator: 'sea' }), await ids({ creator: 'BOB' })], [[boats], [rocks]])
  assert.deepEqual([await ids({ itemId: item }), await ids({ itemId: 999 })], [[rocks, boats], []])
  assert.deepEqual(
    [await ids({ watchedBy: ada.accountId }), await ids({ ownerId: ada.accountId })],
    [[rocks], [boats]],
  )
  assert.deepEqual(await ids({}, { by: 'items', direction: 'asc' }), [boats, rocks])
  assert.deepEqual(await ids({}, { by: 'updated', direction: 'desc' }), [rocks, boats])
  assert.deepEqual(await ids({}, { by: 'watchers', direction: 'desc' }), [rocks, boats])
  const { rows, total } = await listGalleries(
    ctx,
    ANONYMOUS,
    { query: {}, order: newest },
    { offset: 1, limit: 1 },
  )
  assert.deepEqual([rows[0]?.collection.id, total], [boats, 2])
  await refused(listGalleries(ctx, ANONYMOUS, { query: { title: 'x'.repeat(256) }, order: newest }, page), {
    kind: 'invalid',
  })
})

onEachDatabase('people watch what they may see', async (at) => {
  const bench = await openBench(at)
  const { ctx } = bench
  const [ada, bob] = [await bench.person('ada'), await bench.person('bob')]
  const id = await gallery(bench, ada)
  const closed = await gallery(bench, ada, { title: 'Closed', private: true })
  const watchers = async () => (await findGallery(ctx, ANONYMOUS, id)).watchersCount
  for (const who of [ada, bob, bob]) await watchCollection(ctx, who, id, true)
  assert.equal(await watchers(), 2)
  for (let times = 0; times < 2; times += 1) await watchCollection(ctx, bob, id, false)
  assert.equal(await watchers(), 1)
  await refused(watchCollection(ctx, bob, closed, true), { kind: 'not_found' })
  await refused(watchCollection(ctx, ANONYMOUS, id, true), { kind: 'not_signed_in' })
})
