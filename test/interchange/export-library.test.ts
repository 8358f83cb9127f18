import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { exportLibrary } from '../../src/interchange/export-library.ts'
import { importFile } from '../../src/interchange/import-file.ts'
import { addComment } from '../../src/library/comments.ts'
import { setReaction } from '../../src/library/reactions.ts'
import { findAccount } from '../../src/library/accounts.ts'
import { onEachDatabase, type TestDatabase } from '../helpers/databases.ts'
import { samplePicture } from '../helpers/pictures.ts'
import { header, openArchive, type Archive } from './archive.ts'

async function fill(archive: Archive): Promise<void> {
  const { ctx } = archive
  await archive.put('in/one.jpg', await samplePicture({ width: 800, height: 600, format: 'jpeg' }))
  await archive.put('in/two.gif', await samplePicture({ width: 40, height: 30, format: 'gif', frames: 2 }))
  const item = { type: 'item', owner: 'ada', kind: 'image' }
  const { problems } = await importFile(
    ctx,
    await archive.write('in/a.jsonl', [
      header,
      {
        type: 'account',
        login: 'zoe',
        id: 4,
        name: 'Zoë from the 港',
        bio: 'bio',
        location: 'Fell',
        links: { web: 'https://zoe.example' },
      },
      {
        type: 'account',
        login: 'ada',
        id: 2,
        role: 'admin',
        pro: true,
        created_at: '2019-01-01T00:00:00.001Z',
      },
      { type: 'account', login: 'studio', id: 1, kind: 'team', members: ['zoe', 'ada'] },
      { type: 'alias', name: 'ship', target: 'boat' },
      { type: 'implication', tag: 'boat', implies: ['water', 'air'] },
      {
        ...item,
        id: 10,
        media: 'one.jpg',
        title: 'One',
        tags: ['b', 'a'],
        taken_on: '2018-02-03',
        counts: { views: 5 },
      },
      { ...item, id: 9, media: 'one.jpg', rebound_of: 10, team: 'studio', owner: 'zoe', low_profile: true },
      {
        ...item,
        id: 11,
        media: 'two.gif',
        visibility: 'private',
        anonymous: true,
        source_url: 'https://fell.example/',
      },
      {
        ...item,
        id: 8,
        visibility: 'merged',
        merged_into: 9,
        orig_sha512: 'c'.repeat(128),
        duration: 1.5,
        animated: false,
      },
      {
        ...item,
        id: 7,
        kind: 'article',
        content: { text: 'words\u2028\0', n: [1] },
        rebound_of: 8,
        backup_of: 'pinboard',
      },
      {
        ...item,
        id: 12,
        scheduled_for: '2031-01-01T00:00:00Z',
        counts: { upvotes: 3, faves: 0 },
        description: 'a\nb',
      },
      { ...item, id: 13, visibility: 'removed', removal_reason: 'spam' },
      { type: 'reaction', item: 12, account: 'zoe', sort: 'upvote' },
      { type: 'reaction', item: 12, account: 'ada', sort: 'fave' },
      { type: 'comment', item: 9, account: 'zoe', body: 'Hm.', at: '2020-01-01T00:00:00Z' },
      {
        type: 'collection',
        id: 6,
        owner: 'zoe',
        kind: 'gallery',
        title: 'All',
        private: true,
        collaborators: [{ login: 'ada', access: 'owner' }],
      },
      { type: 'collection_item', collection: 6, item: 12, position: 2 },
      { type: 'collection_item', collection: 6, item: 9, position: 3 },
      { type: 'follow', account: 'zoe', target: 'ada' },
      { type: 'follow', account: 'ada', target: 'studio' },
      { type: 'watch', account: 'zoe', target: 6 },
    ]),
  )
  assert.deepEqual(problems, [])
  await archive.runJobs()
  archive.clock.advance(3600)
  const zoe = {
    accountId: (await findAccount(ctx.db, 'zoe')).id,
    role: 'member',
    scopes: null,
    app: null,
  } as const
  await setReaction(ctx, zoe, 10, { sort: 'fave', on: true })
  await addComment(ctx, zoe, 10, 'Later words.')
}

// "Export, import into an empty library, export again: the two files are equal"
for (const gzip of [false, true])
  onEachDatabase(
    `what was exported and imported exports as the same file${gzip ? ', packed' : ''}`,
    async (database) => {
      await using archive = await openArchive(database)
      await fill(archive)
      const folder = join(archive.folder, 'out')
      const first = await exportLibrary(archive.ctx, folder, { gzip })
      assert.deepEqual(first.originals, { total: 3, written: 2 })
      assert.deepEqual((await exportLibrary(archive.ctx, folder, { gzip })).originals, {
        total: 3,
        written: 0,
      })

      await using copy = await openArchive(await anEmptyOne(database, archive))
      const { problems, lines } = await importFile(copy.ctx, first.path, { batchLines: 7 })
      assert.deepEqual([problems, lines], [[], first.lines])
      const second = await exportLibrary(copy.ctx, join(copy.folder, 'out'), { gzip })
      const [before, after] = [await readFile(first.path), await readFile(second.path)]
      assert.equal(String(gzip ? gunzipSync(after) : after), String(gzip ? gunzipSync(before) : before))
      assert.ok(after.equals(before))

      await copy.runJobs()
      const third = await exportLibrary(copy.ctx, join(copy.folder, 'out'), { gzip })
      assert.ok((await readFile(third.path)).equals(before), 'also once the pictures are made')
    },
  )

/** SQLite: the data folder is the library. PostgreSQL: everything goes, sequences too. */
async function anEmptyOne(database: TestDatabase, { ctx }: Archive): Promise<TestDatabase> {
  if ('file' in database.at) return database
  const tables = await ctx.db.introspection.getTables()
  const names = tables.map(({ name }) => `"${name}"`).filter((name) => !name.includes('kysely'))
  await sql.raw(`truncate ${names.join(', ')} restart identity cascade`).execute(ctx.db)
  return database
}
