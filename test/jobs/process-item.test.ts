import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { makePictures, withBlob } from '../../src/jobs/pictures.ts'
import { LibraryError } from '../../src/library/errors.ts'
import { addItem, findItem, listUnfinished, removeItem } from '../../src/library/items.ts'
import { finishItem } from '../../src/library/processing.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { samplePicture } from '../helpers/pictures.ts'
import { addPicture, arrived, openLibrary, person, storedBlobs } from '../library/open-library.ts'

const hostile = join(import.meta.dirname, '../data/hostile/generated')
const isNotFound = (error: unknown) => error instanceof LibraryError && error.reason.kind === 'not_found'

// v2 shots, "Create a shot": a picture is there for nobody until it has been processed.
onEachDatabase('a picture becomes ready with its renditions, colours and hashes', async (database) => {
  await using library = await openLibrary(database)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const media = await arrived(library, { width: 900, height: 700 })
  const { id } = await addItem(ctx, ada.viewer, { ownerId: ada.account.id, title: 'Boats', media })
  await assert.rejects(findItem(ctx, ada.viewer, id), isNotFound)
  assert.equal((await listUnfinished(ctx, ada.viewer, { offset: 0, limit: 5 })).total, 1)

  assert.equal(await library.runJobs(), 1)
  const { item, renditions } = await findItem(ctx, ANONYMOUS, id)
  assert.deepEqual([item.width, item.height, item.format, item.mime_type], [900, 700, 'png', 'image/png'])
  assert.deepEqual([item.updated_ms, item.file_name], [item.created_ms, 'picture.png'])
  const sizes = [...renditions.values()].map(({ name, width, height, animated }) => [
    name,
    width,
    height,
    animated,
  ])
  assert.deepEqual(sizes, [
    ['crop-200x150', 200, 150, 0],
    ['crop-400x300', 400, 300, 0],
    ['crop-800x600', 800, 600, 0],
  ])
  assert.match(item.perceptual_hash ?? '', /^[0-9a-f]{16}$/)
  assert.match(item.colours ?? '', /^\[\{"hex":/)
  assert.match(item.intensities ?? '', /^\{"nw":/)
  assert.ok(item.placeholder)
  const stored = new Set(await storedBlobs(library))
  for (const { blob_sha256 } of renditions.values()) assert.ok(stored.has(blob_sha256))
  assert.deepEqual(await readdir(join(library.folder, 'incoming')), [])
})

test('an animation moves in its largest rendition only', async () => {
  await using library = await openLibrary()
  const ada = await person(library, 'ada')
  const id = await addPicture(library, ada, { picture: { format: 'gif', frames: 3 } })
  const { item, renditions } = await findItem(library.ctx, ANONYMOUS, id)
  assert.deepEqual([item.frames, item.duration_seconds !== null], [3, true])
  assert.deepEqual(
    [...renditions.values()].map(({ name, animated }) => [name, animated]),
    [
      ['crop-200x150', 0],
      ['crop-400x300', 1],
    ],
  )
})

test('a picture that says where it was taken gets a public original without the place', async () => {
  await using library = await openLibrary()
  const ada = await person(library, 'ada')
  const bytes = await readFile(join(hostile, 'exif-gps.jpg'))
  const id = await addPicture(library, ada, { picture: bytes })
  const { item, renditions } = await findItem(library.ctx, ANONYMOUS, id)
  const stripped = renditions.get('public-original')
  assert.deepEqual([stripped?.width, stripped?.height], [item.width, item.height])
  assert.notEqual(stripped?.blob_sha256, item.blob_sha256)
})

onEachDatabase(
  'a damaged picture fails with a sentence for its owner, and is there for nobody',
  async (database) => {
    await using library = await openLibrary(database)
    const { ctx } = library
    const ada = await person(library, 'ada')
    // Its headers are sound; what is wrong shows when it is decoded.
    const bytes = await samplePicture({ width: 400, height: 300, format: 'gif' })
    bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 100)
    // What is appended goes from the public copy, which is made before anybody knows that it is in vain.
    const media = await arrived(library, Buffer.concat([bytes, Buffer.from('a film')]))
    const { id } = await addItem(ctx, ada.viewer, { ownerId: ada.account.id, title: 'Boats', media })
    assert.equal(await library.runJobs(), 1)
    await assert.rejects(findItem(ctx, ada.viewer, id), isNotFound)
    const { rows } = await listUnfinished(ctx, ada.viewer, { offset: 0, limit: 5 })
    assert.deepEqual(
      rows.map(({ state }) => state),
      ['failed'],
    )
    assert.match(rows[0]?.failure ?? '', /^[a-z' ]+$/)
    assert.deepEqual(await readdir(join(library.folder, 'incoming')), [])
    assert.deepEqual(await ctx.db.selectFrom('job').selectAll().execute(), [])
    await removeItem(ctx, ada.viewer, id)
  },
)

onEachDatabase(
  'an original that cannot be read leaves the item waiting, and its job set aside',
  async (database) => {
    await using library = await openLibrary(database)
    const { ctx, clock } = library
    const ada = await person(library, 'ada')
    const media = await arrived(library)
    const { sha256 } = media.incoming
    const { id } = await addItem(ctx, ada.viewer, { ownerId: ada.account.id, title: 'Boats', media })
    await ctx.blobs.remove(sha256)
    for (let n = 0; n < 4; n += 1) {
      await library.runJobs()
      clock.advance(120)
    }
    const job = await ctx.db.selectFrom('job').selectAll().executeTakeFirstOrThrow()
    assert.ok(job.failed_ms !== null)
    const item = await ctx.db
      .selectFrom('item')
      .select('state')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    assert.equal(item.state, 'processing')
  },
)

onEachDatabase('an item deleted while it waits is not missed', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const ada = await person(library, 'ada')
  const media = await arrived(library)
  const { id } = await addItem(ctx, ada.viewer, { ownerId: ada.account.id, title: 'Boats', media })
  await removeItem(ctx, ada.viewer, id)
  await library.runJobs()
  clock.advance(31)
  await library.runJobs()
  assert.deepEqual(await storedBlobs(library), [])
  assert.deepEqual(await ctx.db.selectFrom('job').selectAll().execute(), [])
})

onEachDatabase('two runs of one job are as good as one', async (database) => {
  await using library = await openLibrary(database)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const media = await arrived(library)
  const { id } = await addItem(ctx, ada.viewer, { ownerId: ada.account.id, title: 'Boats', media })
  await ctx.queue.enqueue(ctx.db, { kind: 'process-item', payload: { item: id } })
  assert.ok((await library.runJobs()) >= 2)
  const { renditions } = await findItem(ctx, ANONYMOUS, id)
  assert.equal(renditions.size, 2)
})

onEachDatabase('pictures of an item that was deleted while they were made are dropped', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const ada = await person(library, 'ada')
  const media = await arrived(library, { width: 640, height: 480 })
  const { id } = await addItem(ctx, ada.viewer, { ownerId: ada.account.id, media })
  const processed = await withBlob(ctx, media.incoming.sha256, (at) => makePictures(ctx, at))
  await removeItem(ctx, ada.viewer, id)
  await finishItem(ctx, id, { processed, again: false })
  assert.equal((await storedBlobs(library)).length, 3)
  clock.advance(31)
  await library.runJobs()
  assert.deepEqual(await storedBlobs(library), [])
})
