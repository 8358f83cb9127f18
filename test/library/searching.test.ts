import assert from 'node:assert/strict'
import { test } from 'node:test'
import { searchFields } from '../../src/dialects/derpibooru/search-fields.ts'
import { changeSettings, watchTag } from '../../src/library/account-settings.ts'
import { addCollection } from '../../src/library/collections.ts'
import { addFilter, findFilter } from '../../src/library/filters.ts'
import { addToGallery } from '../../src/library/galleries.ts'
import { changeItem } from '../../src/library/items.ts'
import { takeDownItem } from '../../src/library/moderation.ts'
import {
  neighbourItems,
  randomItem,
  searchItems,
  spoileredAmong,
  type ItemSearch,
} from '../../src/library/searching.ts'
import { findTag } from '../../src/library/tag-lists.ts'
import { ANONYMOUS, type Viewer } from '../../src/library/viewer.ts'
import { setHide } from '../../src/library/votes.ts'
import { QueryError } from '../../src/search/language/errors.ts'
import { addNote, openLibrary, person, refused, type TestLibrary } from './open-library.ts'

const fields = searchFields
const oldest: ItemSearch['order'] = { by: 'id', direction: 'asc', ties: 'asc' }
const page = { offset: 0, limit: 50 }

/** Titles of what a viewer finds. */
async function find(
  { ctx }: TestLibrary,
  viewer: Viewer,
  search: Partial<ItemSearch> = {},
): Promise<(string | null)[]> {
  const whole = { text: '*', fields, order: oldest, filter: null, ...search }
  const { rows, total } = await searchItems(ctx, viewer, whole, page)
  assert.equal(total, rows.length)
  return rows.map(({ item }) => item.title)
}

async function opened() {
  const library = await openLibrary()
  const ada = await person(library, 'ada')
  const bert = await person(library, 'bert')
  const mod = await person(library, 'mod', { role: 'moderator' })
  const note = (title: string, tags: string[]) => addNote(library, ada, { title, tags })
  const ids = {
    sail: await note('Sail', ['boat', 'sea']),
    storm: await note('Storm', ['sea', 'grim']),
    tea: await note('Tea', ['cup']),
  }
  return {
    library,
    ctx: library.ctx,
    ada,
    bert,
    mod,
    ids,
    [Symbol.asyncDispose]: library[Symbol.asyncDispose],
  }
}

test('a page of a search has its items whole, in its order, and the total of all pages', async () => {
  await using open = await opened()
  const { ctx, library } = open
  assert.deepEqual(await find(library, ANONYMOUS, { text: 'sea' }), ['Sail', 'Storm'])
  const order = { by: 'id', direction: 'desc', ties: 'desc' } as const
  const search = { text: 'sea || cup', fields, order, filter: null }
  const { rows, total } = await searchItems(ctx, ANONYMOUS, search, { offset: 1, limit: 1 })
  assert.deepEqual([rows.map(({ tags }) => tags), total], [[['grim', 'sea']], 3])
})

test('a query besides the text must match too, and counts nothing for relevance', async () => {
  await using open = await opened()
  const { library, ids } = open
  const query = { op: 'compare', field: 'id', is: '>', value: ids.sail } as const
  assert.deepEqual(await find(library, ANONYMOUS, { text: 'sea', query }), ['Storm'])
  const order = { by: 'relevance', direction: 'desc', ties: 'asc' } as const
  const either = { op: 'or', of: [query, { op: 'tag', name: 'sea', cleaned: 'sea' }] } as const
  assert.deepEqual(await find(library, ANONYMOUS, { text: 'boat || cup || grim', query: either, order }), [
    'Sail',
    'Storm',
    'Tea',
  ])
})

test('a search that cannot be read is refused with the place', async () => {
  await using open = await opened()
  const { library } = open
  const reason = await refused(find(library, ANONYMOUS, { text: 'sea, (boat' }))
  assert.deepEqual(reason, { kind: 'bad_query', position: 5, expected: 'a parenthesis that closes this one' })
  await assert.rejects(find(library, ANONYMOUS, { text: 'a,' }), ({ cause }: Error) => {
    assert.ok(cause instanceof QueryError)
    return cause.message === 'Missing operand.'
  })
  assert.equal(
    (await refused(find(library, ANONYMOUS, { text: 'my:faves', anonymousMy: 'refuse' }))).kind,
    'bad_query',
  )
  assert.deepEqual(await find(library, ANONYMOUS, { text: 'my:faves' }), [])
  // A term that stands for too many values is found out later, and refused just so.
  assert.equal((await refused(find(library, ANONYMOUS, { text: 'sha512_hash:*a' }))).kind, 'bad_query')
})

// "Hidden tags and the hidden query exclude from every listing and search" (Filters)
test('what a filter hides is left out, by tag and by search', async () => {
  await using open = await opened()
  const { ctx, library, bert, ids } = open
  const filter = await addFilter(
    ctx,
    bert.viewer,
    { name: 'Calm', hiddenTags: ['grim'], hiddenComplex: 'cup, -sea\nno such tag', spoileredTags: ['boat'] },
    fields,
  )
  assert.deepEqual(await find(library, bert.viewer, { filter }), ['Sail'])
  assert.deepEqual(await find(library, bert.viewer, { text: 'grim', filter }), [])
  assert.deepEqual(await find(library, bert.viewer, { text: `filter_id:${filter.id}` }), ['Sail'])
  // Somebody else's filter is not theirs to look through, and an unknown one shows nothing.
  assert.deepEqual(await find(library, ANONYMOUS, { text: `filter_id:${filter.id}` }), [])
  assert.deepEqual(await find(library, ANONYMOUS, { text: 'filter_id:9' }), [])

  const among = await spoileredAmong(ctx, bert.viewer, { filter, fields }, Object.values(ids))
  assert.deepEqual([...among], [ids.sail])
})

test('what somebody hid from themselves is left out for them, unless they ask for it', async () => {
  await using open = await opened()
  const { ctx, library, bert, ids } = open
  await setHide(ctx, bert.viewer, ids.storm, true)
  assert.deepEqual(await find(library, bert.viewer, { text: 'sea' }), ['Sail'])
  assert.deepEqual(await find(library, bert.viewer, { text: 'sea', includeHidden: true }), ['Sail', 'Storm'])
  assert.deepEqual(await find(library, bert.viewer, { text: 'my:hidden' }), ['Storm'])
  assert.deepEqual(await find(library, ANONYMOUS, { text: 'sea' }), ['Sail', 'Storm'])
})

// "my:watched = any watched tag OR watch query, minus the exclude query, minus (optionally) the filter's spoilered"
test('what is watched is the watched tags and query, without what is excluded', async () => {
  await using open = await opened()
  const { ctx, library, bert } = open
  const watched = (search: Partial<ItemSearch> = {}) =>
    find(library, bert.viewer, { text: 'my:watched', ...search })
  assert.deepEqual(await watched(), [])
  await watchTag(ctx, bert.viewer, (await findTag(ctx, 'sea')).tag.id, true)
  assert.deepEqual(await watched(), ['Sail', 'Storm'])
  await changeSettings(ctx, bert.viewer, { watchedQuery: 'cup\nnothing else' }, fields)
  assert.deepEqual(await watched(), ['Sail', 'Storm', 'Tea'])
  await changeSettings(ctx, bert.viewer, { watchedExcludeQuery: 'grim' }, fields)
  assert.deepEqual(await watched(), ['Sail', 'Tea'])
  assert.deepEqual(await watched({ text: '*, -my:watched' }), ['Storm'])

  const filter = await addFilter(ctx, bert.viewer, { name: 'Dry', spoileredTags: ['boat'] }, fields)
  assert.deepEqual(await watched({ filter }), ['Sail', 'Tea'])
  await changeSettings(ctx, bert.viewer, { hideSpoileredWatched: true }, fields)
  assert.deepEqual(await watched({ filter }), ['Tea'])
  assert.deepEqual(await find(library, ANONYMOUS, { text: 'my:watched' }), [])
})

test('a private collection is searched by those who may see it', async () => {
  await using open = await opened()
  const { ctx, library, ada, bert, ids } = open
  const { id } = await addCollection(ctx, ada.viewer, { kind: 'gallery', title: 'Mine', private: true })
  await addToGallery(ctx, ada.viewer, id, { itemId: ids.tea })
  await addToGallery(ctx, ada.viewer, id, { itemId: ids.sail })
  const order = { by: { collection: id }, direction: 'asc', ties: 'desc' } as const
  const text = `gallery_id:${id}`
  assert.deepEqual(await find(library, ada.viewer, { text, order }), ['Tea', 'Sail'])
  assert.deepEqual(await find(library, bert.viewer, { text, order }), [])
  assert.deepEqual(await find(library, bert.viewer, { order }), ['Sail', 'Storm', 'Tea'])
  // Nor through a filter that names it.
  const { id: filterId } = await addFilter(
    ctx,
    ada.viewer,
    { name: 'Rest', hiddenComplex: text, public: true },
    fields,
  )
  const filter = await findFilter(ctx, bert.viewer, filterId)
  assert.deepEqual(await find(library, ada.viewer, { filter }), ['Storm'])
  assert.deepEqual(await find(library, bert.viewer, { filter }), ['Sail', 'Storm', 'Tea'])
})

test('lists are the same for everybody; all, and what is gone, are asked for', async () => {
  await using open = await opened()
  const { ctx, library, ada, mod, ids } = open
  await changeItem(ctx, ada.viewer, ids.tea, { visibility: 'private' })
  await changeItem(ctx, ada.viewer, ids.sail, { lowProfile: true })
  await takeDownItem(ctx, mod.viewer, ids.storm, 'Against the rules')
  for (const { viewer } of [ada, mod]) assert.deepEqual(await find(library, viewer), [])
  assert.deepEqual(await find(library, ada.viewer, { all: true }), ['Sail', 'Tea'])
  assert.deepEqual(await find(library, mod.viewer, { all: true }), ['Sail', 'Storm'])
  assert.deepEqual(await find(library, ANONYMOUS, { includeDeleted: true }), ['Storm'])
  assert.deepEqual(await find(library, ada.viewer, { includeDeleted: true, all: true }), [
    'Sail',
    'Storm',
    'Tea',
  ])
})

test('any one of the matches, and those beside one', async () => {
  await using open = await opened()
  const { ctx, ids } = open
  const search = { text: 'sea || cup', fields, order: oldest, filter: null }
  const some = await Promise.all(
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((seed) => randomItem(ctx, ANONYMOUS, search, seed)),
  )
  assert.ok(new Set(some.map((found) => found?.item.id)).size > 1)
  assert.equal(await randomItem(ctx, ANONYMOUS, { ...search, text: 'nothing' }, 'a'), null)

  const { before, after } = await neighbourItems(ctx, ANONYMOUS, search, ids.storm)
  assert.deepEqual([before?.item.title, after?.item.title], ['Sail', 'Tea'])
  const ends = await neighbourItems(ctx, ANONYMOUS, { ...search, text: 'storm' }, ids.storm)
  assert.deepEqual(ends, { before: null, after: null })
})
