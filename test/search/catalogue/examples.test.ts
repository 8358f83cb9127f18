import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createCatalogue } from '../../../src/search/catalogue/catalogue.ts'
import type { CatalogueItem, Seer } from '../../../src/search/catalogue/facts.ts'
import { QueryError } from '../../../src/search/language/errors.ts'
import type { Order } from '../../../src/search/language/sort.ts'
import { read } from '../language/reading.ts'

const NEWEST: Order = { by: 'id', direction: 'desc', ties: 'desc' }
const EVERYBODY: Seer = { accountId: null, role: 'member' }
const PAGE = { offset: 0, limit: 10 }

function library(items: readonly (Partial<CatalogueItem> & { id: number })[] = []) {
  const catalogue = createCatalogue({ mostValues: 3 })
  const tags = ['rose', 'red rose', 'rosemary', 'artist:a_b', 'sea'].map((name, index) => ({
    id: index + 1,
    name,
    aliases: name === 'sea' ? ['ocean', 'red_rose'] : [],
  }))
  catalogue.bulkLoad(
    tags,
    items.map((item) => ({ shown: 'listed' as const, tags: [], ...item })),
  )
  const ids = (text: string, seer = EVERYBODY, order = NEWEST) =>
    catalogue.search({ query: read(text), seer, order, page: PAGE }).ids
  return { catalogue, ids }
}

describe('tags', () => {
  test('are found by name, alias, pattern and near miss', () => {
    const { ids } = library([
      { id: 1, tags: [1] },
      { id: 2, tags: [2, 5] },
      { id: 3, tags: [4] },
    ])
    assert.deepEqual(ids('rose'), [1])
    assert.deepEqual(ids('ocean'), [2])
    assert.deepEqual(ids('oc*'), [2])
    assert.deepEqual(ids('rosa~1'), [1])
    assert.deepEqual(ids('rose || artist:a_b'), [3, 1])
  })

  test('the literal spelling comes first, as long as a tag or alias has it', () => {
    const { catalogue, ids } = library([
      { id: 1, tags: [2] },
      { id: 2, tags: [5] },
    ])
    assert.deepEqual(ids('red_rose'), [2])
    catalogue.putTag({ id: 5, name: 'sea', aliases: [] })
    assert.deepEqual(ids('red_rose'), [1])
    catalogue.removeTag(2)
    assert.deepEqual(ids('red_rose'), [])
  })

  test('a term may stand for so many names and no more', () => {
    const { catalogue, ids } = library([{ id: 1, tags: [1] }])
    assert.deepEqual(ids('ros*'), [1])
    catalogue.putTag({ id: 9, name: 'rosette', aliases: ['rosehip'] })
    assert.throws(() => ids('ros*'), QueryError)
    assert.throws(() => catalogue.count({ query: read('ros*'), seer: 'listed' }), QueryError)
    assert.deepEqual(ids('rose'), [1], 'the next search is answered')
  })
})

test('who sees what: lists, anybody, the owner, moderators, administrators', () => {
  const own = { true_owner_id: [7] }
  const { catalogue, ids } = library([
    { id: 1, shown: 'listed', ids: own },
    { id: 2, shown: 'unlisted', ids: own },
    { id: 3, shown: 'owner', ids: own },
    { id: 4, shown: 'staff', ids: own },
    { id: 5, shown: 'owner', ids: { true_owner_id: [8] } },
  ])
  assert.deepEqual(ids('*', 'listed'), [1])
  assert.deepEqual(ids('*'), [2, 1])
  assert.deepEqual(ids('*', { accountId: 7, role: 'member' }), [3, 2, 1])
  assert.deepEqual(ids('*', { accountId: 7, role: 'moderator' }), [4, 3, 2, 1])
  assert.deepEqual(ids('*', { accountId: null, role: 'admin' }), [5, 4, 3, 2, 1])
  assert.deepEqual(ids('-sea', 'listed'), [1], 'a negation shows nothing hidden')

  catalogue.put({ id: 1, shown: 'staff', tags: [] })
  assert.deepEqual(ids('*', 'listed'), [], 'a change is seen at once')
})

test("one's own sets are those of the seer, or of another account that is named", () => {
  const { catalogue, ids } = library([
    { id: 1, ids: { faved_by_id: [7], upvoted_by_id: [8] } },
    { id: 2, ids: { hidden_by_id: [7], true_owner_id: [8] } },
  ])
  assert.deepEqual(ids('my:faves', { accountId: 7, role: 'member' }), [1])
  assert.deepEqual(ids('-my:hidden', { accountId: 7, role: 'member' }), [1])
  assert.deepEqual(ids('my:uploads || my:upvotes', { accountId: 8, role: 'member' }), [2, 1])
  assert.deepEqual(ids('my:faves'), [])
  assert.equal(catalogue.count({ query: read('my:faves'), seer: 'listed', accountId: 7 }), 1)
})

test('a filter narrows without counting for relevance', () => {
  const { catalogue } = library([
    { id: 1, tags: [1] },
    { id: 2, tags: [1, 5] },
    { id: 3, tags: [5, 1, 2] },
  ])
  const order: Order = { by: 'relevance', direction: 'desc', ties: 'desc' }
  const ids = (text: string, within: string) =>
    catalogue.search({ query: read(text), within: read(within), seer: 'listed', order, page: PAGE }).ids
  assert.deepEqual(ids('rose^3 || sea || red rose', '*'), [3, 2, 1])
  assert.deepEqual(ids('rose', 'sea || red rose'), [3, 2])
  assert.deepEqual(ids('rose', '-red rose'), [2, 1])
})

test('phrases are words one after the other, by their stems', () => {
  const { ids } = library([
    { id: 1, texts: { description: 'Two boats sailing home' } },
    { id: 2, texts: { description: 'sailing two boats' } },
  ])
  assert.deepEqual(ids('description:two boat'), [2, 1])
  assert.deepEqual(ids('description:boat sailed'), [1])
  assert.deepEqual(ids('description:home sailing'), [])
})

test('an id far behind the newest finds its place, again and again', () => {
  const { catalogue, ids } = library(Array.from({ length: 20 }, (_, index) => ({ id: 1_000_000 + index })))
  for (let id = 500; id > 0; id -= 5)
    catalogue.put({ id, shown: 'listed', tags: [3], numbers: { score: id } })
  assert.equal(catalogue.size(), 120)
  assert.deepEqual(ids('rosemary').slice(0, 3), [500, 495, 490])
  assert.deepEqual(ids('score.lte:15'), [15, 10, 5])
  assert.equal(ids('*')[0], 1_000_019)
  assert.throws(() => catalogue.put({ id: 0, shown: 'listed', tags: [] }), RangeError)
})

test('removing what is not there changes nothing', () => {
  const { catalogue, ids } = library([{ id: 3, tags: [1] }])
  catalogue.remove(4)
  catalogue.removeTag(99)
  assert.deepEqual(ids('rose'), [3])
  catalogue.remove(3)
  catalogue.remove(3)
  assert.deepEqual(ids('rose'), [])
  catalogue.put({ id: 3, shown: 'listed', tags: [] })
  assert.deepEqual(ids('*'), [3])
  assert.deepEqual(ids('rose'), [], 'nothing is left of what it was')
})
