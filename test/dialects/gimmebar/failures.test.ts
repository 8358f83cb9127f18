import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from 'kysely'
import {
  desktopApp,
  objectOf,
  recordsOf,
  refusedAs,
  startGimmebar,
  type Collector,
  type Gimmebar,
} from '../../helpers/start-gimmebar.ts'
import type { Answer } from '../../helpers/vitrine.ts'

const SOURCE = 'https://example.org/a-page'

/**
 * Breaks the library while something is asked of the running server: a table it needs is not there. What is asked then
 * is refused so; afterwards the library is as it was, and the same request is answered.
 */
async function breaks(
  { vitrine: { ctx } }: Gimmebar,
  table: string,
  { ask, row }: { ask: () => Promise<Answer>; row: [name: string, reason: RegExp] },
): Promise<Answer> {
  const [name, reason] = row
  const away = sql.table(`${table}_away`)
  await sql`alter table ${sql.table(table)} rename to ${away}`.execute(ctx.db)
  try {
    const refused = await ask()
    refusedAs(refused, 500, name, reason)
    assert.doesNotMatch(
      refused.json<{ errors: [{ message: string }] }>().errors[0].message,
      /_|no such|relation|select|insert|sql/i,
    )
  } finally {
    await sql`alter table ${away} rename to ${sql.table(table)}`.execute(ctx.db)
  }
  const answer = await ask()
  assert.equal(answer.statusCode, 200, answer.body)
  return answer
}

const note = (who: Collector, more: Record<string, string | string[]> = {}) =>
  who.send('POST', 'asset', { title: 'One', source: SOURCE, text: 'One', ...more })
const noteId = async (who: Collector) => String(objectOf(await note(who))['id'])
const collection = async (who: Collector) =>
  String(objectOf(await who.send('POST', 'collection', { title: 'Bread' }))['id'])
const totalOf = async (who: Collector) => recordsOf(await who.get('assets')).length

describe('POST auth/token/:token_type', () => {
  test('API_ERROR 500 Error creating request token', async () => {
    await using bar = await startGimmebar()
    const app = await desktopApp(bar, await bar.person('ada'))
    const client = { client_id: app.clientId, client_secret: app.clientSecret, type: 'app' }
    const ask = () => bar.anonymous.send('POST', 'auth/token/request', client)
    await breaks(bar, 'desktop_request', { ask, row: ['API_ERROR', /^Error creating request token$/] })
  })

  test('API_ERROR 500 Error creating authorization token', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const app = await desktopApp(bar, ada)
    const token = await app.requestToken()
    await app.decide(ada, token)
    const row: [string, RegExp] = ['API_ERROR', /^Error creating authorization token$/]
    await breaks(bar, 'authorization_code', { ask: () => app.code(token), row })
  })

  test('API_ERROR 500 Error creating access token; the code is good for another try', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const app = await desktopApp(bar, ada)
    const token = await app.requestToken()
    await app.decide(ada, token)
    const code = String(objectOf(await app.code(token))['code'])
    const before = await countOf(bar, 'token')
    const row: [string, RegExp] = ['API_ERROR', /^Error creating access token$/]
    await breaks(bar, 'token_digest', { ask: () => app.access(code), row })
    assert.equal(await countOf(bar, 'token'), before + 2, 'one pair')
  })
})

const countOf = async ({ vitrine: { ctx } }: Gimmebar, table: 'token' | 'collection') =>
  (await ctx.db.selectFrom(table).selectAll().execute()).length

describe('POST asset', () => {
  test('API_ERROR 500 Error creating asset; nothing of it stays', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const row: [string, RegExp] = ['API_ERROR', /^Error creating asset$/]
    await breaks(bar, 'item_text', { ask: () => note(ada), row })
    assert.equal(await totalOf(ada), 1)
  })

  test('API_ERROR 500 Error adding extservice_data: is part of the asset, and fails as it does', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const ask = () => note(ada, { from_backup: '1', source: 'https://pinboard.in/u:ada/b:1' })
    await breaks(bar, 'item_text', { ask, row: ['API_ERROR', /^Error creating asset$/] })
    assert.equal(recordsOf(await ada.get('assets?include_backups[]=pinboard')).length, 1)
    assert.equal(recordsOf(await ada.get('assets?include_backups[]=none')).length, 0)
  })

  test('API_ERROR 500 Error adding to collection; the asset is not added either', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const id = await collection(ada)
    const row: [string, RegExp] = ['API_ERROR', /^Error adding to collection$/]
    await breaks(bar, 'collection_item', { ask: () => note(ada, { collection_id: [id] }), row })
    assert.equal(await totalOf(ada), 1)
  })
})

test('POST asset/:asset_id/copy: API_ERROR 500 Problem copying asset', async () => {
  await using bar = await startGimmebar()
  const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
  const id = await noteId(ada)
  const ask = () => grace.send('POST', `asset/${id}/copy`)
  await breaks(bar, 'item_text', { ask, row: ['API_ERROR', /^Problem copying asset$/] })
  assert.equal(await totalOf(grace), 1)
})

test('GET assets/search: SEARCH_ERROR 500 There was a problem running your search', async () => {
  await using bar = await startGimmebar()
  const ada = await bar.person('ada')
  await note(ada)
  const row: [string, RegExp] = ['SEARCH_ERROR', /^There was a problem running the search$/]
  const answer = await breaks(bar, 'item_text', { ask: () => ada.get('assets/search?terms=one'), row })
  assert.equal(recordsOf(answer).length, 1)
})

test('POST collection: API_ERROR 500 Problem adding collection', async () => {
  await using bar = await startGimmebar()
  const ada = await bar.person('ada')
  const ask = () => ada.send('POST', 'collection', { title: 'Bread' })
  await breaks(bar, 'change', { ask, row: ['API_ERROR', /^Problem adding collection$/] })
  assert.equal(await countOf(bar, 'collection'), 1)
})

test('POST collection/:collection_id: API_ERROR 500 Error updating collection', async () => {
  await using bar = await startGimmebar()
  const ada = await bar.person('ada')
  const id = await collection(ada)
  const ask = () => ada.send('POST', `collection/${id}`, { title: 'Rye' })
  const answer = await breaks(bar, 'change', { ask, row: ['API_ERROR', /^Error updating collection$/] })
  assert.equal(objectOf(answer)['slug'], 'rye')
})

describe('collection/:collection_id/assets', () => {
  test('POST: API_ERROR 500 Error adding asset to collection', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const [id, asset] = [await collection(ada), await noteId(ada)]
    const ask = () => ada.send('POST', `collection/${id}/assets`, { asset_id: [asset] })
    const row: [string, RegExp] = ['API_ERROR', /^Error adding asset to collection$/]
    assert.equal(recordsOf(await breaks(bar, 'collection_item', { ask, row })).length, 1)
  })

  test('DELETE: API_ERROR 500, of removing', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const [id, asset] = [await collection(ada), await noteId(ada)]
    await ada.send('POST', `collection/${id}/assets`, { asset_id: [asset] })
    const ask = () => ada.send('DELETE', `collection/${id}/assets?asset_id[]=${asset}`)
    const row: [string, RegExp] = ['API_ERROR', /^Error removing asset from collection$/]
    assert.equal(recordsOf(await breaks(bar, 'collection_item', { ask, row })).length, 0)
  })
})

describe('collection/:collection_id/watch', () => {
  for (const verb of ['POST', 'DELETE'] as const)
    test(`${verb}: API_ERROR 500 Error watching collection`, async () => {
      await using bar = await startGimmebar()
      const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
      const id = await collection(ada)
      const ask = () => grace.send(verb, `collection/${id}/watch`)
      const answer = await breaks(bar, 'watch', { ask, row: ['API_ERROR', /^Error watching collection$/] })
      assert.equal(objectOf(answer)['watched'], verb === 'POST')
    })
})
