import assert from 'node:assert/strict'
import { test } from 'node:test'
import { samplePicture } from '../helpers/pictures.ts'
import { multipart, startVitrine, type Vitrine } from '../helpers/vitrine.ts'

const OFF = { VITRINE_DRIBBBLE_V1_LIMITS: 'off', VITRINE_DRIBBBLE_V2_LIMITS: 'off' }

/** What nobody may set: ids, owners, counts, dates, roles, states; by their names on the outside and the inside. */
const EXTRA = {
  id: 4711,
  uid: 'f'.repeat(24),
  user: { id: 2, admin: true },
  user_id: 2,
  owner: 2,
  owner_id: 2,
  account_id: 2,
  views_count: 99,
  likes_count: 99,
  faves_count: 99,
  comments_count: 99,
  items_count: 99,
  shots_count: 99,
  created_at: '2001-01-01T00:00:00Z',
  updated_at: '2001-01-01T00:00:00Z',
  published_at: '2001-01-01T00:00:00Z',
  created_ms: 1,
  published_ms: 1,
  role: 'admin',
  pro: true,
  approved: true,
  state: 'ready',
  visibility: 'private',
  private: true,
  anonymous: true,
  blob_sha256: '0'.repeat(64),
  width: 9,
  height: 9,
  images: { normal: 'https://elsewhere.example/x.png' },
  html_url: 'https://elsewhere.example/',
  __proto__: { admin: true },
}

const TABLES = ['account', 'item', 'collection', 'comment', 'token', 'app'] as const

/** Everything those fields could have changed, without the times that a change moves. */
async function rowsOf({ ctx }: Vitrine, table: (typeof TABLES)[number]): Promise<unknown[]> {
  const rows = await ctx.db.selectFrom(table).selectAll().orderBy('id').execute()
  const moved = new Set(['updated_ms', 'last_used_ms'])
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !moved.has(name))))
}

const allRows = async (vitrine: Vitrine) =>
  Object.fromEntries(
    await Promise.all(TABLES.map(async (table) => [table, await rowsOf(vitrine, table)] as const)),
  )

// Mass assignment: what a method does not name is not taken.
test('fields that a method does not take change nothing', async () => {
  await using vitrine = await startVitrine({ settings: OFF })
  const ada = await vitrine.person('ada')
  const bob = await vitrine.person('bob')
  assert.equal(bob.id, 2)
  const id = await vitrine.upload(ada, { title: 'Shot' })
  const made = [
    await ada.post('/v2/projects', { name: 'Project' }),
    await ada.post('/v1/buckets', { name: 'Bucket' }),
    await ada.post(`/v1/shots/${id}/comments`, { body: 'Comment' }),
  ]
  const [project, bucket, comment] = made.map((answer) => (answer.data() as { id: number }).id)
  const before = await allRows(vitrine)

  const same: readonly [url: string, own: Record<string, unknown>][] = [
    [`/v2/shots/${id}`, {}],
    [`/v1/shots/${id}`, { title: 'Shot' }],
    [`/v2/projects/${project}`, { name: 'Project' }],
    [`/v1/buckets/${bucket}`, { name: 'Bucket' }],
    [`/v1/shots/${id}/comments/${comment}`, { body: 'Comment' }],
  ]
  for (const [url, own] of same) {
    const form = multipart({ ...EXTRA, user: 'bob', images: 'none', ...own })
    const bodies = [await ada.put(url, { ...EXTRA, ...own }), await ada.put(url, undefined, form)]
    for (const { statusCode, body } of bodies) assert.equal(statusCode, 200, `${url}: ${body}`)
    assert.deepEqual(await allRows(vitrine), before, url)
  }
})

test('fields that a method does not take do not come into being with a new thing', async () => {
  await using vitrine = await startVitrine({ settings: OFF })
  const ada = await vitrine.person('ada')
  await vitrine.person('bob')
  const plain = await makeAll(vitrine, ada, {})
  const extra = await makeAll(vitrine, ada, EXTRA)
  const named = (row: object) => Object.entries(row).filter(([name]) => !/^(?:id|uid|slug)$/.test(name))
  for (const [at, row] of extra.entries()) assert.deepEqual(named(row), named(plain[at] ?? {}))
})

/** Makes one of everything, and returns their rows. */
async function makeAll(
  vitrine: Vitrine,
  ada: Awaited<ReturnType<Vitrine['person']>>,
  extra: Record<string, unknown>,
) {
  const image = await samplePicture({ width: 400, height: 300 })
  const texts = Object.fromEntries(Object.entries(extra).filter(([, value]) => typeof value !== 'object'))
  const shot = await ada.post('/v2/shots', undefined, multipart({ title: 'Shot', ...texts }, { image }))
  assert.equal(shot.statusCode, 202)
  await vitrine.runJobs()
  const id = Number(String(shot.headers.location).split('/').at(-1))
  const { data: project } = await ada.post('/v2/projects', { name: 'Project', ...extra })
  const { data: bucket } = await ada.post('/v1/buckets', { name: 'Bucket', ...extra })
  const { data: comment } = await ada.post(`/v1/shots/${id}/comments`, { body: 'Comment', ...extra })
  const idOf = (data: () => unknown) => (data() as { id: number }).id
  const { db } = vitrine.ctx
  const commented = await db
    .selectFrom('comment')
    .selectAll()
    .where('id', '=', idOf(comment))
    .executeTakeFirstOrThrow()
  assert.equal(commented.item_id, id)
  const { item_id: _item, ...said } = commented
  return [
    await db.selectFrom('item').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    await db.selectFrom('collection').selectAll().where('id', '=', idOf(project)).executeTakeFirstOrThrow(),
    await db.selectFrom('collection').selectAll().where('id', '=', idOf(bucket)).executeTakeFirstOrThrow(),
    said,
  ]
}
