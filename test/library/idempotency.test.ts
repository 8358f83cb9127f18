import assert from 'node:assert/strict'
import { LibraryError } from '../../src/library/errors.ts'
import { answerOnce, recallAnswer, type StoredAnswer } from '../../src/library/idempotency.ts'
import { addItem } from '../../src/library/items.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { arrived, openLibrary, person, sha256Of, storedBlobs, type TestLibrary } from './open-library.ts'

const fingerprint = sha256Of('POST /things title=Boats')
const answer = (id: number): StoredAnswer => ({
  status: 202,
  headers: { location: `/things/${id}` },
  body: '',
})

const isConflict = (error: unknown) => error instanceof LibraryError && error.reason.kind === 'conflict'

async function upload(library: TestLibrary, who: Awaited<ReturnType<typeof person>>, key: string) {
  const once = { accountId: who.account.id, key, fingerprint }
  const media = await arrived(library)
  return answerOnce(library.ctx, once, async () => {
    const input = { ownerId: who.account.id, title: 'Boats', media }
    const { id } = await addItem(library.ctx, who.viewer, input, {
      idempotency: { key, fingerprint, answer },
    })
    return answer(id)
  })
}

onEachDatabase('a key makes one item and one answer, for a day', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const ada = await person(library, 'ada')
  const bob = await person(library, 'bob')
  const first = await upload(library, ada, 'k1')
  assert.deepEqual(await upload(library, ada, 'k1'), first)
  assert.notDeepEqual(await upload(library, ada, 'k2'), first)
  assert.notDeepEqual(await upload(library, bob, 'k1'), first)

  const other = { accountId: ada.account.id, key: 'k1', fingerprint: sha256Of('POST /things title=Cars') }
  await assert.rejects(recallAnswer(ctx, other), isConflict)
  clock.advance(24 * 3600 + 1)
  assert.equal(await recallAnswer(ctx, other), null)
  assert.notDeepEqual(await upload(library, ada, 'k1'), first)
  const { length } = await ctx.db.selectFrom('item').select('id').execute()
  assert.equal(length, 4)
})

onEachDatabase(
  'of many requests at once with one key, one makes the item and all get its answer',
  async (database) => {
    await using library = await openLibrary(database)
    const ada = await person(library, 'ada')
    const answers = await Promise.all(Array.from({ length: 12 }, () => upload(library, ada, 'same')))
    const items = await library.ctx.db.selectFrom('item').select('id').execute()
    assert.equal(items.length, 1)
    for (const one of answers) assert.deepEqual(one, answer(items[0]?.id ?? 0))
    assert.equal((await storedBlobs(library)).length, 1)
    assert.equal((await library.ctx.db.selectFrom('job').select('id').execute()).length, 1)
  },
)

onEachDatabase('what was refused may be tried again under its key', async (database) => {
  await using library = await openLibrary(database)
  const ada = await person(library, 'ada', { mayUpload: false })
  await assert.rejects(upload(library, ada, 'k'), LibraryError)
  await library.ctx.db.updateTable('account').set({ may_upload: 1 }).execute()
  assert.equal((await upload(library, ada, 'k')).status, 202)
})
