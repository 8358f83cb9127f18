import assert from 'node:assert/strict'
import { listItems, type NewItem } from '../../src/library/items.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { addNote, openLibrary, person } from './open-library.ts'

const page = { offset: 0, limit: 30 }

onEachDatabase('the lists of items', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const ada = await person(library, 'ada')
  const bob = await person(library, 'bob')
  const add = async (who: typeof ada, input: Partial<NewItem> = {}) => {
    clock.advance(1)
    return addNote(library, who, input)
  }
  const first = await add(ada)
  const quiet = await add(ada, { lowProfile: true })
  await add(ada, { visibility: 'private' })
  const rebound = await add(bob, { reboundOf: first, kind: 'status' })
  const quietRebound = await add(bob, { reboundOf: first, lowProfile: true })

  const list = async (viewer: typeof ANONYMOUS, query: Omit<Parameters<typeof listItems>[2], 'order'>) => {
    const { rows, total } = await listItems(ctx, viewer, { order: 'oldest', ...query }, page)
    assert.equal(rows.length, total)
    return rows.map(({ item }) => item.id)
  }
  assert.deepEqual(await list(ANONYMOUS, {}), [first, rebound])
  assert.deepEqual(await list(ANONYMOUS, { ownerId: ada.account.id }), [first])
  assert.deepEqual(await list(bob.viewer, { ownerId: ada.account.id }), [first])
  assert.deepEqual(await list(ada.viewer, { ownerId: ada.account.id }), [first, quiet, quiet + 1])
  assert.deepEqual(await list(ANONYMOUS, { ids: [quiet, quiet + 1, rebound] }), [quiet, rebound])
  assert.deepEqual(await list(ANONYMOUS, { reboundOf: first }), [rebound, quietRebound])
  assert.deepEqual(await list(ANONYMOUS, { kinds: ['status'] }), [rebound])
  assert.deepEqual(await list(ANONYMOUS, { trait: 'rebound' }), [rebound])
  assert.deepEqual(await list(ANONYMOUS, { trait: 'rebounded' }), [first])
  assert.deepEqual(await list(ANONYMOUS, { trait: 'debut' }), [first, rebound])
  assert.deepEqual(await list(ANONYMOUS, { ids: [] }), [])
  const since = new Date(clock.now().getTime() - 1000)
  assert.deepEqual(await list(ANONYMOUS, { publishedFrom: since }), [rebound])
  assert.deepEqual(await list(ANONYMOUS, { publishedBefore: since }), [first])
  const follow = { follower_id: bob.account.id, followee_id: ada.account.id, created_ms: 1 }
  await ctx.db.insertInto('follow').values(follow).execute()
  assert.deepEqual(await list(bob.viewer, { followedBy: bob.account.id }), [first])
})

onEachDatabase('pages neither repeat nor miss an item', async (database) => {
  await using library = await openLibrary(database)
  const ada = await person(library, 'ada')
  const ids: number[] = []
  for (let n = 0; n < 7; n += 1) ids.push(await addNote(library, ada))
  for (const order of ['newest', 'oldest', 'popular', 'views', 'comments'] as const) {
    const seen: number[] = []
    for (let offset = 0; offset < 9; offset += 3) {
      const { rows, total } = await listItems(library.ctx, ANONYMOUS, { order }, { offset, limit: 3 })
      assert.equal(total, 7)
      seen.push(...rows.map(({ item }) => item.id))
    }
    assert.deepEqual(seen, order === 'oldest' ? ids : ids.toReversed(), order)
    assert.deepEqual(await listItems(library.ctx, ANONYMOUS, { order }, { offset: 9, limit: 3 }), {
      rows: [],
      total: 7,
    })
  }
})
