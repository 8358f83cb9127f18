import assert from 'node:assert/strict'
import type { FieldTable } from '../../src/search/fields.ts'
import {
  addFilter,
  changeFilter,
  chooseFilter,
  currentFilter,
  DEFAULT_FILTER_ID,
  findFilter,
  ownFilters,
  removeFilter,
  searchFilters,
  systemFilters,
} from '../../src/library/filters.ts'
import { findTag } from '../../src/library/tag-lists.ts'
import { addAlias } from '../../src/library/tag-relations.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { addNote, fieldsOf, openLibrary, person, refused } from './open-library.ts'

const fields: FieldTable = new Map([
  ['score', 'score'],
  ['my', 'my'],
  ['filter_id', 'filter'],
])
const page = { offset: 0, limit: 20 }

// "Default 100073, Everything 56027, Maximum Spoilers 37430, Legacy Default 37431, 18+/R34 37432, Dark 37429"
onEachDatabase('the filters of the installation have the ids that clients send', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const all = await systemFilters(ctx)
  assert.deepEqual(
    all.map(({ id }) => id),
    [100073, 37429, 37430, 37431, 37432, 56027],
  )
  for (const filter of all)
    assert.deepEqual(
      [filter.system, filter.public, filter.owner_id, filter.user_count],
      [true, true, null, 0],
    )
  assert.deepEqual(all[0]?.hidden_tag_ids, [], 'tags that no item ever had')

  const ada = await person(library, 'ada')
  await addNote(library, ada, { tags: ['explicit', 'grotesque', 'questionable', 'safe'] })
  const standard = await currentFilter(ctx, ANONYMOUS)
  assert.equal(standard.id, DEFAULT_FILTER_ID)
  assert.deepEqual(
    [standard.hidden_tags, standard.spoilered_tags],
    [['explicit', 'grotesque'], ['questionable']],
  )
  const explicit = (await findTag(ctx, 'explicit')).tag.id
  assert.equal(standard.hidden_tag_ids[0], explicit)
  const everything = await findFilter(ctx, ANONYMOUS, 56027)
  assert.deepEqual([everything.hidden_tag_ids, everything.spoilered_tag_ids], [[], []])
})

onEachDatabase('a person adds, changes and removes filters', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const mod = await person(library, 'mod', { role: 'moderator' })
  await addNote(library, ada, { tags: ['boat', 'sea', 'rock'] })
  const [boat, sea] = [(await findTag(ctx, 'boat')).tag.id, (await findTag(ctx, 'sea')).tag.id]
  const input = {
    name: 'Dry',
    hiddenTags: [sea, 'Boat', 'boat'],
    spoileredTags: ['rock'],
    hiddenComplex: 'score.lt:0',
  }
  const made = await addFilter(ctx, ada.viewer, input, fields)
  assert.ok(made.id > DEFAULT_FILTER_ID)
  assert.deepEqual(new Set(made.hidden_tag_ids), new Set([boat, sea]))
  assert.deepEqual([made.spoilered_tags, made.hidden_complex, made.public], [['rock'], 'score.lt:0', false])
  assert.deepEqual([made.owner_id, made.description, made.system], [ada.account.id, '', false])

  library.clock.advance(1000)
  const change = { id: made.id, hiddenTags: [], description: 'No sea', spoileredComplex: 'rock\nsea' }
  const changed = await changeFilter(ctx, ada.viewer, change, fields)
  assert.deepEqual(
    [changed.name, changed.hidden_tag_ids, changed.spoilered_tags, changed.spoilered_complex],
    ['Dry', [], ['rock'], 'rock\nsea'],
  )
  assert.ok(changed.updated_ms > made.updated_ms)
  assert.deepEqual(
    (await ownFilters(ctx, ada.viewer)).map(({ id }) => id),
    [made.id],
  )

  // A name that became an alias is the tag that it stands for.
  await addAlias(ctx, mod.viewer, { name: 'rock', target: 'stone' })
  assert.deepEqual((await findFilter(ctx, ada.viewer, made.id)).spoilered_tags, ['stone'])
  await removeFilter(ctx, ada.viewer, made.id)
  assert.deepEqual(await ownFilters(ctx, ada.viewer), [])
})

onEachDatabase(
  'a filter is for its owner, or for all when it is public, and its owner’s to change',
  async (at) => {
    await using library = await openLibrary(at)
    const { ctx } = library
    const [ada, bob] = [await person(library, 'ada'), await person(library, 'bob')]
    const mod = await person(library, 'mod', { role: 'moderator' })
    const own = await addFilter(ctx, ada.viewer, { name: 'Own' }, fields)
    const open = await addFilter(ctx, ada.viewer, { name: 'Open 50%', public: true }, fields)
    await addFilter(ctx, ada.viewer, { name: 'Ajar', description: 'OPEN a bit', public: true }, fields)
    for (const viewer of [ANONYMOUS, bob.viewer]) {
      assert.equal((await refused(findFilter(ctx, viewer, own.id))).kind, 'not_found')
      assert.equal((await findFilter(ctx, viewer, open.id)).name, 'Open 50%')
    }
    assert.equal((await findFilter(ctx, mod.viewer, own.id)).name, 'Own')
    for (const viewer of [bob.viewer, mod.viewer, ANONYMOUS]) {
      assert.equal((await refused(removeFilter(ctx, viewer, open.id))).kind, 'not_allowed')
      const change = { id: open.id, name: 'Mine' }
      assert.equal((await refused(changeFilter(ctx, viewer, change, fields))).kind, 'not_allowed')
    }
    assert.equal((await refused(removeFilter(ctx, mod.viewer, DEFAULT_FILTER_ID))).kind, 'not_allowed')
    assert.equal((await refused(addFilter(ctx, ANONYMOUS, { name: 'x' }, fields))).kind, 'not_signed_in')

    const found = async (text: string, descending = false) =>
      (await searchFilters(ctx, { text, descending }, page)).rows.map(({ name }) => name)
    assert.deepEqual(await found('open'), ['Ajar', 'Open 50%'])
    assert.deepEqual(await found('open', true), ['Open 50%', 'Ajar'])
    assert.deepEqual(await found('%'), ['Open 50%'])
    assert.deepEqual(await found('own'), [])
  },
)

// A1: "honour it for everyone, but only for filters the caller may read"; unknown: "silently the default filter"
onEachDatabase(
  'a request is answered with the filter it asks for, the one chosen, or the default',
  async (at) => {
    await using library = await openLibrary(at)
    const { ctx } = library
    const [ada, bob] = [await person(library, 'ada'), await person(library, 'bob')]
    const own = await addFilter(ctx, ada.viewer, { name: 'Own' }, fields)
    await chooseFilter(ctx, ada.viewer, own.id)
    const current = async (viewer: typeof ANONYMOUS, id?: number) => (await currentFilter(ctx, viewer, id)).id
    assert.deepEqual(
      [await current(ada.viewer), await current(ada.viewer, 56027), await current(ada.viewer, 999)],
      [own.id, 56027, own.id],
    )
    assert.deepEqual(
      [await current(bob.viewer), await current(bob.viewer, own.id), await current(ANONYMOUS, own.id)],
      [DEFAULT_FILTER_ID, DEFAULT_FILTER_ID, DEFAULT_FILTER_ID],
    )
    assert.equal((await findFilter(ctx, ada.viewer, own.id)).user_count, 1)
    assert.equal((await refused(chooseFilter(ctx, bob.viewer, own.id))).kind, 'not_found')
    await removeFilter(ctx, ada.viewer, own.id)
    assert.equal(await current(ada.viewer), DEFAULT_FILTER_ID)
    await chooseFilter(ctx, ada.viewer, 37432)
    await chooseFilter(ctx, ada.viewer, null)
    assert.equal(await current(ada.viewer), DEFAULT_FILTER_ID)
  },
)

onEachDatabase('a filter is refused with everything that is wrong', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const odd = {
    name: ' ',
    description: 'x'.repeat(5001),
    hiddenTags: ['nothing'],
    spoileredTags: [999],
    hiddenComplex: 'sea\n(boat',
    spoileredComplex: 'x'.repeat(5000),
  }
  assert.deepEqual(fieldsOf(await refused(addFilter(ctx, ada.viewer, odd, fields))), [
    'name',
    'description',
    'hidden_tags',
    'spoilered_tags',
    'hidden_complex',
    'spoilered_complex',
  ])
  // A3.5: "Filters may not use `my:downvotes`"; a filter inside a filter would have no end
  for (const hiddenComplex of ['my:downvotes', 'my:watched', 'filter_id:1', 'score:x']) {
    const refusal = await refused(addFilter(ctx, ada.viewer, { name: 'x', hiddenComplex }, fields))
    assert.deepEqual(fieldsOf(refusal), ['hidden_complex'], hiddenComplex)
  }
  const many = { name: 'x', hiddenTags: Array.from({ length: 1001 }, (_, id) => id) }
  assert.deepEqual(fieldsOf(await refused(addFilter(ctx, ada.viewer, many, fields))), ['hidden_tags'])
  assert.deepEqual(await ownFilters(ctx, ada.viewer), [])
})
