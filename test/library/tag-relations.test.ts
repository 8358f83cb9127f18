import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { watchTag, watchedTags } from '../../src/library/account-settings.ts'
import { checkLibrary } from '../../src/library/check.ts'
import { changeItem } from '../../src/library/items.ts'
import { findTag } from '../../src/library/tag-lists.ts'
import {
  addAlias,
  addImplication,
  changeTag,
  removeAlias,
  removeImplication,
} from '../../src/library/tag-relations.ts'
import { replaceTags, tagsOfItems } from '../../src/library/store/tags.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import {
  addNote,
  fieldsOf,
  openLibrary,
  person,
  refused,
  tagCounts,
  type TestLibrary,
} from './open-library.ts'

const tagsOf = async ({ ctx }: TestLibrary, id: number) => (await tagsOfItems(ctx.db, [id])).get(id) ?? []

async function counterProblems({ ctx }: TestLibrary) {
  const { problems } = await checkLibrary(ctx, { repair: false, graceMs: 0 })
  return problems
}

// "images carry only the target"
onEachDatabase('an alias is replaced on the items that have it and on those to come', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const mod = await person(library, 'mod', { role: 'moderator' })
  const old = await addNote(library, ada, { tags: ['boat', 'sea'] })
  const both = await addNote(library, ada, { tags: ['boat', 'ship'] })
  const { name } = await addAlias(ctx, mod.viewer, { name: 'Boat', target: 'ship' })
  assert.equal(name, 'ship')
  assert.deepEqual(await tagsOf(library, old), ['sea', 'ship'])
  assert.deepEqual(await tagsOf(library, both), ['ship'])

  const fresh = await addNote(library, ada, { tags: ['Boat', 'ship'] })
  assert.deepEqual(await tagsOf(library, fresh), ['ship'])
  await changeItem(ctx, ada.viewer, old, { tags: ['boat'] })
  assert.deepEqual(await tagsOf(library, old), ['ship'])
  assert.deepEqual(await tagCounts(library), { boat: 0, sea: 0, ship: 3 })
  assert.deepEqual(await counterProblems(library), [])
})

onEachDatabase('an alias of an alias stands for the last one, with all that it had', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const mod = await person(library, 'mod', { role: 'moderator' })
  await addNote(library, ada, { tags: ['boat', 'ship', 'vessel'] })
  const ship = (await findTag(ctx, 'ship')).tag.id
  await watchTag(ctx, ada.viewer, ship, true)
  await addImplication(ctx, mod.viewer, { name: 'ship', implies: 'water' })
  await addImplication(ctx, mod.viewer, { name: 'mast', implies: 'ship' })
  await addAlias(ctx, mod.viewer, { name: 'boat', target: 'ship' })
  await addAlias(ctx, mod.viewer, { name: 'ship', target: 'vessel' })

  const vessel = await findTag(ctx, 'vessel')
  assert.deepEqual(vessel.aliases, ['boat', 'ship'])
  assert.deepEqual(
    [vessel.implies.map(({ name }) => name), vessel.impliedBy.map(({ name }) => name)],
    [['water'], ['mast']],
  )
  const watched = await watchedTags(ctx, ada.viewer)
  assert.deepEqual(
    watched.map(({ id }) => id),
    [vessel.tag.id],
  )
  const note = await addNote(library, ada, { tags: ['boat'] })
  assert.deepEqual(await tagsOf(library, note), ['vessel', 'water'])
  // The other way round there would be no end to it.
  assert.deepEqual(fieldsOf(await refused(addAlias(ctx, mod.viewer, { name: 'vessel', target: 'boat' }))), [
    'target',
  ])
})

// "adding a tag adds its implied tags (also `oc` for any `oc:` tag); removing does not cascade"
onEachDatabase('tags bring others along, through any number of steps and circles', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const mod = await person(library, 'mod', { role: 'moderator' })
  const before = await addNote(library, ada, { tags: ['gull'] })
  for (const [name, implies] of [
    ['gull', 'bird'],
    ['bird', 'animal'],
    ['animal', 'gull'],
  ] as const)
    await addImplication(ctx, mod.viewer, { name, implies })
  assert.deepEqual(await tagsOf(library, before), ['animal', 'bird', 'gull'])
  const after = await addNote(library, ada, { tags: ['bird', 'oc:mina'] })
  assert.deepEqual(await tagsOf(library, after), ['animal', 'bird', 'gull', 'oc', 'oc:mina'])

  await removeImplication(ctx, mod.viewer, { name: 'animal', implies: 'gull' })
  await removeImplication(ctx, mod.viewer, { name: 'gull', implies: 'bird' })
  await changeItem(ctx, ada.viewer, after, { tags: ['gull', 'animal'] })
  assert.deepEqual(await tagsOf(library, after), ['animal', 'gull'])
  assert.deepEqual(await tagsOf(library, before), ['animal', 'bird', 'gull'], 'what items have stays')
  assert.deepEqual(await counterProblems(library), [])
})

onEachDatabase('more items than change at once all change, each told of', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const mod = await person(library, 'mod', { role: 'moderator' })
  const first = await addNote(library, ada, { tags: ['boat'] })
  const { owner_id } = await ctx.db.selectFrom('item').select('owner_id').executeTakeFirstOrThrow()
  const boat = (await findTag(ctx, 'boat')).tag.id
  const times = { created_ms: 1, updated_ms: 1, first_seen_ms: 1, published_ms: 1 }
  const rows = Array.from({ length: 450 }, (_, n) => ({
    uid: n.toString(16).padStart(24, '0'),
    kind: 'text' as const,
    owner_id,
    state: 'ready' as const,
    ...times,
  }))
  const ids = await ctx.db.insertInto('item').values(rows).returning('id').execute()
  await ctx.db
    .insertInto('item_tag')
    .values(ids.map(({ id }) => ({ item_id: id, tag_id: boat })))
    .execute()
  await ctx.db.updateTable('tag').set({ items_count: 451 }).where('id', '=', boat).execute()
  await ctx.db.deleteFrom('change').execute()

  await addAlias(ctx, mod.viewer, { name: 'boat', target: 'ship' })
  assert.deepEqual(await tagCounts(library), { boat: 0, ship: 451 })
  const told = await ctx.db
    .selectFrom('change')
    .select('noun_id')
    .where('noun', '=', 'item')
    .orderBy('noun_id')
    .execute()
  assert.deepEqual(
    told.map(({ noun_id }) => noun_id),
    [first, ...ids.map(({ id }) => id)].toSorted((one, other) => one - other),
  )
  // What was cut short is finished by doing it again; done again when all is done, nothing changes.
  await addAlias(ctx, mod.viewer, { name: 'boat', target: 'ship' })
  assert.deepEqual(await tagCounts(library), { boat: 0, ship: 451 })
})

onEachDatabase('an alias taken back is a tag of its own again', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const mod = await person(library, 'mod', { role: 'moderator' })
  await addAlias(ctx, mod.viewer, { name: 'boat', target: 'ship' })
  await removeAlias(ctx, mod.viewer, 'boat')
  const note = await addNote(library, ada, { tags: ['boat'] })
  assert.deepEqual(await tagsOf(library, note), ['boat'])
  assert.equal((await refused(removeAlias(ctx, mod.viewer, 'boat'))).kind, 'not_found')
})

onEachDatabase('an alias waits for those who are tagging, so that it leaves nothing behind', async (at) => {
  await using library = await openLibrary(at)
  const { ctx, clock } = library
  const ada = await person(library, 'ada')
  const mod = await person(library, 'mod', { role: 'moderator' })
  const note = await addNote(library, ada)

  let making: Promise<unknown> | undefined
  await ctx.db.transaction().execute(async (db) => {
    await replaceTags(db, clock.now(), note, ['sea'])
    making = addAlias(ctx, mod.viewer, { name: 'boat', target: 'ship' })
    assert.equal(await Promise.race([making, sleep(300, 'waits')]), 'waits')
    await replaceTags(db, clock.now(), note, ['boat', 'sea'])
  })
  await making
  assert.deepEqual(await tagsOf(library, note), ['sea', 'ship'])
  assert.deepEqual(await counterProblems(library), [])
})

onEachDatabase('only moderators change tags, and only into what can be', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const mod = await person(library, 'mod', { role: 'moderator' })
  await addNote(library, ada, { tags: ['boat'] })
  const { tag } = await findTag(ctx, 'boat')
  for (const work of [
    () => addAlias(ctx, ada.viewer, { name: 'boat', target: 'ship' }),
    () => removeAlias(ctx, ada.viewer, 'boat'),
    () => addImplication(ctx, ada.viewer, { name: 'boat', implies: 'sea' }),
    () => removeImplication(ctx, ada.viewer, { name: 'boat', implies: 'sea' }),
    () => changeTag(ctx, ada.viewer, tag.id, { category: 'species' }),
  ])
    assert.equal((await refused(work())).kind, 'not_allowed')
  for (const [name, target, field] of [
    [' ', 'ship', 'name'],
    ['a,b', 'ship', 'name'],
    ['x'.repeat(256), 'ship', 'name'],
    ['boat', '', 'target'],
    ['boat', 'Boat', 'target'],
  ] as const)
    assert.deepEqual(fieldsOf(await refused(addAlias(ctx, mod.viewer, { name, target }))), [field])
  assert.deepEqual(
    fieldsOf(await refused(addImplication(ctx, mod.viewer, { name: 'boat', implies: 'boat' }))),
    ['implies'],
  )

  await changeTag(ctx, mod.viewer, tag.id, { category: 'species', shortDescription: 'It floats' })
  const changed = await findTag(ctx, 'boat')
  assert.deepEqual([changed.category, changed.tag.short_description], ['species', 'It floats'])
  assert.deepEqual(await tagCounts(library), { boat: 1 }, 'what was refused made no tags')
  const long = 'x'.repeat(256)
  assert.deepEqual(fieldsOf(await refused(changeTag(ctx, mod.viewer, tag.id, { shortDescription: long }))), [
    'short_description',
  ])
})
