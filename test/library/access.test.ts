import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isListed, isPublic, isVisible, listed, mayChange, visibleTo } from '../../src/library/access.ts'
import { insertItem } from '../../src/library/store/items.ts'
import { ANONYMOUS, OPERATOR, type Viewer } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openLibrary, person, viewerOf, type TestLibrary } from './open-library.ts'

const states = ['processing', 'ready', 'failed'] as const
const visibilities = ['public', 'private', 'removed', 'merged'] as const

/** Every item there can be, as far as visibility is concerned. */
async function everyItem({ ctx }: TestLibrary, owner: number): Promise<void> {
  const now = ctx.clock().getTime()
  const times = { created_ms: now, updated_ms: now, first_seen_ms: now }
  let n = 0
  for (const state of states)
    for (const visibility of visibilities)
      for (const published_ms of [null, now])
        for (const low_profile of [0, 1] as const) {
          const uid = (n += 1).toString(16).padStart(24, '0')
          const about = { uid, kind: 'image', owner_id: owner, state, visibility } as const
          await insertItem(ctx.db, { ...about, ...times, published_ms, low_profile })
        }
}

onEachDatabase('the condition and the predicate agree on every item for every viewer', async (database) => {
  await using library = await openLibrary(database)
  const owner = await person(library, 'owner')
  const stranger = await person(library, 'stranger')
  await everyItem(library, owner.account.id)
  const all = await library.ctx.db.selectFrom('item').selectAll().execute()
  assert.equal(all.length, 48)

  const viewers: Viewer[] = [
    ANONYMOUS,
    OPERATOR,
    owner.viewer,
    stranger.viewer,
    viewerOf({ id: stranger.account.id, role: 'moderator' }),
    viewerOf({ id: owner.account.id, role: 'moderator' }),
    viewerOf({ id: stranger.account.id, role: 'admin' }),
  ]
  for (const viewer of viewers) {
    const seen = await library.ctx.db.selectFrom('item').select('id').where(visibleTo(viewer)).execute()
    assert.deepEqual(
      seen.map(({ id }) => id).toSorted((a, b) => a - b),
      all
        .filter((item) => isVisible(viewer, item))
        .map(({ id }) => id)
        .toSorted((a, b) => a - b),
      `${viewer.role} ${viewer.accountId}`,
    )
  }
  const shown = await library.ctx.db.selectFrom('item').select('id').where(listed()).execute()
  assert.deepEqual(
    shown.map(({ id }) => id),
    all.filter(isListed).map(({ id }) => id),
  )
  assert.equal(shown.length, 1)
})

const item = {
  state: 'ready',
  visibility: 'public',
  published_ms: 1,
  owner_id: 7,
  low_profile: 0,
} as const
const owner = viewerOf({ id: 7, role: 'member' })
const stranger = viewerOf({ id: 8, role: 'member' })
const moderator = viewerOf({ id: 9, role: 'moderator' })
const admin = viewerOf({ id: 10, role: 'admin' })

// [what, the item, who sees it]
const rules: [string, Partial<Parameters<typeof isVisible>[1]>, Viewer[]][] = [
  ['a public item', {}, [ANONYMOUS, owner, stranger, moderator, admin, OPERATOR]],
  ['a low-profile item', { low_profile: 1 }, [ANONYMOUS, owner, stranger, moderator, admin, OPERATOR]],
  ['a scheduled item', { published_ms: null }, [owner, admin, OPERATOR]],
  ['a private item', { visibility: 'private' }, [owner, admin, OPERATOR]],
  ['a removed item', { visibility: 'removed' }, [moderator, admin, OPERATOR]],
  ['a merged item', { visibility: 'merged' }, [moderator, admin, OPERATOR]],
  ['an item in process', { state: 'processing' }, []],
  ['an item that failed', { state: 'failed' }, []],
]
for (const [what, about, who] of rules)
  test(`${what} is seen by exactly those who may`, () => {
    for (const viewer of [ANONYMOUS, owner, stranger, moderator, admin, OPERATOR])
      assert.equal(isVisible(viewer, { ...item, ...about }), who.includes(viewer))
    assert.equal(isPublic({ ...item, ...about }), who.includes(ANONYMOUS))
  })

test('only the owner and the administrator may change an item', () => {
  const may = [ANONYMOUS, owner, stranger, moderator, admin].filter((viewer) => mayChange(viewer, item))
  assert.deepEqual(may, [owner, admin])
})
