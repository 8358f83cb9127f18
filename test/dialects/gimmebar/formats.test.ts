import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refusedAs, startGimmebar, type Collector, type Gimmebar } from '../../helpers/start-gimmebar.ts'

async function withNotes(bar: Gimmebar, titles: readonly string[]): Promise<Collector> {
  const ada = await bar.person('ada')
  for (const title of titles) {
    await ada.send('POST', 'asset', { title, source: 'https://example.org/', text: title })
    bar.clock.advance(60)
  }
  return ada
}

describe('the paginated response', () => {
  test('is printed in the order of the page, compact, everything but ASCII escaped', async () => {
    await using bar = await startGimmebar()
    await withNotes(bar, ['One', 'Salt\u2122 \u00b7 <b>', 'Three'])
    const answer = await bar.anonymous.get('public/assets/ada?limit=2&_include=title')
    const { records } = answer.json<{ records: { id: string }[] }>()
    assert.equal(
      answer.body,
      `{"records":[{"id":"${records[0]?.id}","title":"Three"},` +
        `{"id":"${records[1]?.id}","title":"Salt\\u2122 \\u00b7 <b>"}],` +
        '"skip":0,"limit":2,"total_records":3,"more_records":true}',
    )
    assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
  })

  test('limit is 10, 50 at the most; skip counts from 0; what cannot be meant is not said', async () => {
    await using bar = await startGimmebar()
    await withNotes(bar, ['One', 'Two', 'Three'])
    const paging = async (query: string) => {
      const {
        limit,
        skip,
        more_records: more,
      } = (await bar.anonymous.get(`public/assets/ada?${query}`)).json<Record<string, unknown>>()
      return [limit, skip, more]
    }
    assert.deepEqual(await paging(''), [10, 0, false])
    assert.deepEqual(await paging('limit=500'), [50, 0, false])
    assert.deepEqual(await paging('limit=1&skip=1'), [1, 1, true])
    assert.deepEqual(await paging('limit=2&limit=1&skip=9&skip=2'), [1, 2, false])
    assert.deepEqual(await paging('limit=-1&skip=x&_=1'), [10, 0, false])
  })
})

describe('formats', () => {
  test('.json, no suffix and .js are JSON, .xml is XML', async () => {
    await using bar = await startGimmebar()
    await withNotes(bar, ['Salt & <bread>\u0001'])
    const plain = await bar.anonymous.get('public/assets/ada')
    for (const path of ['public/assets/ada.json', 'public/assets/ada.js', '/api/v1/public//assets/ada/'])
      assert.equal((await bar.anonymous.get(path)).body, plain.body, path)
    const xml = await bar.anonymous.get('public/assets/ada.xml?_include[]=title')
    const { records } = plain.json<{ records: { id: string }[] }>()
    assert.equal(xml.headers['content-type'], 'application/xml; charset=utf-8')
    assert.equal(
      xml.body,
      '<?xml version="1.0" encoding="UTF-8"?>\n<response><records><record>' +
        `<id>${records[0]?.id}</id><title>Salt &amp; &lt;bread&gt;</title></record></records>` +
        '<skip>0</skip><limit>10</limit><total_records>1</total_records>' +
        '<more_records>false</more_records></response>',
    )
    const error = await bar.anonymous.get('public/assets/nobody.xml')
    assert.equal(error.statusCode, 404)
    assert.match(error.body, /<errors><error><name>RESOURCE_NOT_FOUND<\/name>/)
  })

  test('a login with a dot keeps it', async () => {
    await using bar = await startGimmebar()
    await bar.person('jo.smith')
    for (const path of [
      'public/assets/jo.smith',
      'public/assets/jo.smith.json',
      'public/assets/jo.smith.xml',
    ])
      assert.equal((await bar.anonymous.get(path)).statusCode, 200, path)
  })

  test('jsonp_callback wraps the answer; errors are 200 too', async () => {
    await using bar = await startGimmebar()
    await withNotes(bar, ['</script>'])
    const answer = await bar.anonymous.get('public/assets/ada?jsonp_callback=foo&_include=title')
    assert.equal(answer.headers['content-type'], 'application/javascript; charset=utf-8')
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    assert.match(
      answer.body,
      /^\/\*\*\/foo\(\{"records":\[\{"id":"[0-9a-f]{24}","title":"\\u003c\/script>"\}\]/,
    )
    assert.ok(answer.body.endsWith('});'))
    const missing = await bar.anonymous.get('public/assets/nobody?jsonp_callback=foo')
    assert.equal(missing.statusCode, 200)
    assert.match(missing.body, /^\/\*\*\/foo\(\{"errors":\[\{"name":"RESOURCE_NOT_FOUND"/)
    for (const name of ['alert(1)', 'a b', 'eval'])
      refusedAs(
        await bar.anonymous.get(`public/assets/ada?jsonp_callback=${encodeURIComponent(name)}`),
        400,
        'INVALID_INPUT',
      )
  })
})

describe('includes and extensions', () => {
  test('_include works on one record too, and never takes the id', async () => {
    await using bar = await startGimmebar()
    const ada = await withNotes(bar, ['One'])
    const [record] = (await ada.get('assets')).json<{ records: { id: string }[] }>().records
    const path = `public/asset/${record?.id}`
    const names = async (query: string) =>
      Object.keys((await bar.anonymous.get(`${path}?${query}`)).json<Record<string, unknown>>())
    assert.deepEqual(await names('_include[]=title&_include[]=short_url_token'), [
      'id',
      'title',
      'short_url_token',
    ])
    assert.deepEqual(await names('_include=nothing'), ['id'])
    assert.deepEqual(await names('_extension[]=user&_include[]=user'), ['id', 'user'])
    const all = await names('_extension[]=collections&_extension[]=dupes&_extension[]=owned&_extension[]=x')
    assert.deepEqual(all.slice(-3), ['owned', 'collections', 'dupes'])
  })
})

describe('errors', () => {
  test('an unknown address is 404 for everybody, a wrong verb 405', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    refusedAs(await bar.anonymous.get('nothing/here'), 404, 'RESOURCE_NOT_FOUND')
    refusedAs(await ada.get('nothing'), 404, 'RESOURCE_NOT_FOUND')
    const wrong = await ada.send('PUT', 'assets', {})
    refusedAs(wrong, 405, 'METHOD_NOT_ALLOWED')
    assert.equal(wrong.headers['allow'], 'OPTIONS, GET')
    const odd = await ada.send('POST', 'asset', undefined, {
      payload: 'x',
      headers: { 'content-type': 'multipart/form-data' },
    })
    refusedAs(odd, 400, 'INVALID_INPUT')
  })
})
