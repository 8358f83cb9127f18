import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { rememberAnswer } from '../../src/library/idempotency.ts'
import { addItem, findItem } from '../../src/library/items.ts'
import { prepareLibrary } from '../../src/jobs/index.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { addNote, arrived, openLibrary, person, sha256Of, storedBlobs } from '../library/open-library.ts'

const day = 24 * 3600

onEachDatabase('a sweep clears what nobody will ask for again, and comes back', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const ada = await person(library, 'ada')
  const remember = (key: string) =>
    rememberAnswer(
      ctx.db,
      ctx.clock(),
      { accountId: ada.account.id, key, fingerprint: sha256Of('x') },
      { status: 201, headers: {}, body: '' },
    )
  await remember('old')
  clock.advance(day + 1)
  await remember('new')
  const incoming = await ctx.blobs.receive(Readable.from([Buffer.from('left')]), { maxBytes: 10 })
  await ctx.blobs.keep(incoming)
  clock.advance(60)

  await prepareLibrary(ctx)
  await library.runJobs()
  const answers = await ctx.db.selectFrom('idempotency').select('key').execute()
  assert.deepEqual(
    answers.map(({ key }) => key),
    ['new'],
  )
  clock.advance(31)
  await library.runJobs()
  assert.deepEqual(await storedBlobs(library), [])

  const waiting = await ctx.db.selectFrom('job').select(['kind', 'run_ms']).execute()
  assert.deepEqual(
    waiting.map(({ kind, run_ms }) => [kind, run_ms]),
    [['sweep', clock.now().getTime() - 31_000 + 6 * 3_600_000]],
  )
  // A start finds the one that waits and has it done now.
  await prepareLibrary(ctx)
  assert.equal((await ctx.db.selectFrom('job').select('id').execute()).length, 1)
})

onEachDatabase('an item whose job was set aside gets another chance', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const ada = await person(library, 'ada')
  const media = await arrived(library)
  const { id } = await addItem(ctx, ada.viewer, { ownerId: ada.account.id, media })
  await ctx.db.updateTable('job').set({ failed_ms: 1, error: 'the disk was away' }).execute()
  await library.runJobs()
  clock.advance(3600)
  await prepareLibrary(ctx)
  await library.runJobs()
  assert.equal((await findItem(ctx, ANONYMOUS, id)).item.state, 'ready')
})

// v2 shots, "Scheduling": what fell due while the server was down is published at its own time.
onEachDatabase('a start publishes what fell due meanwhile', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const ada = await person(library, 'ada', { pro: true })
  const due = new Date(clock.now().getTime() + 5000)
  const id = await addNote(library, ada, { scheduledAt: due })
  clock.advance(day)
  await prepareLibrary(ctx)
  assert.equal((await findItem(ctx, ANONYMOUS, id)).item.published_ms, due.getTime())
})
