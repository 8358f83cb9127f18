import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { importFile } from '../../src/interchange/import/file.ts'
import { addAccount, findAccount } from '../../src/library/accounts.ts'
import { setReaction } from '../../src/library/reactions.ts'
import { itemById } from '../../src/library/store/items.ts'
import { tagsOfItems } from '../../src/library/store/tags.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { assertSound, header, openArchive, type Archive } from './archive.ts'

const people = [
  {
    type: 'account',
    login: 'ada',
    id: 11,
    name: 'Ada of Fell',
    role: 'moderator',
    pro: true,
    links: { web: 'https://ada.example' },
    created_at: '2020-01-02T03:04:05.678Z',
  },
  { type: 'account', login: 'bob' },
  { type: 'account', login: 'studio', kind: 'team', members: ['ada', 'BOB'] },
]
const lines = [
  header,
  ...people,
  { type: 'alias', name: 'ship', target: 'boat' },
  { type: 'implication', tag: 'boat', implies: ['water', 'outdoors'] },
  {
    type: 'item',
    id: 30,
    kind: 'image',
    owner: 'ada',
    title: 'Harbour',
    tags: ['boat', 'Morning  Light', 'boat'],
    width: 640,
    height: 480,
    format: 'png',
    mime_type: 'image/png',
    size: 1234,
    sha512: 'a'.repeat(128),
    animated: true,
    created_at: '2021-02-03T04:05:06.789+01:00',
    counts: { upvotes: 50, downvotes: 2, faves: 9, comments: 4, views: 77 },
  },
  {
    type: 'item',
    id: 7,
    uid: 'b'.repeat(24),
    kind: 'text',
    owner: 'bob',
    team: 'studio',
    content: { text: 'words' },
    rebound_of: 30,
    first_seen_at: { before_now_seconds: 90 },
  },
  { type: 'item', id: 8, kind: 'image', owner: 'ada', visibility: 'merged', merged_into: 30 },
  { type: 'reaction', item: 30, account: 'bob', sort: 'upvote', at: '2021-03-01T00:00:00Z' },
  { type: 'reaction', item: 30, account: 'bob', sort: 'fave' },
  { type: 'reaction', item: 7, account: 'ada', sort: 'downvote' },
  { type: 'reaction', item: 7, account: 'ada', sort: 'hide' },
  { type: 'comment', item: 30, account: 'bob', body: 'Fine boats.', at: '2021-03-02T00:00:00Z' },
  { type: 'comment', item: 7, account: 'ada', body: 'Fine words.' },
  {
    type: 'collection',
    id: 5,
    owner: 'ada',
    kind: 'bucket',
    title: 'Boats!',
    collaborators: [{ login: 'bob', access: 'member' }],
  },
  { type: 'collection_item', collection: 5, item: 7 },
  { type: 'collection_item', collection: 5, item: 30, position: 9 },
  { type: 'follow', account: 'bob', target: 'ada' },
  { type: 'watch', account: 'bob', target: 5 },
]

/** Everything that an import may change, without what differs by nature. */
async function stateOf({ ctx: { db } }: Archive) {
  const items = await db.selectFrom('item').selectAll().orderBy('id').execute()
  return JSON.stringify([
    items.map((row) => ({ ...row, uid: null })),
    await db.selectFrom('account').selectAll().orderBy('id').execute(),
    await db.selectFrom('membership').selectAll().orderBy('account_id').execute(),
    await db.selectFrom('tag').selectAll().orderBy('name').execute(),
    await db.selectFrom('tag_alias').selectAll().orderBy('name').execute(),
    await db.selectFrom('tag_implication').selectAll().orderBy('implied_id').execute(),
    await db.selectFrom('reaction').selectAll().orderBy('id').execute(),
    await db.selectFrom('comment').selectAll().orderBy('id').execute(),
    (await db.selectFrom('collection').selectAll().orderBy('id').execute()).map((row) => ({
      ...row,
      uid: null,
    })),
    await db.selectFrom('collection_item').selectAll().orderBy('position').execute(),
    await db.selectFrom('collaborator').selectAll().execute(),
    await db.selectFrom('follow').selectAll().execute(),
    await db.selectFrom('watch').selectAll().execute(),
    await db.selectFrom('change').select(['noun', 'noun_id', 'op']).orderBy('id').execute(),
  ])
}

onEachDatabase('an archive comes in with its numbers, names, counts and times', async (database) => {
  await using archive = await openArchive(database)
  const { ctx } = archive
  const report = await importFile(ctx, await archive.write('a.jsonl', lines))
  assert.deepEqual(report.problems, [])
  assert.deepEqual(report.added, {
    account: 3,
    alias: 1,
    implication: 1,
    item: 3,
    reaction: 4,
    comment: 2,
    collection: 1,
    collection_item: 2,
    follow: 1,
    watch: 1,
  })
  assert.deepEqual([report.lines, report.present, report.refused], [lines.length, 0, 0])

  const ada = await findAccount(ctx.db, 'ada')
  assert.deepEqual([ada.id, ada.role, ada.pro, ada.followers_count], [11, 'moderator', 1, 1])
  assert.equal(new Date(ada.created_ms).toISOString(), '2020-01-02T03:04:05.678Z')
  const harbour = await itemById(ctx.db, 30)
  assert.ok(harbour)
  assert.deepEqual(
    [harbour.state, harbour.frames, harbour.width, harbour.sha512?.length, harbour.blob_sha256],
    ['ready', 2, 640, 128, null],
  )
  assert.equal(new Date(harbour.created_ms).toISOString(), '2021-02-03T03:05:06.789Z')
  assert.equal(harbour.published_ms, harbour.created_ms)
  assert.deepEqual(
    [
      harbour.upvotes_count,
      harbour.downvotes_count,
      harbour.faves_count,
      harbour.comments_count,
      harbour.views_count,
    ],
    [50, 2, 9, 4, 77],
    'counts are those stated, whatever reactions follow',
  )
  assert.equal(harbour.rebounds_count, 1)
  assert.deepEqual((await tagsOfItems(ctx.db, [30])).get(30), ['Morning  Light', 'boat'])

  const words = await itemById(ctx.db, 7)
  assert.ok(words)
  assert.deepEqual([words.uid, words.content, words.rebound_of], ['b'.repeat(24), '{"text":"words"}', 30])
  assert.deepEqual([words.downvotes_count, words.comments_count], [1, 1], 'without counts they add up')
  assert.equal(words.first_seen_ms, archive.clock.now().getTime() - 90_000)
  const entries = await ctx.db.selectFrom('collection_item').selectAll().orderBy('position').execute()
  assert.deepEqual(
    entries.map(({ item_id, position }) => [item_id, position]),
    [
      [7, 1],
      [30, 9],
    ],
  )

  assert.ok((await addAccount(ctx, { login: 'cyd' })).id > 11)
  const cyd = {
    accountId: (await findAccount(ctx.db, 'cyd')).id,
    role: 'member',
    scopes: null,
    app: null,
  } as const
  await setReaction(ctx, cyd, 30, { sort: 'fave', on: true })
  assert.equal((await itemById(ctx.db, 30))?.faves_count, 10)
  await assertSound(archive)
})

onEachDatabase('an import can be run again, whole or from a piece', async (database) => {
  await using archive = await openArchive(database)
  const whole = await archive.write('a.jsonl', lines)
  const head = lines.slice(0, 12).map((line) => JSON.stringify(line))
  const piece = await archive.write('piece.jsonl', head)
  await importFile(archive.ctx, piece, { batchLines: 3 })
  archive.clock.advance(60)
  await importFile(archive.ctx, whole, { batchLines: 4 })
  const state = await stateOf(archive)
  archive.clock.advance(60)
  const again = await importFile(archive.ctx, whole)
  assert.deepEqual([again.added, again.refused, again.present], [{}, 0, lines.length - 1])
  assert.equal(await stateOf(archive), state)
  await assertSound(archive)
})

onEachDatabase('gzip is unpacked, and a damaged end is an error', async (database) => {
  await using archive = await openArchive(database)
  const path = await archive.write('a.jsonl', lines)
  const packed = gzipSync(await readFile(path))
  await archive.put('a.jsonl.gz', packed)
  const { refused, added } = await importFile(archive.ctx, join(archive.folder, 'a.jsonl.gz'))
  assert.deepEqual([refused, added.item], [0, 3])
  await archive.put('b.jsonl.gz', packed.subarray(0, packed.length - 30))
  await assert.rejects(importFile(archive.ctx, join(archive.folder, 'b.jsonl.gz')), { code: 'Z_BUF_ERROR' })
})

onEachDatabase(
  'with new numbers an archive comes in beside what has its numbers, and once only',
  async (database) => {
    await using archive = await openArchive(database)
    const { db } = archive.ctx
    await importFile(archive.ctx, await archive.write('a.jsonl', lines))
    const other = lines.map((line) => ('uid' in line ? { ...line, uid: 'c'.repeat(24) } : line))
    const changed = other.map((line) => (line.type === 'item' ? { ...line, title: 'Another' } : line))
    const path = await archive.write('b.jsonl', [{ ...header, origin: 'another' }, ...changed.slice(1)])
    const first = await importFile(archive.ctx, path, { renumber: true, batchLines: 5 })
    assert.deepEqual(first.problems, [])
    assert.deepEqual(
      [first.added.item, first.added.collection, first.added.reaction, first.added.comment],
      [3, 1, 4, 2],
    )
    const state = await stateOf(archive)
    const again = await importFile(archive.ctx, path, { renumber: true })
    assert.deepEqual([again.added, again.present, again.refused], [{}, lines.length - 1, 0])
    assert.equal(await stateOf(archive), state)

    const [rebound] = await db.selectFrom('item').selectAll().where('uid', '=', 'c'.repeat(24)).execute()
    const parent = await itemById(db, rebound?.rebound_of ?? 0)
    assert.equal(parent?.title, 'Another', 'numbers in the file are those of the file')
    const refusedAsIs = await importFile(archive.ctx, path)
    assert.match(refusedAsIs.problems[0]?.problem ?? '', /is here already with other bytes/)
    await assertSound(archive)
  },
)

onEachDatabase('tags are stored as given, or cleaned when asked', async (database) => {
  await using archive = await openArchive(database)
  const item = {
    type: 'item',
    id: 1,
    kind: 'text',
    owner: 'ada',
    tags: ['  Two  WORDS ', 'two words', ' '.repeat(2)],
  }
  const path = await archive.write('a.jsonl', [
    header,
    { type: 'account', login: 'ada' },
    { ...item, tags: item.tags.slice(0, 2) },
  ])
  await importFile(archive.ctx, path, { cleanTags: true })
  assert.deepEqual((await tagsOfItems(archive.ctx.db, [1])).get(1), ['two words'])
  const blank = await importFile(archive.ctx, await archive.write('b.jsonl', [header, { ...item, id: 2 }]))
  assert.match(blank.problems[0]?.problem ?? '', /tags can't be blank/)
})
