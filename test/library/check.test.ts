import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { checkLibrary, type CheckReport } from '../../src/library/check.ts'
import { findItem, removeItem } from '../../src/library/items.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { term } from '../../src/search/language/tree.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { addNote, addPicture, openLibrary, person, storedBlobs, type TestLibrary } from './open-library.ts'

const told = ({ problems }: CheckReport) =>
  problems.map(({ kind, subject }) => `${kind} ${subject}`).toSorted()

/** An empty run first, then the damage is found, mended, and gone. */
async function mended(library: TestLibrary, problems: string[]): Promise<CheckReport> {
  const { ctx } = library
  assert.deepEqual(told(await checkLibrary(ctx, { repair: false })), problems.toSorted())
  const repaired = await checkLibrary(ctx, { repair: true })
  assert.deepEqual(told(repaired), problems.toSorted())
  assert.equal(repaired.clean, true)
  await library.runJobs()
  library.clock.advance(31)
  await library.runJobs()
  const after = await checkLibrary(ctx, { repair: false })
  assert.deepEqual(after.problems, [])
  return after
}

async function libraryWithPicture(database: Parameters<typeof openLibrary>[0]) {
  const library = await openLibrary(database)
  const ada = await person(library, 'ada')
  const id = await addPicture(library, ada, { picture: { width: 500, height: 400 }, tags: ['sea'] })
  const { item, renditions } = await findItem(library.ctx, ANONYMOUS, id)
  assert.deepEqual(told(await checkLibrary(library.ctx, { repair: false })), [])
  return { library, ada, id, original: item.blob_sha256 ?? '', renditions }
}

onEachDatabase('counters that drifted are found and mended', async (database) => {
  await using library = await openLibrary(database)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const id = await addNote(library, ada, { tags: ['sea'] })
  await addNote(library, ada, { reboundOf: id })
  await ctx.db
    .insertInto('reaction')
    .values({ item_id: id, account_id: 1, sort: 'fave', created_ms: 1 })
    .execute()
  // An archive knew of four more faves than it has reactions.
  await ctx.db.updateTable('item').set({ stated_counts: '{"faves":4}' }).where('id', '=', id).execute()
  await ctx.db
    .updateTable('item')
    .set({ rebounds_count: 9, comments_count: -1 })
    .where('id', '=', id)
    .execute()
  await ctx.db.updateTable('tag').set({ items_count: 0 }).execute()
  await ctx.db.updateTable('account').set({ followers_count: 3 }).execute()

  const one = `counter item ${id}`
  const { items } = await mended(library, [one, one, one, 'counter tag 1', 'counter account 1'])
  assert.equal(items, 2)
  const { item } = await findItem(ctx, ANONYMOUS, id)
  assert.deepEqual([item.faves_count, item.rebounds_count, item.comments_count], [5, 1, 0])
})

onEachDatabase('a search that is under way sees what was mended', async (database) => {
  await using library = await openLibrary(database)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const id = await addNote(library, ada)
  const remarked = async () => {
    const { ids } = await ctx.search.find({
      query: term({ op: 'compare', field: 'comment_count', is: '=', value: 7 }),
      seer: { accountId: null, role: 'member' },
      order: { by: 'id', direction: 'asc', ties: 'asc' },
      offset: 0,
      limit: 10,
    })
    return ids
  }
  await ctx.db.updateTable('item').set({ comments_count: 7 }).where('id', '=', id).execute()
  assert.deepEqual(await remarked(), [id])
  await mended(library, [`counter item ${id}`])
  assert.deepEqual(await remarked(), [])
})

onEachDatabase('a rendition that is missing or damaged is made again', async (database) => {
  const { library, id, renditions } = await libraryWithPicture(database)
  await using opened = library
  const { ctx } = opened
  const [small, large] = ['crop-200x150', 'crop-400x300'].map(
    (name) => renditions.get(name)?.blob_sha256 ?? '',
  )
  await ctx.blobs.remove(small ?? '')
  const { path } = await ctx.blobs.asFile(large ?? '')
  await writeFile(path, 'nonsense')
  await mended(opened, [`blob-missing ${small}`, `blob-damaged ${large}`])

  await ctx.db.deleteFrom('rendition').where('name', '=', 'crop-200x150').execute()
  opened.clock.advance(7 * 60 * 60)
  await mended(opened, [`blob-unused ${small}`, `rendition-missing item ${id}`])
  assert.equal((await findItem(ctx, ANONYMOUS, id)).renditions.size, 2)
})

onEachDatabase('a damaged original is told, and cannot be mended', async (database) => {
  const { library, id, original } = await libraryWithPicture(database)
  await using opened = library
  const { path } = await opened.ctx.blobs.asFile(original)
  await writeFile(path, 'nonsense')
  const report = await checkLibrary(opened.ctx, { repair: true })
  assert.equal(report.clean, false)
  assert.deepEqual(report.problems, [
    {
      kind: 'blob-damaged',
      subject: original,
      detail: `Needed by item ${id}; restore it from a backup.`,
      repaired: false,
    },
  ])
})

onEachDatabase('bytes without a row are told once they are old enough, and go', async (database) => {
  const { library, ada, id } = await libraryWithPicture(database)
  await using opened = library
  const { ctx, clock } = opened
  const leave = async (text: string) => {
    const incoming = await ctx.blobs.receive(Readable.from([Buffer.from(text)]), { maxBytes: 100 })
    await ctx.blobs.keep(incoming)
    return `blob-unused ${incoming.sha256}`
  }
  const left = await leave('left behind')
  clock.set(new Date().toISOString())
  assert.deepEqual(told(await checkLibrary(ctx, { repair: true })), [])
  // A process that was killed leaves such bytes, and the next sweep takes them: nothing is wrong yet.
  clock.advance(60)
  assert.deepEqual(told(await checkLibrary(ctx, { repair: false })), [])
  assert.deepEqual(told(await checkLibrary(ctx, { repair: true })), [left])
  const forgotten = await leave('forgotten')
  clock.advance(6 * 60 * 60 - 120)
  assert.deepEqual(told(await checkLibrary(ctx, { repair: false })), [])
  clock.advance(180)
  await mended(opened, [forgotten])

  // What waits to be collected is no problem; with nobody else writing it need not wait.
  await removeItem(ctx, ada.viewer, id)
  assert.deepEqual(told(await checkLibrary(ctx, { repair: false })), [])
  await checkLibrary(ctx, { repair: true, graceMs: 0 })
  assert.deepEqual(await storedBlobs(opened), [])
})

onEachDatabase('what waits without a job gets one', async (database) => {
  const { library, id } = await libraryWithPicture(database)
  await using opened = library
  const { ctx } = opened
  await ctx.db.updateTable('item').set({ state: 'processing' }).where('id', '=', id).execute()
  await mended(opened, [`stuck item ${id}`])
  assert.equal((await findItem(ctx, ANONYMOUS, id)).item.state, 'ready')
})
