import assert from 'node:assert/strict'
import { changeItem, findItem, removeItem } from '../../src/library/items.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import {
  addNote,
  addPicture,
  fieldsOf,
  openLibrary,
  person,
  refused,
  storedBlobs,
  tagCounts,
} from './open-library.ts'

onEachDatabase('a deleted item leaves no trace, and no counter behind', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const ada = await person(library, 'ada')
  const bob = await person(library, 'bob')
  const parent = await addNote(library, bob)
  const picture = { width: 640, height: 480 }
  const id = await addPicture(library, ada, { tags: ['sea', 'boat'], reboundOf: parent, picture })
  const twin = await addPicture(library, bob, { tags: ['sea'], picture })
  const child = await addNote(library, bob, { reboundOf: id })
  const now = clock.now().getTime()
  const times = { created_ms: now, updated_ms: now }
  await ctx.db
    .insertInto('collection')
    .values({ id: 5, uid: 'u', owner_id: bob.account.id, title: 'T', slug: 't', items_count: 2, ...times })
    .execute()
  for (const [position, item_id] of [id, twin].entries())
    await ctx.db
      .insertInto('collection_item')
      .values({ collection_id: 5, item_id, position, added_ms: now })
      .execute()
  const shared = await storedBlobs(library)
  assert.equal(shared.length, 3)

  assert.equal(fieldsOf(await refused(removeItem(ctx, bob.viewer, id))), 'not_allowed')
  await removeItem(ctx, ada.viewer, id)
  assert.equal(fieldsOf(await refused(removeItem(ctx, ada.viewer, id))), 'not_found')
  assert.equal((await findItem(ctx, ANONYMOUS, parent)).item.rebounds_count, 0)
  assert.equal((await findItem(ctx, ANONYMOUS, child)).item.rebound_of, null)
  assert.deepEqual(await tagCounts(library), { boat: 0, sea: 1 })
  const collection = await ctx.db.selectFrom('collection').select('items_count').executeTakeFirstOrThrow()
  assert.equal(collection.items_count, 1)

  // The same bytes belong to another item, until that goes too.
  clock.advance(31)
  await library.runJobs()
  assert.deepEqual(await storedBlobs(library), shared)
  await removeItem(ctx, bob.viewer, twin)
  await library.runJobs()
  assert.deepEqual(await storedBlobs(library), shared)
  clock.advance(31)
  await library.runJobs()
  assert.deepEqual(await storedBlobs(library), [])
  assert.deepEqual(await ctx.db.selectFrom('blob').selectAll().execute(), [])
  assert.deepEqual(await ctx.db.selectFrom('blob_garbage').selectAll().execute(), [])
})

onEachDatabase('writers of the same tags at once keep the counters right', async (database) => {
  await using library = await openLibrary(database)
  const ada = await person(library, 'ada')
  const tags = ['a', 'b', 'c', 'd', 'e']
  const ids = await Promise.all(
    Array.from({ length: 12 }, (_, n) => addNote(library, ada, { tags: n % 2 ? tags : tags.toReversed() })),
  )
  await Promise.all(
    ids.map((id, n) =>
      n % 3 === 0
        ? removeItem(library.ctx, ada.viewer, id)
        : changeItem(library.ctx, ada.viewer, id, { tags: n % 3 === 1 ? ['a', 'f'] : tags }),
    ),
  )
  assert.deepEqual(await tagCounts(library), { a: 8, b: 4, c: 4, d: 4, e: 4, f: 4 })
})
