import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dataOf, listOf, same, startTookapic } from '../../helpers/start-tookapic.ts'
import { photo, START, user } from './shown.ts'

// "API: Documentation", "Overview", in its order. Each test quotes the sentence it keeps.

describe('Current Version', () => {
  test('"By default all request receive the v2 version API. We encourage you to explicitly request this version"', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const expected = JSON.stringify({ data: user(tookapic, ada) })
    const v2 = [
      'application/vnd.tookapic.v2+json',
      'APPLICATION/vnd.tookapic.V2+JSON',
      'application/vnd.tookapic.v2',
      'text/html, application/vnd.tookapic.v2+json;q=0.5, application/vnd.tookapic.v9+json',
      // Another service's type, and whatever browsers and libraries send.
      'application/vnd.dribbble.v1.text+json',
      'application/vnd.github+json',
      'application/json',
      'application/xml',
      'text/html,application/xhtml+xml,*/*;q=0.8',
      '*/*',
      '',
    ]
    for (const accept of v2) {
      const answer = await tookapic.anonymous.get('/users/ada', { accept })
      assert.deepEqual([answer.statusCode, answer.body], [200, expected], accept)
      assert.equal(answer.headers['content-type'], 'application/json')
    }
    assert.equal((await tookapic.anonymous.get('/users/ada')).body, expected)
  })

  // Decided: "another version 400; another format 406".
  test('there is no other version and no other format', async () => {
    await using tookapic = await startTookapic()
    await tookapic.person('ada')
    const refusal = async (accept: string) => {
      const answer = await tookapic.anonymous.get('/users/ada', { accept })
      return [answer.statusCode, answer.json()]
    }
    const version = 'The version given was unknown or has no registered routes.'
    for (const name of ['v1', 'v3', 'v22', '2', 'x'])
      assert.deepEqual(await refusal(`application/vnd.tookapic.${name}+json`), [
        400,
        { message: version, status_code: 400 },
      ])
    const format = 'Unable to format response according to Accept header.'
    assert.deepEqual(await refusal('application/vnd.tookapic.v2+xml'), [
      406,
      { message: format, status_code: 406 },
    ])
    assert.equal((await refusal('application/vnd.tookapic.v1+xml'))[0], 400)
  })
})

describe('Schema', () => {
  test('"All data is sent and received as JSON", with the headers of the sample', async () => {
    await using tookapic = await startTookapic()
    await tookapic.person('ada')
    const answer = await tookapic.anonymous.get('/users/ada')
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['content-type'], 'application/json')
    assert.equal(answer.headers['cache-control'], 'no-cache')
    assert.equal(answer.headers['x-ratelimit-limit'], '50')
    assert.equal(answer.headers['x-ratelimit-remaining'], '49')
    // 05:06:07 resets at 05:15:00: windows of a quarter of an hour begin on the clock.
    assert.equal(answer.headers['x-ratelimit-reset'], String(Date.parse('2026-03-04T05:15:00Z') / 1000))
  })

  test('"Blank fields are included as null instead of being omitted", "timestamps … YYYY-MM-DDTHH:MM:SSZ": a user', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada', { name: 'Ada Byron' })
    const answer = await tookapic.anonymous.get('/users/ada')
    assert.equal(answer.body, JSON.stringify({ data: user(tookapic, ada, { name: 'Ada Byron' }) }))
    assert.match(START, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    // A name is a name, however it is written: digits are no id here.
    assert.equal((await tookapic.anonymous.get('/users/ADA')).body, answer.body)
    assert.equal((await tookapic.anonymous.get(`/users/${ada.id}`)).statusCode, 404)
  })

  test('the same: a photo', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const id = await tookapic.photo(ada)
    same(dataOf(await tookapic.anonymous.get(`/photos/${id}`)), photo(tookapic, id, 'ada'))
    same(dataOf(await ada.get(`/photos/${id}`)), photo(tookapic, id, 'ada', { is_liked: false }))
  })
})

describe('Parameters', () => {
  test('"the \'friday\' value is provided for the :name parameter in the path while :sort is passed in the query string"', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const older = await tookapic.photo(ada, { tags: ['friday'], takenOn: '2026-03-01' })
    tookapic.clock.advance(60)
    const newer = await tookapic.photo(ada, { tags: ['friday', 'sea'] })
    await tookapic.photo(ada, { tags: ['sea'] })
    await ada.send('PUT', `/photos/${older}/like`)

    const found = async (query: string) =>
      listOf(await tookapic.anonymous.get(`/tags/friday${query}`)).map(({ id }) => id)
    assert.deepEqual(await found('?sort=recent'), [newer, older])
    assert.deepEqual(await found('?sort=popular'), [older, newer])
    assert.deepEqual(await found(''), [newer, older])
    assert.deepEqual(await found('?sort=sideways'), [newer, older])
  })

  const JSON_TYPE = { 'content-type': 'application/json' }
  const ways = {
    'as JSON with its type ("encoded as JSON with a Content-Type of \'application/json\'")': {
      payload: '{"title":"Second"}',
      headers: JSON_TYPE,
    },
    'as JSON without a type': { payload: '{"title":"Second"}', headers: {} },
    'as a form': {
      payload: 'title=Second',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
    'as multipart': {
      payload: '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nSecond\r\n--b--\r\n',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    },
  }
  for (const [way, { payload, headers }] of Object.entries(ways))
    test(`for writes, ${way}`, async () => {
      await using tookapic = await startTookapic()
      const ada = await tookapic.person('ada')
      const id = await tookapic.photo(ada)
      const answer = await ada.send('PUT', `/photos/${id}`, undefined, { payload, headers })
      assert.equal(dataOf(answer)['title'], 'Second')
    })

  test('what cannot be read is 400, or 415 for a type that holds no parameters', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const id = await tookapic.photo(ada)
    const refusal = async (payload: string, headers: Record<string, string> = JSON_TYPE) => {
      const answer = await ada.send('PUT', `/photos/${id}`, undefined, { payload, headers })
      return answer.body
    }
    const bad = '{"message":"400 Bad Request","status_code":400}'
    for (const payload of ['{', '[]', '"title"', '['.repeat(64), '{"title":"\u0000'])
      assert.equal(await refusal(payload), bad)
    assert.equal(await refusal('--b\r\nbroken', { 'content-type': 'multipart/form-data; boundary=b' }), bad)
    assert.equal(
      await refusal('<title/>', { 'content-type': 'application/xml' }),
      '{"message":"415 Unsupported Media Type","status_code":415}',
    )
    assert.equal(dataOf(await ada.get(`/photos/${id}`))['title'], 'Harbour')
  })

  // Clients of the service put the vendor type into the Content-Type of a GET.
  test('the Content-Type of a GET is passed over', async () => {
    await using tookapic = await startTookapic()
    await tookapic.person('ada')
    for (const type of ['application/vnd.tookapic.v2+json', 'application/vnd.tookapic.v9+xml', 'x'])
      assert.equal((await tookapic.anonymous.get('/users/ada', { 'content-type': type })).statusCode, 200)
  })
})

describe('HTTP Verbs', () => {
  test('GET retrieves, POST creates, PUT updates or does an action, DELETE deletes; PATCH is PUT', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const id = await tookapic.photo(ada, { description: 'Low water' })
    const changed = dataOf(await ada.send('PUT', `/photos/${id}`, { title: 'Quay' }))
    assert.deepEqual([changed['title'], changed['description']], ['Quay', 'Low water'])
    assert.equal(dataOf(await ada.send('PATCH', `/photos/${id}`, { title: 'Pier' }))['title'], 'Pier')
    const made = await ada.send('POST', `/photos/${id}/comments`, { content: 'Fine' })
    assert.equal(made.statusCode, 201)
    assert.equal((await ada.send('PUT', `/photos/${id}/like`)).statusCode, 204)
    const gone = await ada.send('DELETE', `/photos/${id}`)
    assert.deepEqual([gone.statusCode, gone.body], [204, ''])
    assert.equal((await ada.get(`/photos/${id}`)).statusCode, 404)
  })

  test('another verb is 405 with what there is, an address nobody has 404', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const answer = await ada.send('DELETE', '/users/ada', {})
    assert.deepEqual(
      [answer.statusCode, answer.headers.allow, answer.body],
      [405, 'OPTIONS, GET', '{"message":"405 Method Not Allowed","status_code":405}'],
    )
    for (const path of [
      '/',
      '/nothing',
      '/photos/0',
      '/photos/x',
      '/photos/1e3',
      '/users/nobody',
      '/tags/none',
    ]) {
      const missing = await tookapic.anonymous.get(path)
      assert.deepEqual(
        [missing.statusCode, missing.body],
        [404, '{"message":"404 Not Found","status_code":404}'],
        path,
      )
    }
    assert.equal((await tookapic.anonymous.get('/users/%E0%A4%A')).statusCode, 400)
  })
})

describe('Authentication', () => {
  test('"OAuth2 Token (sent in a header)", "OAuth2 Token (sent as a parameter)"', async () => {
    await using tookapic = await startTookapic()
    const { token, id, login } = await tookapic.person('ada')
    const self = { ...user(tookapic, { id, login }), time_zone: null }
    const { anonymous } = tookapic
    for (const scheme of ['Bearer', 'bearer', 'BEARER'])
      same(dataOf(await anonymous.get('/user', { authorization: `${scheme} ${token}` })), self)
    const asParameter = await anonymous.get(`/user?access_token=${token}`)
    same(dataOf(asParameter), self)
    assert.equal(asParameter.headers['x-ratelimit-limit'], '1000')
    const both = await anonymous.get(`/user?access_token=${token}`, { authorization: `Bearer ${token}` })
    assert.equal(both.statusCode, 200)
  })

  test('a token that is no good is 401 everywhere, two that differ are 400', async () => {
    await using tookapic = await startTookapic()
    const { token } = await tookapic.person('ada')
    const bob = await tookapic.person('bob')
    const { anonymous } = tookapic
    const unauthorized = '{"message":"401 Unauthorized","status_code":401}'
    for (const authorization of [
      'Bearer x',
      'Bearer',
      `Basic ${token}`,
      `Token ${token}`,
      `Bearer ${token} x`,
      '',
    ]) {
      const answer = await anonymous.get('/users/ada', { authorization })
      assert.deepEqual([answer.statusCode, answer.body], [401, unauthorized], authorization)
      assert.match(String(answer.headers['www-authenticate']), /^Bearer/)
    }
    assert.equal((await anonymous.get('/users/ada?access_token=x')).statusCode, 401)
    const two = await anonymous.get(`/user?access_token=${token}`, { authorization: `Bearer ${bob.token}` })
    assert.deepEqual([two.statusCode, two.body], [400, '{"message":"400 Bad Request","status_code":400}'])
    const nobody = await anonymous.get('/user')
    assert.deepEqual([nobody.statusCode, nobody.headers['www-authenticate']], [401, 'Bearer'])
    // A body is no place for a token.
    const inBody = await anonymous.send('PUT', '/user', { access_token: token, bio: 'x' })
    assert.equal(inBody.statusCode, 401)
  })

  test('each write needs its scope', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const id = await tookapic.photo(ada)
    const comment = (await ada.send('POST', `/photos/${id}/comments`, { content: 'x' })).json<{
      data: { id: number }
    }>().data.id
    const writes = [
      ['upload', 'POST', '/photos'],
      ['upload', 'PUT', `/photos/${id}`],
      ['upload', 'PATCH', `/photos/${id}`],
      ['upload', 'DELETE', `/photos/${id}`],
      ['comment', 'POST', `/photos/${id}/comments`],
      ['comment', 'DELETE', `/comments/${comment}`],
      ['write', 'PUT', `/photos/${id}/like`],
      ['write', 'DELETE', `/photos/${id}/like`],
      ['write', 'PUT', `/comments/${comment}/like`],
      ['write', 'DELETE', `/comments/${comment}/like`],
      ['write', 'PUT', '/users/ada/follow'],
      ['write', 'DELETE', '/users/ada/follow'],
      ['write', 'PUT', '/user'],
      ['write', 'PATCH', '/user'],
    ] as const
    for (const [scope, method, path] of writes) {
      const others = ['public', 'write', 'comment', 'upload'].filter((one) => one !== scope)
      const reader = await tookapic.person(`${method}${path}`.replaceAll(/\W/g, ''), {
        scopes: others.join(' '),
      })
      const refused = await reader.send(method, path, { title: 'x', content: 'x' })
      assert.deepEqual(
        [refused.statusCode, refused.body, refused.headers['www-authenticate']],
        [
          403,
          '{"message":"403 Forbidden","status_code":403}',
          `Bearer error="insufficient_scope", scope="${scope}"`,
        ],
        `${method} ${path}`,
      )
      assert.equal((await tookapic.anonymous.send(method, path, { title: 'x' })).statusCode, 401)
    }
  })
})
