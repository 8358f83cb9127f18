import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { block } from '../../src/library/blocks.ts'
import { addItem, findItem } from '../../src/library/items.ts'
import { addMember } from '../../src/library/teams.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import {
  addNote,
  arrived,
  fieldsOf,
  openLibrary,
  person,
  refused,
  storedBlobs,
  tagCounts,
} from './open-library.ts'

onEachDatabase('an item is added with everything that belongs to it', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const ada = await person(library, 'ada')
  const team = await person(library, 'harbour-club', { kind: 'team' })
  await addMember(ctx, team.account.id, ada.account.id)
  const source = await addNote(library, ada, { title: 'First' })

  const id = await addNote(library, ada, {
    title: 'Boats',
    description: ' ',
    tags: ['Sea', ' boat ', 'sea'],
    teamId: team.account.id,
    reboundOf: source,
    sourceUrl: 'https://harbour.example/boats',
    takenOn: '2024-02-29',
    content: { text: 'Ahoy' },
  })
  const {
    item,
    tags,
    owner,
    team: shownTeam,
    renditions,
    attachments,
    projects,
  } = await findItem(ctx, ANONYMOUS, id)
  assert.match(item.uid, /^[0-9a-f]{24}$/)
  assert.equal(item.title, 'Boats')
  assert.equal(item.description, null)
  assert.equal(item.content, '{"text":"Ahoy"}')
  assert.equal(item.taken_on, '2024-02-29')
  assert.deepEqual(
    [item.created_ms, item.published_ms, item.first_seen_ms],
    Array(3).fill(clock.now().getTime()),
  )
  assert.deepEqual(tags, ['boat', 'sea'])
  assert.equal(owner.login, 'ada')
  assert.equal(shownTeam?.login, 'harbour-club')
  assert.deepEqual([renditions.size, attachments.length, projects.length], [0, 0, 0])

  assert.equal((await findItem(ctx, ANONYMOUS, source)).item.rebounds_count, 1)
  assert.deepEqual(await tagCounts(library), { boat: 1, sea: 1 })
  const changes = await ctx.db.selectFrom('change').selectAll().where('noun', '=', 'item').execute()
  assert.deepEqual(
    changes.map(({ noun_id, op }) => [noun_id, op]),
    [
      [source, 'create'],
      [id, 'create'],
    ],
  )
})

onEachDatabase('everything that is wrong is told at once, and nothing is kept', async (database) => {
  await using library = await openLibrary(database)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const bob = await person(library, 'bob')
  const hidden = await addNote(library, bob, { visibility: 'private' })
  const media = await arrived(library)
  const reason = await refused(
    addItem(ctx, ada.viewer, {
      ownerId: ada.account.id,
      media,
      title: 'x'.repeat(1001),
      description: 'nul \0',
      tags: ['x'.repeat(256)],
      sourceUrl: 'javascript:alert(1)',
      takenOn: '2025-02-29',
      teamId: bob.account.id,
      reboundOf: hidden,
      content: { text: 'x'.repeat(1_000_001) },
    }),
  )
  assert.deepEqual(fieldsOf(reason), [
    'title',
    'description',
    'source_url',
    'taken_on',
    'content',
    'tags',
    'team_id',
    'rebound_of',
  ])
  assert.deepEqual(await readdir(join(library.folder, 'incoming')), [])
  assert.deepEqual(await storedBlobs(library), [])
  assert.equal((await ctx.db.selectFrom('item').select('id').execute()).length, 1)
  assert.deepEqual(await ctx.db.selectFrom('tag').select('id').execute(), [])
})

test('who may add an item, and for whom', async () => {
  await using library = await openLibrary()
  const { ctx } = library
  const ada = await person(library, 'ada')
  const bob = await person(library, 'bob', { mayUpload: false })
  const admin = await person(library, 'root', { role: 'admin' })
  const forBob = { ownerId: bob.account.id, title: 'A note' }
  for (const viewer of [ada.viewer, bob.viewer, ANONYMOUS])
    assert.deepEqual(await refused(addItem(ctx, viewer, forBob)), {
      kind: 'not_allowed',
      what: 'item',
      action: 'add',
    })
  assert.ok(await addItem(ctx, admin.viewer, forBob))
  const nobody = await refused(addItem(ctx, admin.viewer, { ownerId: 999, title: 'A note' }))
  assert.deepEqual(nobody, { kind: 'not_found', what: 'account' })
})

test('an item of somebody who blocks the account cannot be rebounded', async () => {
  await using library = await openLibrary()
  const ada = await person(library, 'ada')
  const bob = await person(library, 'bob')
  const source = await addNote(library, ada)
  await block(library.ctx, ada.viewer, bob.account.id)
  assert.deepEqual(fieldsOf(await refused(addNote(library, bob, { reboundOf: source }))), ['rebound_of'])
  assert.deepEqual(fieldsOf(await refused(addNote(library, bob, { reboundOf: 999 }))), ['rebound_of'])
})

test('the daily and the monthly limit bind members, and end with the day and the month', async () => {
  await using library = await openLibrary(undefined, {
    VITRINE_UPLOADS_PER_DAY: '2',
    VITRINE_UPLOADS_PER_MONTH: '3',
  })
  const { clock } = library
  clock.set('2026-03-30T23:59:00Z')
  const ada = await person(library, 'ada')
  const admin = await person(library, 'root', { role: 'admin' })
  const add = () => addNote(library, ada)
  await add()
  await add()
  assert.deepEqual(await refused(add()), {
    kind: 'too_many',
    problem: 'reached the daily limit of 2 items',
    retryAfterSeconds: 60,
  })
  clock.set('2026-03-31T00:00:00Z')
  await add()
  assert.deepEqual(await refused(add()), {
    kind: 'too_many',
    problem: 'reached the monthly limit of 3 items',
    retryAfterSeconds: 86_400,
  })
  clock.set('2026-04-01T00:00:00Z')
  await add()
  for (let n = 0; n < 4; n += 1) await addNote(library, admin)
})

onEachDatabase('uploads at once cannot pass the limit together', async (database) => {
  await using library = await openLibrary(database, { VITRINE_UPLOADS_PER_DAY: '2' })
  const ada = await person(library, 'ada')
  const added = await Promise.allSettled(Array.from({ length: 6 }, () => addNote(library, ada)))
  assert.equal(added.filter(({ status }) => status === 'fulfilled').length, 2)
})
