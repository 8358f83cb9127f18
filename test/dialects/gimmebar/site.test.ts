import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { objectOf, refusedAs, startGimmebar } from '../../helpers/start-gimmebar.ts'

const SOURCE = 'https://example.org/'

describe('addresses beside the API', () => {
  test('lead to the library’s own pages', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const shown = objectOf(await ada.send('POST', 'asset', { title: 'One', source: SOURCE, text: 'x' }))
    const to = async (path: string) => {
      const answer = await bar.anonymous.get(path)
      return [answer.statusCode, answer.headers.location]
    }
    const { id } = await bar.vitrine.ctx.db.selectFrom('item').select('id').executeTakeFirstOrThrow()
    const view = `/view/${String(shown['id'])}`
    assert.deepEqual(await to(view), [302, `${bar.pages}/items/${id}`])
    assert.deepEqual(await to(`/${String(shown['short_url_token'])}`), [302, bar.base + view])
    assert.deepEqual(await to('/user/ada'), [302, `${bar.pages}/people/ada`])
    assert.deepEqual(await to('/loves/ada'), [302, `${bar.pages}/people/ada`])
    const made = objectOf(await ada.send('POST', 'collection', { title: 'Bread' }))
    const collection = `/collection/${String(made['id'])}`
    assert.deepEqual(await to(`${collection}/an-old-slug`), [302, `${bar.pages}/people/ada`])
    assert.deepEqual(await to('/apps'), [302, `${bar.pages}/account/applications`])
    assert.equal((await bar.anonymous.get('/zzzz')).statusCode, 404)
    assert.equal((await bar.anonymous.get(`/view/${'0'.repeat(24)}`)).statusCode, 404)
  })

  test('feeds are RSS of what is public', async () => {
    await using bar = await startGimmebar({ at: '2026-03-04T05:06:07.000Z' })
    const ada = await bar.person('ada')
    await ada.send('POST', 'asset', { title: 'Salt & <bread>', source: SOURCE, text: 'x' })
    await ada.send('POST', 'asset', { title: 'Hidden', source: SOURCE, text: 'y', private: '1' })
    for (const path of ['ada', 'ada/collection/firehose']) {
      const feed = await bar.anonymous.get(`/public/feed/user/${path}`)
      assert.equal(feed.headers['content-type'], 'application/rss+xml; charset=utf-8')
      assert.match(feed.body, /<item><title>Salt &amp; &lt;bread&gt;<\/title>/)
      assert.doesNotMatch(feed.body, /Hidden/)
    }
  })

  test('what a private asset holds needs the signature that its owner is given', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const dataurl = `data:application/pdf;base64,${Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64')}`
    const said = { title: 'P', source: SOURCE, dataurl, private: '1' }
    const { content } = objectOf(await ada.send('POST', 'asset', said)) as { content: { url: string } }
    const path = content.url.slice(bar.base.length)
    assert.equal((await bar.anonymous.get(path)).statusCode, 200)
    assert.equal((await bar.anonymous.get(path.split('?', 1)[0] ?? '')).statusCode, 404)
    assert.equal((await bar.anonymous.get(path.replace(/signature=.{4}/, 'signature=AAAA'))).statusCode, 404)
  })
})

describe('version 0', () => {
  test('has its own names and shapes', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const v0 = '/api/v0'
    const shown = objectOf(await ada.send('POST', `${v0}/asset`, { title: 'One', source: SOURCE, text: 'x' }))
    assert.equal(shown['content'], 'x')
    const user = objectOf(await ada.get(`${v0}/user`))
    assert.equal(user['username'], 'ada')
    assert.equal(objectOf(await ada.get(`${v0}/users/find?username=ada`))['id'], user['id'])
    const own = await ada.get(`${v0}/assets/user/${String(user['id'])}.js`)
    assert.equal(own.json<{ total_records: number }>().total_records, 1)
    const { id } = objectOf(await ada.send('POST', `${v0}/collection`, { title: 'Bread' }))
    const list = (await ada.get(`${v0}/collections`)).json<{ slug: string }[]>()
    assert.deepEqual(
      list.map(({ slug }) => slug),
      ['bread', 'firehose'],
    )
    assert.equal(objectOf(await ada.get(`${v0}/collection/slug?slug=bread`))['id'], id)
    const form = { asset_id: [String(shown['id'])] }
    const path = `${v0}/collection/${String(id)}`
    const added = await ada.send('POST', `${path}/add`, form)
    assert.equal(added.json<{ total_records: number }>().total_records, 1)
    const removed = await ada.send('POST', `${path}/remove`, form)
    assert.equal(removed.json<{ total_records: number }>().total_records, 0)
    refusedAs(await bar.anonymous.get(`${v0}/user`), 401, 'NOT_AUTHORIZED')
  })
})
