import assert from 'node:assert/strict'
import type { FieldTable } from '../../src/search/fields.ts'
import { accountSettings, changeSettings, watchedTags, watchTag } from '../../src/library/account-settings.ts'
import { findTag } from '../../src/library/tag-lists.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { addNote, fieldsOf, openLibrary, person, refused } from './open-library.ts'

const fields: FieldTable = new Map([['my', 'my']])
const untouched = {
  currentFilterId: null,
  itemsPerPage: null,
  watchedQuery: '',
  watchedExcludeQuery: '',
  hideSpoileredWatched: false,
}

onEachDatabase('settings are what was said last, and the installation’s until then', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  assert.deepEqual(await accountSettings(ctx, ada.viewer), untouched)
  assert.deepEqual(await accountSettings(ctx, ANONYMOUS), untouched)
  await changeSettings(ctx, ada.viewer, { itemsPerPage: 50, watchedQuery: 'sea\nboat, safe' }, fields)
  const now = await changeSettings(ctx, ada.viewer, { itemsPerPage: 4, hideSpoileredWatched: true }, fields)
  const expected = { itemsPerPage: 4, watchedQuery: 'sea\nboat, safe', hideSpoileredWatched: true }
  assert.deepEqual(now, { ...untouched, ...expected })
  assert.equal((await changeSettings(ctx, ada.viewer, { itemsPerPage: null }, fields)).itemsPerPage, null)
})

onEachDatabase('settings are refused with everything that is wrong', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  for (const itemsPerPage of [3, 51, 10.5, Number.NaN])
    assert.deepEqual(fieldsOf(await refused(changeSettings(ctx, ada.viewer, { itemsPerPage }, fields))), [
      'items_per_page',
    ])
  // "Recursion ("watched" inside the watch query) is an error"
  const odd = { watchedQuery: 'my:watched', watchedExcludeQuery: '(sea' }
  assert.deepEqual(fieldsOf(await refused(changeSettings(ctx, ada.viewer, odd, fields))), [
    'watched_query',
    'watched_exclude_query',
  ])
  assert.equal((await refused(changeSettings(ctx, ANONYMOUS, {}, fields))).kind, 'not_signed_in')
  assert.deepEqual(await accountSettings(ctx, ada.viewer), untouched)
})

onEachDatabase('tags are watched, each once, by each for themselves', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const [ada, bob] = [await person(library, 'ada'), await person(library, 'bob')]
  await addNote(library, ada, { tags: ['sea', 'boat'] })
  const [sea, boat] = [(await findTag(ctx, 'sea')).tag.id, (await findTag(ctx, 'boat')).tag.id]
  for (const id of [sea, boat, sea]) await watchTag(ctx, ada.viewer, id, true)
  await watchTag(ctx, bob.viewer, sea, true)
  const names = async (viewer: typeof ANONYMOUS) => (await watchedTags(ctx, viewer)).map(({ name }) => name)
  assert.deepEqual(await names(ada.viewer), ['boat', 'sea'])
  for (let times = 0; times < 2; times += 1) await watchTag(ctx, ada.viewer, sea, false)
  assert.deepEqual([await names(ada.viewer), await names(bob.viewer)], [['boat'], ['sea']])
  assert.deepEqual(await names(ANONYMOUS), [])
  assert.equal((await refused(watchTag(ctx, ada.viewer, 999, true))).kind, 'not_found')
  assert.equal((await refused(watchTag(ctx, ANONYMOUS, sea, true))).kind, 'not_signed_in')
})
