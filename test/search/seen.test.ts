import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { isListed, isVisible, listed, visibleTo } from '../../src/library/access.ts'
import type { NewItemRow } from '../../src/library/store/items.ts'
import { ANONYMOUS, type Viewer } from '../../src/library/viewer.ts'
import type { Seer, Shown } from '../../src/search/catalogue/facts.ts'
import { seenBy, shownOf } from '../../src/search/seen.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench } from '../library/gathering.ts'

const OWNER = 1

const rows = (['ready', 'processing', 'failed'] as const).flatMap((state) =>
  (['public', 'private', 'removed', 'merged'] as const).flatMap((visibility) =>
    [null, 1].flatMap((published_ms) =>
      ([0, 1] as const).map((low_profile) => ({
        state,
        visibility,
        published_ms,
        low_profile,
        owner_id: OWNER,
      })),
    ),
  ),
)

const viewers: Viewer[] = [ANONYMOUS]
for (const role of ['member', 'moderator', 'admin'] as const)
  for (const accountId of [null, OWNER, 2]) viewers.push({ accountId, role, scopes: null, app: null })

/** What a seer sees of the four kinds, as the catalogue has it. */
function sees({ accountId, role }: Viewer, shown: Shown | null, ownerId: number): boolean {
  if (shown === null) return false
  if (role === 'admin' || shown === 'listed' || shown === 'unlisted') return true
  return shown === 'owner' ? accountId === ownerId : role === 'moderator'
}

test('searches show what the library shows, whoever looks', () => {
  for (const row of rows) {
    const shown = shownOf(row)
    assert.equal(shown === 'listed', isListed(row))
    for (const viewer of viewers) assert.equal(sees(viewer, shown, row.owner_id), isVisible(viewer, row))
  }
})

onEachDatabase('the condition on rows is that of the library', async (database) => {
  const { ctx, person } = await openBench(database)
  const owner = await person('ada')
  await person('bert')
  for (const row of rows) {
    const times = { created_ms: 0, updated_ms: 0, first_seen_ms: 0 }
    const item: NewItemRow = { ...row, ...times, uid: randomBytes(12).toString('hex'), kind: 'text' }
    await ctx.db
      .insertInto('item')
      .values({ ...item, owner_id: owner.accountId })
      .execute()
  }
  const select = ctx.db.selectFrom('item').select('id').orderBy('id')
  const seen = (seer: Seer) => select.where(seenBy(seer)).execute()
  assert.deepEqual(await seen('listed'), await select.where(listed()).execute())
  for (const viewer of viewers)
    assert.deepEqual(await seen(viewer), await select.where(visibleTo(viewer)).execute())
})
