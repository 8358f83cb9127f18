import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { startTookapic } from '../../helpers/start-tookapic.ts'

interface Response {
  meta: Record<string, unknown>
  data: unknown
}

/** Runs an answer as the page's example does: a script that calls `foo(response)`. */
function run(script: string): Response {
  const responses: Response[] = []
  runInNewContext(script, { foo: (response: Response) => void responses.push(response) })
  const [response] = responses
  assert.ok(response && responses.length === 1)
  // Objects of another realm have other prototypes.
  return JSON.parse(JSON.stringify(response)) as Response
}

describe('JSON-P Callbacks', () => {
  test('"The response includes the same data output as the regular API, plus the relevant HTTP Header information"', async () => {
    await using tookapic = await startTookapic()
    await tookapic.person('ada')
    await tookapic.person('bob')
    const { anonymous } = tookapic
    const plain = (await anonymous.get('/users?per_page=1')).json<{ data: unknown; meta: object }>()

    const answer = await anonymous.get('/users?callback=foo&per_page=1')
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['content-type'], 'application/javascript; charset=utf-8')
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    assert.match(answer.body, /^\/\*\*\/foo\(\{"meta":\{.*\}\);$/s)
    const { meta, data } = run(answer.body)
    assert.deepEqual(data, plain.data)
    assert.deepEqual(meta, {
      status: 200,
      'X-RateLimit-Limit': 50,
      'X-RateLimit-Remaining': 48,
      'X-RateLimit-Reset': Date.parse('2026-03-04T05:15:00Z') / 1000,
      ...plain.meta,
    })
    assert.ok(answer.body.includes(`"next":"${tookapic.base}/users?per_page=1&page=2"`))
  })

  test('an object has no pagination; an error is data too, outside it is always 200', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const self = run((await ada.get('/user?callback=foo')).body)
    assert.deepEqual(Object.keys(self.meta), [
      'status',
      'X-RateLimit-Limit',
      'X-RateLimit-Remaining',
      'X-RateLimit-Reset',
    ])
    assert.equal((self.data as { username: string }).username, 'ada')

    const { anonymous } = tookapic
    const error = async (path: string, headers = {}) => {
      const answer = await anonymous.get(path, headers)
      assert.equal(answer.statusCode, 200)
      const { meta, data } = run(answer.body)
      return [meta['status'], data]
    }
    assert.deepEqual(await error('/users/nobody?callback=foo'), [
      404,
      { message: '404 Not Found', status_code: 404 },
    ])
    assert.deepEqual(await error('/user?callback=foo'), [
      401,
      { message: '401 Unauthorized', status_code: 401 },
    ])
    assert.equal((await error('/users?callback=foo', { accept: 'application/vnd.tookapic.v9+json' }))[0], 400)
    for (let n = 0; n < 50; n += 1) await anonymous.get('/users')
    assert.deepEqual(await error('/users?callback=foo'), [
      403,
      { message: '403 Forbidden', status_code: 403 },
    ])
  })

  test('a name that could do harm is refused, in plain JSON', async () => {
    await using tookapic = await startTookapic()
    for (const name of ['alert(1)', 'a-b', '1', 'eval', 'window.eval', '%3Cscript%3E', 'a'.repeat(200)]) {
      const answer = await tookapic.anonymous.get(`/users?callback=${name}`)
      assert.deepEqual(
        [answer.statusCode, answer.headers['content-type'], answer.body],
        [400, 'application/json', '{"message":"400 Bad Request","status_code":400}'],
      )
    }
    for (const name of ['foo', 'app.list[0].show', '$', 'jQuery1102_1690'])
      assert.match((await tookapic.anonymous.get(`/users?callback=${name}`)).body, /^\/\*\*\//)
    assert.equal(
      (await tookapic.anonymous.get('/users?callback=')).headers['content-type'],
      'application/json',
    )
  })

  test('"any GET call", and no other; nothing in a text ends the script; no 304', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada', { bio: '</script><script>alert(1)</script>\u2028' })
    const answer = await ada.get('/user?callback=foo')
    assert.ok(!answer.body.includes('</script>') && !answer.body.includes('\u2028'))
    assert.equal((run(answer.body).data as { bio: string }).bio, '</script><script>alert(1)</script>\u2028')
    assert.equal(answer.headers.etag, undefined)
    assert.equal((await ada.get('/user?callback=foo', { 'if-none-match': '*' })).statusCode, 200)

    const write = await ada.send('PUT', '/user?callback=foo', { bio: 'x' })
    assert.equal(write.headers['content-type'], 'application/json')
    assert.equal(write.json<{ data: { bio: string } }>().data.bio, 'x')
  })
})
