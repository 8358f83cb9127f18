import assert from 'node:assert/strict'
import { jobHandlers } from '../../../src/jobs/index.ts'
import { findTag } from '../../../src/library/tag-lists.ts'
import { importFile } from '../../../src/interchange/import/file.ts'
import { onEachDatabase } from '../../helpers/databases.ts'
import { samplePicture } from '../../helpers/pictures.ts'
import { zipOfTexts } from '../../helpers/zips.ts'
import { assertSound, header } from '../archive.ts'
import { openImporting, partsOf, refusalsOf, type Importing } from './importing.ts'

const bookmarks = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    href: `https://site.example/${at}`,
    description: `Page ${at}`,
    tags: `all tag${at % 7} tag${at % 11}`,
    time: new Date(1_300_000_000_000 + at * 1000).toISOString(),
    shared: at % 3 === 0 ? 'no' : 'yes',
  }))

/** What an import leaves, without numbers that differ by the order of things. */
async function stateOf({ ctx: { db }, items }: Importing) {
  const tags = await db.selectFrom('tag').select(['name', 'items_count']).orderBy('name').execute()
  const shown = partsOf(await items(), 'title', 'tags', 'visibility', 'at', 'content', 'backupOf')
  return [shown, tags.map((tag) => ({ ...tag }))]
}

onEachDatabase(
  'an import that was broken off goes on, and a second one changes nothing',
  async (database) => {
    const json = JSON.stringify(bookmarks(90))
    await using whole = await openImporting(database)
    const { ctx, clock } = whole
    let rows = 0
    const broken = whole.bring('pinboard', 'p.json', json, {
      batchRows: 20,
      onOutcome: () => {
        rows += 1
        if (rows === 45) throw new Error('The power went.')
      },
    })
    await assert.rejects(broken, /The power went/)
    assert.equal((await whole.items()).length, 60, 'whole batches')
    await assertSound(whole)
    clock.advance(60)
    const rest = await whole.bringFrom('pinboard', 'p.json', { batchRows: 32 })
    assert.deepEqual([rest.added, rest.present], [30, 60])
    const state = await stateOf(whole)
    const uids = await ctx.db.selectFrom('item').select('uid').orderBy('uid').execute()
    clock.advance(60)
    const again = await whole.bringFrom('pinboard', 'p.json')
    assert.deepEqual([again.added, again.present, again.refused], [0, 90, 0])
    assert.deepEqual(await stateOf(whole), state)
    assert.deepEqual(await ctx.db.selectFrom('item').select('uid').orderBy('uid').execute(), uids)

    const changes = await ctx.db.selectFrom('change').selectAll().where('noun', '=', 'item').execute()
    assert.deepEqual(
      changes.map(({ op }) => op),
      Array.from({ length: 90 }, () => 'create'),
      'searches hear of each item once',
    )
    await assertSound(whole)
  },
)

onEachDatabase('a dry run says what would be, and writes nothing', async (database) => {
  await using library = await openImporting(database)
  const picture = await samplePicture({ width: 40, height: 30 })
  const posts = [
    { media: [{ uri: 'media/a.png', title: 'A' }] },
    { media: [{ uri: 'media/a.png', title: 'A' }] },
    { media: [{ uri: 'media/b.png', title: 'B' }] },
  ]
  const files = {
    'content/posts_1.json': JSON.stringify(posts),
    'media/a.png': picture,
    'media/b.png': picture.subarray(0, 50),
  }
  const written = async () => {
    const tables = ['item', 'tag', 'change', 'blob', 'job', 'blob_garbage'] as const
    const rows = tables.map((table) => library.ctx.db.selectFrom(table).selectAll().execute())
    return JSON.stringify(await Promise.all(rows))
  }
  const before = await written()
  const dry = await library.bring('instagram', 'i.zip', zipOfTexts(files), { dryRun: true, batchRows: 1 })
  const { outcomes, ...counts } = dry
  assert.deepEqual(counts, { rows: 3, added: 1, present: 1, refused: 1, failure: null })
  assert.equal(await written(), before)
  const blobs: string[] = []
  for await (const { sha256 } of library.ctx.blobs.list()) blobs.push(sha256)
  assert.deepEqual(blobs, [])

  const real = await library.bringFrom('instagram', 'i.zip')
  assert.deepEqual(real.outcomes, outcomes, 'what was said comes about')
  await assertSound(library)
})

onEachDatabase('aliases stand for their tags, and tags bring others along', async (database) => {
  await using library = await openImporting(database)
  const { ctx } = library
  const lines = [
    header,
    { type: 'alias', name: 'ships', target: 'boat' },
    { type: 'implication', tag: 'boat', implies: ['water'] },
    { type: 'implication', tag: 'water', implies: ['wet'] },
  ]
  await importFile(ctx, await library.write('tags.jsonl', lines))
  const rows = [
    { href: 'https://a.example/', tags: 'Ships red' },
    { href: 'https://b.example/', tags: 'red' },
    { href: 'https://c.example/', tags: 'oc:mina' },
  ]
  const { added } = await library.bring('pinboard', 'p.json', JSON.stringify(rows))
  assert.equal(added, 3)
  assert.deepEqual(partsOf(await library.items(), 'tags'), [
    [['boat', 'red', 'water', 'wet']],
    [['red']],
    [['oc', 'oc:mina']],
  ])
  const alias = await findTag(ctx, 'ships')
  assert.ok(alias.tag.id > 0, 'an alias that came with an archive is a tag with a number')
  await assertSound(library)
})

onEachDatabase('private, captured, and for whom', async (database) => {
  await using library = await openImporting(database, { VITRINE_CHROMIUM: 'off' })
  const { ctx } = library
  const two = JSON.stringify(bookmarks(2))
  await library.bring('pinboard', 'p.json', two, { private: true, capture: true })
  assert.deepEqual(partsOf(await library.items(), 'visibility'), [['private'], ['private']])
  const jobs = await ctx.db.selectFrom('job').select(['kind', 'payload']).orderBy('id').execute()
  const items = await library.items()
  assert.deepEqual(
    jobs.map(({ kind, payload }) => [kind, JSON.parse(payload)]),
    items.map(({ row, url }) => ['capture-page', { item: row.id, url }]),
  )
  await ctx.queue.runDue(jobHandlers(ctx))
  await assert.rejects(library.bring('pinboard', 'p.json', two, { accountLogin: 'nobody' }), {
    reason: { kind: 'not_found', what: 'account' },
  })
  const browser = await library.bring(
    'netscape',
    'b.html',
    '<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><DT><A HREF="https://site.example/0">x</A></DL>',
  )
  assert.equal(browser.added, 1, 'each service has its own')
  await assertSound(library)
})

onEachDatabase('two imports of one archive at a time bring it in once', async (database) => {
  await using library = await openImporting(database)
  await library.put('p.json', Buffer.from(JSON.stringify(bookmarks(60))))
  const both = await Promise.all([
    library.bringFrom('pinboard', 'p.json', { batchRows: 1 }),
    library.bringFrom('pinboard', 'p.json', { batchRows: 1 }),
  ])
  assert.deepEqual(
    both.map(({ rows, failure, outcomes }) => [rows, failure, refusalsOf(outcomes)]),
    [
      [60, null, []],
      [60, null, []],
    ],
  )
  assert.equal(both[0].added + both[1].added, 60)
  assert.equal((await library.items()).length, 60)
  await assertSound(library)
})
