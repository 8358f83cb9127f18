import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import {
  addAttachment,
  findAttachment,
  listAttachments,
  removeAttachment,
} from '../../src/library/attachments.ts'
import { LibraryError } from '../../src/library/errors.ts'
import { changeItem, findItem, removeItem } from '../../src/library/items.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { inspectPicture } from '../../src/media/inspect.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { addMember } from '../../src/library/teams.ts'
import { addNote, arrived, openLibrary, person, storedBlobs, type TestLibrary } from './open-library.ts'

const page = { offset: 0, limit: 10 }
const hostile = join(import.meta.dirname, '../data/hostile/generated')
const refusal = (kind: string) => (error: unknown) =>
  error instanceof LibraryError && error.reason.kind === kind

async function file({ ctx }: TestLibrary, words = 'some notes') {
  const incoming = await ctx.blobs.receive(Readable.from([Buffer.from(words)]), { maxBytes: 1000 })
  return { incoming, fileName: '../notes.txt', mimeType: 'text/plain', picture: null }
}

async function picture(library: TestLibrary, from: Buffer | { width: number; height: number }) {
  const { incoming, facts } = await arrived(library, from)
  return { incoming, fileName: null, mimeType: 'text/plain', picture: facts }
}

onEachDatabase('a file is attached, listed and removed', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const ada = await person(library, 'ada', { pro: true })
  const item = await addNote(library, ada)
  const id = await addAttachment(ctx, ada.viewer, item, await file(library))
  const found = await findAttachment(ctx, ANONYMOUS, item, id)
  assert.deepEqual(
    [found.file_name, found.mime_type, found.size_bytes, found.state],
    ['notes.txt', 'text/plain', 10, 'ready'],
  )
  assert.equal(await text(ctx.blobs.open(found.blob_sha256)), 'some notes')
  assert.equal((await listAttachments(ctx, ANONYMOUS, item, page)).total, 1)
  const loaded = await findItem(ctx, ANONYMOUS, item)
  assert.deepEqual([loaded.item.attachments_count, loaded.attachments.length], [1, 1])

  await assert.rejects(removeAttachment(ctx, ANONYMOUS, item, id), refusal('not_allowed'))
  await removeAttachment(ctx, ada.viewer, item, id)
  await assert.rejects(removeAttachment(ctx, ada.viewer, item, id), refusal('not_found'))
  assert.equal((await findItem(ctx, ANONYMOUS, item)).item.attachments_count, 0)
  clock.advance(31)
  await library.runJobs()
  assert.deepEqual(await storedBlobs(library), [])
})

onEachDatabase('attaching is for owners who are pro or with a team', async (database) => {
  await using library = await openLibrary(database)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const bob = await person(library, 'bob', { pro: true })
  const team = await person(library, 'club', { kind: 'team' })
  const item = await addNote(library, ada)
  const attach = async (who: typeof ada) => addAttachment(ctx, who.viewer, item, await file(library))
  await assert.rejects(attach(ada), refusal('not_allowed'))
  await assert.rejects(attach(bob), refusal('not_allowed'))
  assert.deepEqual(await storedBlobs(library), [])
  await addMember(ctx, team.account.id, ada.account.id)
  await attach(ada)
  await changeItem(ctx, ada.viewer, item, { visibility: 'private' })
  await assert.rejects(attach(bob), refusal('not_found'))
})

onEachDatabase(
  'an attached picture shows once its thumbnail is made, and without its place',
  async (database) => {
    await using library = await openLibrary(database)
    const { ctx } = library
    const ada = await person(library, 'ada', { pro: true })
    const item = await addNote(library, ada)
    const bytes = await readFile(join(hostile, 'exif-gps.jpg'))
    const id = await addAttachment(ctx, ada.viewer, item, await picture(library, bytes))
    await assert.rejects(findAttachment(ctx, ada.viewer, item, id), refusal('not_found'))
    assert.equal((await listAttachments(ctx, ada.viewer, item, page)).total, 0)

    const [before] = await storedBlobs(library)
    await library.runJobs()
    const found = await findAttachment(ctx, ANONYMOUS, item, id)
    assert.equal(found.mime_type, 'image/jpeg')
    assert.notEqual(found.blob_sha256, before)
    assert.equal(await ctx.blobs.size(found.blob_sha256), found.size_bytes)
    const { path } = await ctx.blobs.asFile(found.thumbnail_sha256 ?? '')
    const { width, height } = await inspectPicture(path)
    assert.ok(width <= 400 && height <= 300)

    library.clock.advance(31)
    await library.runJobs()
    assert.deepEqual(
      new Set(await storedBlobs(library)),
      new Set([found.blob_sha256, found.thumbnail_sha256]),
    )
    await removeItem(ctx, ada.viewer, item)
    library.clock.advance(31)
    await library.runJobs()
    assert.deepEqual(await storedBlobs(library), [])
  },
)

onEachDatabase('an attachment is found under its own item only', async (database) => {
  await using library = await openLibrary(database)
  const { ctx } = library
  const ada = await person(library, 'ada', { pro: true })
  const item = await addNote(library, ada)
  const other = await addNote(library, ada)
  const id = await addAttachment(ctx, ada.viewer, item, await file(library))
  await assert.rejects(findAttachment(ctx, ada.viewer, other, id), refusal('not_found'))
  await assert.rejects(removeAttachment(ctx, ada.viewer, other, id), refusal('not_found'))
  await changeItem(ctx, ada.viewer, item, { visibility: 'private' })
  await assert.rejects(findAttachment(ctx, ANONYMOUS, item, id), refusal('not_found'))
  await assert.rejects(listAttachments(ctx, ANONYMOUS, item, page), refusal('not_found'))
})
