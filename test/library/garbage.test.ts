import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { LibraryError } from '../../src/library/errors.ts'
import { collectGarbage, markOrphans } from '../../src/library/garbage.ts'
import { keepBytes, nameBlobs } from '../../src/library/keeping.ts'
import { markGarbage, takeGarbage } from '../../src/library/store/blobs.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openLibrary, person, storedBlobs, type TestLibrary } from './open-library.ts'

const receive = ({ ctx }: TestLibrary, text: string) =>
  ctx.blobs.receive(Readable.from([Buffer.from(text)]), { maxBytes: 1000 })

/** Bytes kept, named, and referred to by an account. */
async function avatar(library: TestLibrary, text: string): Promise<{ sha256: string; id: number }> {
  const { account } = await person(library, text)
  const kept = await keepBytes(library.ctx, [await receive(library, text)])
  const sha256 = kept.blobs[0]?.sha256 ?? ''
  await nameBlobs(library.ctx.db, library.ctx.clock(), kept)
  await library.ctx.db
    .updateTable('account')
    .set({ avatar_sha256: sha256 })
    .where('id', '=', account.id)
    .execute()
  return { sha256, id: account.id }
}

onEachDatabase('garbage that is needed after all is kept', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const { sha256 } = await avatar(library, 'face')
  await markGarbage(ctx.db, ctx.clock(), [sha256])
  clock.advance(31)
  assert.deepEqual(await collectGarbage(ctx), { removed: 0, waiting: 0 })
  assert.deepEqual(await storedBlobs(library), [sha256])
})

onEachDatabase('garbage waits half a minute, then goes, row and bytes', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const { sha256, id } = await avatar(library, 'face')
  await ctx.db.updateTable('account').set({ avatar_sha256: null }).where('id', '=', id).execute()
  await markGarbage(ctx.db, ctx.clock(), [sha256])
  clock.advance(29)
  assert.deepEqual(await collectGarbage(ctx), { removed: 0, waiting: 1 })
  clock.advance(2)
  assert.deepEqual(await collectGarbage(ctx), { removed: 1, waiting: 0 })
  assert.deepEqual(await storedBlobs(library), [])
  assert.deepEqual(await ctx.db.selectFrom('blob').selectAll().execute(), [])
})

onEachDatabase('bytes that arrive again while they wait are no garbage any more', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const { sha256, id } = await avatar(library, 'face')
  await ctx.db.updateTable('account').set({ avatar_sha256: null }).where('id', '=', id).execute()
  await markGarbage(ctx.db, ctx.clock(), [sha256])
  clock.advance(31)

  // Between keeping and naming nothing is removed, however old the garbage was.
  const kept = await keepBytes(ctx, [await receive(library, 'face')])
  assert.deepEqual(await collectGarbage(ctx), { removed: 0, waiting: 0 })
  await nameBlobs(ctx.db, ctx.clock(), kept)
  assert.deepEqual(await storedBlobs(library), [sha256])
})

onEachDatabase('bytes are not named long after they were kept', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const kept = await keepBytes(ctx, [await receive(library, 'late')])
  clock.advance(16)
  await assert.rejects(
    nameBlobs(ctx.db, ctx.clock(), kept),
    (error) => error instanceof LibraryError && error.reason.kind === 'unavailable',
  )
})

onEachDatabase('bytes whose removal has begun are kept only once it has ended', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const { sha256, id } = await avatar(library, 'face')
  await ctx.db.updateTable('account').set({ avatar_sha256: null }).where('id', '=', id).execute()
  await markGarbage(ctx.db, ctx.clock(), [sha256])
  clock.advance(31)
  const nowMs = clock.now().getTime()
  assert.deepEqual(await takeGarbage(ctx.db, { nowMs, cutoffMs: nowMs - 30_000 }, 10), [sha256])
  // Nobody else takes what is taken.
  assert.deepEqual(await takeGarbage(ctx.db, { nowMs, cutoffMs: nowMs - 30_000 }, 10), [])

  const keeping = keepBytes(ctx, [await receive(library, 'face')])
  // The taker dies; another one finishes its work after the same wait.
  clock.advance(31)
  assert.deepEqual(await collectGarbage(ctx), { removed: 1, waiting: 0 })
  const kept = await keeping
  assert.deepEqual(await storedBlobs(library), [sha256])
  assert.equal(kept.blobs[0]?.sha256, sha256)
})

onEachDatabase('stored bytes without a row are found and collected', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const { sha256 } = await avatar(library, 'face')
  await ctx.blobs.keep(await receive(library, 'left behind'))
  assert.equal((await storedBlobs(library)).length, 2)
  assert.equal(await markOrphans(ctx), 1)
  clock.advance(31)
  assert.deepEqual(await collectGarbage(ctx), { removed: 1, waiting: 0 })
  assert.deepEqual(await storedBlobs(library), [sha256])
})
