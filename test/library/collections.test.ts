import assert from 'node:assert/strict'
import { pino } from 'pino'
import { addToCollection, collectionsWith, removeFromCollection } from '../../src/library/collection-items.ts'
import {
  addCollection,
  changeCollection,
  findCollection,
  listCollections,
  removeCollection,
} from '../../src/library/collections.ts'
import { removeItem } from '../../src/library/items.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { openQueue } from '../../src/queue/database-queue.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench, page, refused } from './gathering.ts'

onEachDatabase('a collection gets a slug of its own from its title', async (database) => {
  const { ctx, person } = await openBench(database)
  const ada = await person('ada')
  const bob = await person('bob')
  const slug = async (title: string, who = ada) => (await addCollection(ctx, who, { title })).slug
  assert.equal(await slug('Front-End Style: Guides!'), 'front-end-style-guides')
  assert.equal(await slug('front end style guides'), 'front-end-style-guides-2')
  assert.equal(await slug('front end style guides', bob), 'front-end-style-guides')
  assert.deepEqual(
    [await slug('Häfen'), await slug('港'), await slug('!!'), await slug('Firehose')],
    ['häfen', '港', 'untitled', 'firehose-2'],
  )
  const many = await Promise.all(Array.from({ length: 8 }, () => slug('At once')))
  assert.equal(new Set(many).size, 8)
})

onEachDatabase('a collection is changed and removed by its owner', async (database) => {
  const { ctx, clock, person } = await openBench(database)
  const ada = await person('ada')
  const bob = await person('bob')
  const made = await addCollection(ctx, ada, { kind: 'bucket', title: 'Boats', description: ' ' })
  assert.deepEqual([made.kind, made.description, made.private, made.items_count], ['bucket', null, 0, 0])
  clock.advance(1)
  const changed = await changeCollection(ctx, ada, made.id, { title: 'Ships', description: 'large ones' })
  assert.deepEqual(
    [changed.slug, changed.description, changed.updated_ms - made.updated_ms],
    ['ships', 'large ones', 1000],
  )
  assert.equal((await changeCollection(ctx, ada, made.id, { title: 'SHIPS' })).slug, 'ships')

  // Somebody else's bucket: refused when it may be seen, unknown when not
  await refused(changeCollection(ctx, bob, made.id, { title: 'Mine' }), { kind: 'not_allowed' })
  await refused(removeCollection(ctx, bob, made.id), { kind: 'not_allowed', what: 'collection' })
  await changeCollection(ctx, ada, made.id, { private: true })
  await refused(changeCollection(ctx, bob, made.id, { title: 'Mine' }), { kind: 'not_found' })
  await refused(findCollection(ctx, ANONYMOUS, made.id), { kind: 'not_found' })
  await refused(addCollection(ctx, ada, { title: '' }), { kind: 'invalid' })
  await refused(changeCollection(ctx, ada, made.id, { title: 'x'.repeat(256) }), { kind: 'invalid' })
  await removeCollection(ctx, ada, made.id)
  await refused(removeCollection(ctx, ada, made.id), { kind: 'not_found', what: 'collection' })
})

onEachDatabase('collections are listed for those who may see them', async (database) => {
  const { ctx, person, item } = await openBench(database)
  const ada = await person('ada')
  const bob = await person('bob')
  const shown = await item(ada)
  const open = await addCollection(ctx, ada, { kind: 'bucket', title: 'Open' })
  const closed = await addCollection(ctx, ada, { kind: 'bucket', title: 'Closed', private: true })
  await addCollection(ctx, ada, { kind: 'project', title: 'Work' })
  for (const { id } of [open, closed]) await addToCollection(ctx, ada, id, shown)
  const titles = async (viewer: typeof ANONYMOUS) => {
    const query = { ownerId: ada.accountId, kind: 'bucket' } as const
    const listed = await listCollections(ctx, viewer, query, page)
    const holding = await collectionsWith(ctx, viewer, { itemId: shown, kind: 'bucket' }, page)
    assert.deepEqual(listed, holding)
    assert.equal(listed.total, listed.rows.length)
    return listed.rows.map(({ title }) => title)
  }
  assert.deepEqual(await titles(ada), ['Closed', 'Open'])
  assert.deepEqual(await titles(bob), ['Open'])
  assert.deepEqual(await titles(ANONYMOUS), ['Open'])

  await ctx.db
    .insertInto('collaborator')
    .values({ collection_id: closed.id, account_id: bob.accountId, access: 'member', created_ms: 0 })
    .execute()
  assert.deepEqual(await titles(bob), ['Closed', 'Open'])
  await addToCollection(ctx, bob, closed.id, await item(bob))
})

onEachDatabase('items go in once and come out once', async (database) => {
  const { ctx, person, item } = await openBench(database)
  const ada = await person('ada')
  const bob = await person('bob')
  const bucket = await addCollection(ctx, ada, { kind: 'bucket', title: 'Bucket' })
  const project = await addCollection(ctx, ada, { kind: 'project', title: 'Project' })
  const [first, second, theirs] = [await item(ada), await item(ada), await item(bob)]
  const secret = await item(bob, { visibility: 'private' })
  const count = async () => (await findCollection(ctx, ada, bucket.id)).items_count
  for (const id of [first, theirs, first, second, second]) await addToCollection(ctx, ada, bucket.id, id)
  assert.equal(await count(), 3)
  const rows = await ctx.db.selectFrom('collection_item').selectAll().orderBy('position').execute()
  assert.deepEqual(
    rows.map(({ item_id }) => item_id),
    [first, theirs, second],
  )
  for (const id of [first, first, 999]) await removeFromCollection(ctx, ada, bucket.id, id)
  assert.equal(await count(), 2)

  await refused(addToCollection(ctx, bob, bucket.id, first), { kind: 'not_allowed' })
  await refused(removeFromCollection(ctx, bob, bucket.id, theirs), { kind: 'not_allowed' })
  await refused(addToCollection(ctx, ada, bucket.id, secret), { kind: 'not_found', what: 'item' })
  await refused(addToCollection(ctx, ada, 999, first), { kind: 'not_found', what: 'collection' })
  await refused(addToCollection(ctx, ada, project.id, theirs), { kind: 'invalid' })
  await addToCollection(ctx, ada, project.id, first)
})

onEachDatabase(
  'items_count stays right when everybody writes at once, deletes included',
  async (database) => {
    const { ctx, person, item } = await openBench(database)
    const ada = await person('ada')
    const bucket = await addCollection(ctx, ada, { kind: 'bucket', title: 'Bucket' })
    const items: number[] = []
    for (let number = 0; number < 12; number += 1) items.push(await item(ada))
    const queue = openQueue({ ...ctx, log: pino({ level: 'silent' }) })
    const work: Promise<unknown>[] = []
    for (let round = 0; round < 3; round += 1)
      for (const id of items) {
        const act = (round + id) % 3 === 0 ? removeFromCollection : addToCollection
        work.push(act(ctx, ada, bucket.id, id))
        if (round === 1 && id % 4 === 0) work.push(removeItem({ ...ctx, queue }, ada, id))
      }
    await Promise.allSettled(work)
    const { n } = await ctx.db
      .selectFrom('collection_item')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    assert.equal((await findCollection(ctx, ada, bucket.id)).items_count, n)
  },
)
