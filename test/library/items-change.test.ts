import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeItem, findItem, listItems } from '../../src/library/items.ts'
import { addMember } from '../../src/library/teams.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { addNote, fieldsOf, openLibrary, person, refused, tagCounts } from './open-library.ts'

const page = { offset: 0, limit: 30 }

// v2 shots, "Scheduling": for pro accounts, teams and members of teams.
onEachDatabase('a scheduled item is its owner’s alone until its time', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const ada = await person(library, 'ada', { pro: true })
  const bob = await person(library, 'bob')
  const source = await addNote(library, bob)
  const at = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000)

  const plain = await refused(addNote(library, bob, { scheduledAt: at(60) }))
  assert.deepEqual(plain, { kind: 'not_allowed', what: 'item', action: 'schedule' })
  for (const late of [at(0), at(-1), new Date(Number.NaN)])
    assert.deepEqual(fieldsOf(await refused(addNote(library, ada, { scheduledAt: late }))), ['scheduled_at'])

  const id = await addNote(library, ada, { scheduledAt: at(60), reboundOf: source })
  const own = { ownerId: ada.account.id, order: 'newest' } as const
  assert.equal((await findItem(ctx, ada.viewer, id)).item.published_ms, null)
  assert.deepEqual(await refused(findItem(ctx, bob.viewer, id)), { kind: 'not_found', what: 'item' })
  assert.equal((await listItems(ctx, ada.viewer, own, page)).total, 0)
  assert.equal((await listItems(ctx, ada.viewer, { ...own, includeUnpublished: true }, page)).total, 1)
  assert.equal((await listItems(ctx, bob.viewer, { ...own, includeUnpublished: true }, page)).total, 0)
  assert.equal((await findItem(ctx, bob.viewer, source)).item.rebounds_count, 0)

  const due = at(60).getTime()
  await library.runJobs()
  assert.equal((await listItems(ctx, bob.viewer, own, page)).total, 0)
  clock.advance(75)
  await library.runJobs()
  const { item } = await findItem(ctx, bob.viewer, id)
  assert.deepEqual([item.published_ms, item.scheduled_ms], [due, null])
  assert.equal((await findItem(ctx, bob.viewer, source)).item.rebounds_count, 1)
})

onEachDatabase('a change touches what is given and nothing else', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const ada = await person(library, 'ada')
  const bob = await person(library, 'bob')
  const team = await person(library, 'club', { kind: 'team' })
  await addMember(ctx, team.account.id, ada.account.id)
  const teamId = team.account.id
  const id = await addNote(library, ada, { title: 'Old', description: 'Words', tags: ['a', 'b'], teamId })
  await addNote(library, bob, { tags: ['b', 'c'] })
  const before = (await findItem(ctx, ANONYMOUS, id)).item

  clock.advance(10)
  await changeItem(ctx, ada.viewer, id, { title: 'New' })
  let found = await findItem(ctx, ANONYMOUS, id)
  assert.deepEqual({ ...found.item }, { ...before, title: 'New', updated_ms: before.updated_ms + 10_000 })
  assert.deepEqual(found.tags, ['a', 'b'])

  await changeItem(ctx, ada.viewer, id, { tags: ['C', 'b'], teamId: null, description: '', lowProfile: true })
  found = await findItem(ctx, ANONYMOUS, id)
  assert.deepEqual(found.tags, ['b', 'c'])
  assert.deepEqual([found.item.team_id, found.item.description, found.item.low_profile], [null, null, 1])
  assert.deepEqual(await tagCounts(library), { a: 0, b: 2, c: 2 })

  await changeItem(ctx, ada.viewer, id, { tags: [] })
  assert.deepEqual((await findItem(ctx, ANONYMOUS, id)).tags, [])
  assert.deepEqual(await tagCounts(library), { a: 0, b: 1, c: 1 })
  assert.deepEqual(fieldsOf(await refused(changeItem(ctx, ada.viewer, id, { teamId: bob.account.id }))), [
    'team_id',
  ])
  assert.equal(fieldsOf(await refused(changeItem(ctx, bob.viewer, id, { title: 'Mine' }))), 'not_allowed')
  await changeItem(ctx, ada.viewer, id, { visibility: 'private' })
  assert.equal(fieldsOf(await refused(changeItem(ctx, bob.viewer, id, { title: 'Mine' }))), 'not_found')
})

test('a new time counts only while the item is unpublished', async () => {
  await using library = await openLibrary()
  const { ctx, clock } = library
  const ada = await person(library, 'ada', { pro: true })
  const at = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000)
  const id = await addNote(library, ada, { scheduledAt: at(60) })
  await changeItem(ctx, ada.viewer, id, { scheduledAt: at(30) })
  assert.deepEqual(fieldsOf(await refused(changeItem(ctx, ada.viewer, id, { scheduledAt: at(-1) }))), [
    'scheduled_at',
  ])
  clock.advance(31)
  await library.runJobs()
  const { item } = await findItem(ctx, ANONYMOUS, id)
  assert.equal(item.published_ms, at(-1).getTime())

  await changeItem(ctx, ada.viewer, id, { scheduledAt: at(-100) })
  await changeItem(ctx, ada.viewer, id, { scheduledAt: at(100) })
  assert.deepEqual((await findItem(ctx, ANONYMOUS, id)).item.published_ms, item.published_ms)

  const now = await addNote(library, ada, { scheduledAt: at(60) })
  await changeItem(ctx, ada.viewer, now, { scheduledAt: null })
  assert.equal((await findItem(ctx, ANONYMOUS, now)).item.published_ms, clock.now().getTime())
})
