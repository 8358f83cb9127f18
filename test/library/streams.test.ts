import assert from 'node:assert/strict'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { addCollection } from '../../src/library/collections.ts'
import {
  findCollectionBySlug,
  findCollectionByUid,
  listCollectionsWithFirehoses,
} from '../../src/library/collection-lists.ts'
import { addOwnItems } from '../../src/library/collection-sharing.ts'
import { listCollected, totalsOf } from '../../src/library/collected-lists.ts'
import { copyItem } from '../../src/library/copying.ts'
import {
  accountsMatching,
  findAccountByUid,
  listStellar,
  setNotable,
  setStellar,
} from '../../src/library/curation.ts'
import { dupesOf, ownedAmong } from '../../src/library/dupes.ts'
import { followingOf } from '../../src/library/follows.ts'
import { findItem } from '../../src/library/items.ts'
import { ANONYMOUS, OPERATOR, type Viewer } from '../../src/library/viewer.ts'
import { unwatchCollection, watchCollection, watchedOf } from '../../src/library/watching.ts'
import { openQueue } from '../../src/queue/database-queue.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench, page, refused } from './gathering.ts'

onEachDatabase('what comes into watched collections is in the stream of the watcher', async (database) => {
  const { ctx, person, item } = await openBench(database)
  const [ada, bob, cyd] = [await person('ada'), await person('bob'), await person('cyd')]
  const boats = await addCollection(ctx, ada, { title: 'Boats' })
  const shut = await addCollection(ctx, ada, { title: 'Shut', private: true })
  const [inBoats, loose, hidden] = [await item(ada), await item(ada), await item(ada)]
  await addOwnItems(ctx, ada, { collectionId: boats.id, itemIds: [inBoats] })
  await addOwnItems(ctx, ada, { collectionId: shut.id, itemIds: [hidden] })
  const cyds = await item(cyd)
  await item(cyd, { visibility: 'private' })
  const stream = async () =>
    (await listCollected(ctx, bob, { watched: true }, page)).rows.map(({ item: { id } }) => id)
  assert.deepEqual(await stream(), [])
  for (let twice = 0; twice < 2; twice += 1) await watchCollection(ctx, bob, boats.id)
  assert.deepEqual(await stream(), [inBoats])
  await refused(watchCollection(ctx, bob, shut.id), { kind: 'not_found' })
  await ctx.db
    .insertInto('watch')
    .values({ collection_id: shut.id, account_id: bob.accountId, created_ms: 0 })
    .execute()
  assert.deepEqual(await stream(), [inBoats])

  const firehose = await findCollectionBySlug(ctx, bob, { ownerId: cyd.accountId, slug: 'firehose' })
  assert.deepEqual([firehose.title, firehose.items_count, firehose.uid.length], ['Firehose', 1, 24])
  assert.deepEqual(await findCollectionByUid(ctx, ANONYMOUS, firehose.uid), firehose)
  await watchCollection(ctx, bob, firehose.id)
  assert.deepEqual(
    (await followingOf(ctx, bob.accountId, page)).rows.map(({ account }) => account.id),
    [cyd.accountId],
  )
  assert.deepEqual(await stream(), [cyds, inBoats])
  assert.deepEqual(await watchedOf(ctx.db, bob, [boats, firehose]), new Set([boats.id, firehose.id]))
  const watched = await listCollectionsWithFirehoses(ctx, bob, { watched: true }, page)
  assert.deepEqual([watched.rows.map(({ id }) => id), watched.total], [[boats.id, firehose.id], 2])
  await unwatchCollection(ctx, bob, firehose.id)
  await unwatchCollection(ctx, bob, boats.id)
  await unwatchCollection(ctx, bob, boats.id)
  assert.deepEqual(await stream(), [])
  assert.equal(loose > 0, true)
})

onEachDatabase(
  'lists of collections end with the firehoses that belong to them, page by page',
  async (database) => {
    const { ctx, person, item } = await openBench(database)
    const [ada, bob] = [await person('ada'), await person('bob')]
    const made = []
    for (const title of ['One', 'Two', 'Three']) made.push(await addCollection(ctx, ada, { title }))
    const shut = await addCollection(ctx, ada, { title: 'Shut', private: true })
    const shown = await item(ada)
    await addOwnItems(ctx, ada, { collectionId: made[0]?.id ?? 0, itemIds: [shown] })
    const titles = async (
      viewer: Viewer,
      query: Parameters<typeof listCollectionsWithFirehoses>[2],
      at = page,
    ) => {
      const { rows, total } = await listCollectionsWithFirehoses(ctx, viewer, query, at)
      return `${rows.map(({ title }) => title).join(' ')} of ${total}`
    }
    const of = ada.accountId
    assert.equal(await titles(ada, { of }), 'Shut Three Two One Firehose of 5')
    assert.equal(await titles(bob, { of }), 'Three Two One Firehose of 4')
    assert.equal(await titles(bob, { of }, { offset: 2, limit: 1 }), 'One of 4')
    assert.equal(await titles(bob, { of }, { offset: 2, limit: 2 }), 'One Firehose of 4')
    assert.equal(await titles(bob, { of }, { offset: 3, limit: 2 }), 'Firehose of 4')
    assert.equal(await titles(bob, { of }, { offset: 9, limit: 2 }), ' of 4')
    assert.equal(await titles(ada, { of, private: true }), 'Shut of 1')
    assert.equal(await titles(bob, { itemIds: [shown] }), 'One Firehose of 2')
    await refused(findCollectionByUid(ctx, bob, shut.uid), { kind: 'not_allowed', action: 'see' })
    await refused(findCollectionByUid(ctx, bob, 'f'.repeat(24)), { kind: 'not_found' })
    await refused(findCollectionBySlug(ctx, bob, { ownerId: of, slug: 'shut' }), { kind: 'not_found' })

    await watchCollection(ctx, bob, -of)
    assert.equal(await titles(bob, { recommended: true }), 'Three Two One of 3')
    await refused(setNotable(ctx, ada, made[1]?.id ?? 0, true), { kind: 'not_allowed' })
    await setNotable(ctx, OPERATOR, made[1]?.id ?? 0, true)
    assert.equal(await titles(bob, { notable: true }), 'Two of 1')
    await setStellar(ctx, OPERATOR, of, true)
    const stellar = (await listStellar(ctx, page)).rows
    assert.deepEqual(
      stellar.map(({ id }) => id),
      [of],
    )
    assert.equal((await findAccountByUid(ctx, stellar[0]?.uid ?? '')).id, of)
    assert.match(stellar[0]?.uid ?? '', /^[0-9a-f]{32}$/)
    assert.deepEqual(
      (await accountsMatching(ctx, 'AD', 5)).map(({ login }) => login),
      ['ada'],
    )
    assert.deepEqual(await accountsMatching(ctx, '', 5), [])
  },
)

onEachDatabase('copies are known by their hash', async (database) => {
  const { ctx: bench, person, item } = await openBench(database)
  const queue = openQueue({ ...bench, log: pino({ level: 'silent' }) })
  const ctx = { ...bench, queue, config: readConfig({}) }
  const [ada, bob, cyd] = [await person('ada'), await person('bob'), await person('cyd')]
  const hash = `${'a'.repeat(32)}12`
  const like = { media_hash: hash, title: 'Boat', description: 'Mine', source_url: 'https://boats.example/' }
  const adas = await item(ada, like)
  const secret = await item(ada, { visibility: 'private' })
  await item(cyd, like)
  const cyds = await item(cyd, like)
  await refused(copyItem(ctx, ada, adas), { kind: 'invalid' })
  await refused(copyItem(ctx, bob, secret), { kind: 'not_found' })
  const copy = await findItem(ctx, bob, (await copyItem(ctx, bob, adas)).id)
  assert.deepEqual(
    [copy.item.title, copy.item.description, copy.item.source_url, copy.item.media_hash],
    ['Boat', null, like.source_url, hash],
  )
  await refused(copyItem(ctx, bob, cyds), { kind: 'invalid' })
  const original = (await findItem(ctx, ada, adas)).item
  const dupes = async (repeat: boolean) =>
    (await dupesOf(ctx, original, { repeat })).map(({ item: { id } }) => id)
  assert.deepEqual(await dupes(false), [copy.item.id, cyds])
  assert.equal((await dupes(true)).length, 3)
  assert.deepEqual(await ownedAmong(ctx.db, bob, [original]), new Set([adas]))
  assert.equal((await listCollected(ctx, bob, { hash }, page)).total, 4)

  const sha256 = 'b'.repeat(64)
  const blob = { sha256, sha512: 'c'.repeat(128), md5: 'd'.repeat(32), size_bytes: 7, created_ms: 0 }
  await ctx.db.insertInto('blob').values(blob).execute()
  const picture = await item(ada, { blob_sha256: sha256, kind: 'image' })
  const found = await listCollected(ctx, bob, { hash: `${blob.md5}7` }, page)
  assert.deepEqual(
    found.rows.map(({ item: { id } }) => id),
    [picture],
  )
  assert.equal((await listCollected(ctx, bob, { hash: 'odd' }, page)).total, 0)
  const totals = { ownerId: ada.accountId, includePrivate: true }
  assert.deepEqual(
    await totalsOf(ctx, ada, totals),
    new Map([
      ['text', 2],
      ['image', 1],
    ]),
  )
  assert.equal((await totalsOf(ctx, bob, totals)).get('text'), 1)
  assert.equal((await totalsOf(ctx, ada, { ...totals, includePrivate: false })).get('text'), 1)
})
