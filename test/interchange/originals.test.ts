import assert from 'node:assert/strict'
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { importFile } from '../../src/interchange/import/file.ts'
import { checkLibrary } from '../../src/library/check.ts'
import { itemById } from '../../src/library/store/items.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { samplePicture } from '../helpers/pictures.ts'
import { header, openArchive } from './archive.ts'

const ada = { type: 'account', login: 'ada' }

onEachDatabase(
  'originals come from beside the file and are made ready by the usual job',
  async (database) => {
    await using archive = await openArchive(database)
    const { ctx } = archive
    const sha256 = await archive.put('media/one.png', await samplePicture({ width: 800, height: 600 }))
    await archive.put(
      'media/two.gif',
      await samplePicture({ width: 40, height: 30, format: 'gif', frames: 3 }),
    )
    const path = await archive.write('a.jsonl', [
      header,
      ada,
      {
        type: 'item',
        id: 3,
        kind: 'image',
        owner: 'ada',
        media: 'media/one.png',
        sha256,
        width: 1,
        format: 'bmp',
        file_name: 'Harbour.png',
      },
      {
        type: 'item',
        id: 4,
        kind: 'image',
        owner: 'ada',
        media: 'media/two.gif',
        scheduled_for: '2030-01-01T00:00:00Z',
      },
      { type: 'item', id: 5, kind: 'image', owner: 'ada', media: 'media/one.png', rebound_of: 3 },
    ])
    const { problems, added } = await importFile(ctx, path)
    assert.deepEqual([problems, added.item], [[], 3])
    const waiting = await itemById(ctx.db, 3)
    assert.deepEqual(
      [waiting?.state, waiting?.width, waiting?.format, waiting?.file_name, waiting?.blob_sha256],
      ['processing', 800, 'png', 'Harbour.png', sha256],
      'the bytes have the last word',
    )
    assert.equal(await ctx.blobs.size(sha256), waiting?.size_bytes)
    assert.equal((await itemById(ctx.db, 4))?.frames, 3)
    const kinds = await ctx.db.selectFrom('job').select('kind').orderBy('id').execute()
    assert.deepEqual(
      kinds.map(({ kind }) => kind),
      ['process-item', 'process-item', 'publish-scheduled', 'process-item'],
    )

    await archive.runJobs()
    assert.deepEqual(
      [(await itemById(ctx.db, 3))?.state, (await itemById(ctx.db, 3))?.rebounds_count],
      ['ready', 1],
    )
    assert.equal((await itemById(ctx.db, 4))?.published_ms, null)
    const again = await importFile(ctx, path)
    assert.deepEqual([again.added, again.present, again.refused], [{}, 4, 0])
    assert.deepEqual((await checkLibrary(ctx, { repair: false })).problems, [])
  },
)

onEachDatabase('originals that do not fit are refused and leave nothing', async (database) => {
  await using archive = await openArchive(database, { VITRINE_UPLOAD_MAX_BYTES: '200000' })
  const { ctx } = archive
  await archive.put('in/ok.png', await samplePicture({ width: 40, height: 30 }))
  await archive.put('in/cut.png', (await samplePicture({ width: 40, height: 30 })).subarray(0, 90))
  await archive.put('in/large.png', Buffer.alloc(200_001))
  await archive.put('outside.png', await samplePicture({ width: 40, height: 30, seed: 2 }))
  await symlink('../outside.png', join(archive.folder, 'in/link.png'))
  await writeFile(join(archive.folder, 'in/note.txt'), 'words')
  const cases: [string, object, RegExp][] = [
    ['ok.png', { sha256: '0'.repeat(64) }, /another sha256/],
    ['ok.png', { sha512: '0'.repeat(128) }, /another sha512/],
    ['ok.png', { owner: 'nobody' }, /names the account nobody/],
    ['cut.png', {}, /cannot be used/],
    ['note.txt', {}, /cannot be used/],
    ['large.png', {}, /larger than 200000 bytes/],
    ['absent.png', {}, /absent.png is not there/],
    ['link.png', {}, /is not there/],
    ['../outside.png', {}, /is not there/],
    [join(archive.folder, 'in/ok.png'), {}, /is not there/],
    ['.', {}, /is not there/],
  ]
  const items = cases.map(([media, more], at) => ({
    type: 'item',
    id: at + 1,
    kind: 'image',
    owner: 'ada',
    media,
    ...more,
  }))
  const good = { type: 'item', id: 99, kind: 'image', owner: 'ada', media: 'ok.png' }
  const { problems, added } = await importFile(
    ctx,
    await archive.write('in/a.jsonl', [header, ada, ...items, good]),
  )
  assert.deepEqual(
    problems.map(({ number }) => number),
    cases.map((_, at) => at + 3),
  )
  for (const [at, { problem }] of problems.entries()) assert.match(problem, cases[at]?.[2] ?? /never/)
  assert.equal(added.item, 1)
  const clash = { ...good, media: '../in/ok.png', sha256: undefined }
  await archive.put('in/ok.png', await samplePicture({ width: 40, height: 30, seed: 9 }))
  const other = await importFile(ctx, await archive.write('in/b.jsonl', [header, clash]))
  assert.match(other.problems[0]?.problem ?? '', /item 99 is here already with other bytes/)

  await archive.runJobs()
  const blobs = await ctx.db.selectFrom('item').select('blob_sha256').execute()
  const stored: string[] = []
  for await (const { sha256 } of ctx.blobs.list()) stored.push(sha256)
  assert.ok(stored.includes(blobs[0]?.blob_sha256 ?? ''))
  const rows = await ctx.db.selectFrom('rendition').select('blob_sha256').execute()
  const used = new Set([...blobs, ...rows].map(({ blob_sha256 }) => blob_sha256))
  assert.deepEqual(
    stored.filter((sha256) => !used.has(sha256)),
    [],
  )
})
