import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startVitrine } from '../../helpers/vitrine.ts'

// Every sentence of "API v1 overview", in its order. Each test quotes the sentence it keeps.

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

describe('Schema', () => {
  test('"accessed from the …/v1/ endpoint. All data is sent and received as JSON", with the headers of the sample', async () => {
    await using vitrine = await startVitrine()
    await vitrine.person('ada')
    const answer = await vitrine.anonymous.get('/v1/users/ada')

    assert.equal(answer.statusCode, 200)
    assert.match(String(answer.headers.etag), /^"[0-9a-f]{32}"$/)
    assert.equal(answer.headers.status, '200 OK')
    assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
    assert.equal(answer.headers['cache-control'], 'max-age=0, private, must-revalidate')
    assert.equal(answer.headers['x-ratelimit-limit'], '60')
    assert.equal(answer.headers['x-ratelimit-remaining'], '59')
    // 05:06:07 resets at 06:00:00: the window is the clock hour, as in the sample.
    assert.equal(answer.headers['x-ratelimit-reset'], String(Date.parse('2026-03-04T06:00:00Z') / 1000))
  })

  test('"Blank fields are included as null instead of being omitted", "timestamps are returned in ISO 8601 format"', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada', { name: 'Ada Byron' })
    const answer = await vitrine.anonymous.get('/v1/users/ada')
    const { base } = vitrine
    const own = `${base}/v1/users/${ada.id}`

    const expected = {
      id: ada.id,
      name: 'Ada Byron',
      username: 'ada',
      html_url: `${base}/ada`,
      avatar_url: `${base}/users/${ada.id}/avatars/normal/avatar.png?${vitrine.clock.now().getTime() / 1000}`,
      bio: null,
      location: null,
      links: {},
      buckets_count: 0,
      comments_received_count: 0,
      followers_count: 0,
      followings_count: 0,
      likes_count: 0,
      likes_received_count: 0,
      projects_count: 0,
      rebounds_received_count: 0,
      shots_count: 0,
      teams_count: 0,
      can_upload_shot: true,
      type: 'Player',
      pro: false,
      buckets_url: `${own}/buckets`,
      followers_url: `${own}/followers`,
      following_url: `${own}/following`,
      likes_url: `${own}/likes`,
      projects_url: `${own}/projects`,
      shots_url: `${own}/shots`,
      teams_url: `${own}/teams`,
      created_at: '2026-03-04T05:06:07Z',
      updated_at: '2026-03-04T05:06:07Z',
    }
    assert.equal(answer.body, JSON.stringify(expected))
    assert.match(expected.created_at, ISO)
  })

  test('a team has members in place of teams', async () => {
    await using vitrine = await startVitrine()
    const guild = await vitrine.person('guild', { team: true, links: { web: 'https://guild.example' } })
    await vitrine.person('ada', { memberOf: guild })
    const team = (await vitrine.anonymous.get('/v1/users/guild')).json<Record<string, unknown>>()

    assert.equal(team['type'], 'Team')
    assert.deepEqual(team['links'], { web: 'https://guild.example' })
    assert.deepEqual(Object.keys(team).slice(-5), [
      'created_at',
      'updated_at',
      'members_count',
      'members_url',
      'team_shots_url',
    ])
    assert.equal(team['members_count'], 1)
    assert.ok(!('teams_count' in team) && !('teams_url' in team))
  })
})

describe('Parameters', () => {
  test('"any parameters not specified as a segment in the path can be passed as an HTTP query string parameter"', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    for (const login of ['bob', 'cleo', 'dan'])
      await (await vitrine.person(login)).put('/v1/users/ada/follow')

    const second = await vitrine.anonymous.get('/v1/users/ada/followers?page=2&per_page=2')
    const followers = second.json<{ follower: { username: string } }[]>()
    assert.deepEqual(
      followers.map(({ follower }) => follower.username),
      ['bob'],
    )
    assert.equal((await ada.get('/v1/user/followers?per_page=2')).json<unknown[]>().length, 2)
  })

  const ways = {
    'as JSON under the form type': {
      payload: '{"title":"Second"}',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
    'as JSON': { payload: '{"title":"Second"}', headers: { 'content-type': 'application/json' } },
    'as a form with names that have no value': {
      payload: 'image&title=Second&description&low_profile&rebound_source_id&scheduled_for&tags&team_id',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
    'as multipart': {
      payload: '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nSecond\r\n--b--\r\n',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
    },
  }
  for (const [way, { payload, headers }] of Object.entries(ways))
    test(`"For POST, PATCH, PUT, and DELETE requests, parameters … should be encoded as JSON": ${way}`, async () => {
      await using vitrine = await startVitrine()
      const ada = await vitrine.person('ada')
      const id = await vitrine.upload(ada, { title: 'First', description: 'kept', tags: ['kept'] })

      const changed = (await ada.put(`/v2/shots/${id}`, undefined, { payload, headers })).json<
        Record<string, unknown>
      >()
      assert.equal(changed['title'], 'Second')
      assert.equal(changed['description'], '<p>kept</p>')
      assert.deepEqual(changed['tags'], ['kept'])
    })

  test('all of them in the query, with an empty body of a JSON type', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const id = await vitrine.upload(ada)
    const extra = { payload: '', headers: { 'content-type': 'application/json' } }
    const changed = await ada.put(`/v2/shots/${id}?title=Query&tags[]=b&tags[]=A`, undefined, extra)
    assert.equal(changed.statusCode, 200)
    assert.deepEqual(changed.json<{ title: string; tags: string[] }>().tags, ['a', 'b'])
    assert.equal((await ada.delete(`/v2/shots/${id}`, undefined, extra)).statusCode, 204)
  })

  test('what cannot be read is answered 400', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const put = async (payload: string, type = 'application/json') =>
      (await ada.put('/v2/shots/1', undefined, { payload, headers: { 'content-type': type } })).body
    assert.equal(await put('{"title":'), '{"message":"Problem parsing JSON."}')
    assert.equal(await put('[1]'), '{"message":"Body should be a JSON object."}')
    assert.equal(await put('{', 'application/x-www-form-urlencoded'), '{"message":"Problem parsing JSON."}')
    const cut = '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nSec'
    assert.equal(
      await put(cut, 'multipart/form-data; boundary=b'),
      '{"message":"Problem parsing the multipart body."}',
    )
  })
})

describe('HTTP Verbs', () => {
  test('verbs a path does not have are answered 405 with Allow', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const answer = await ada.post('/v1/user', {})
    assert.equal(answer.statusCode, 405)
    assert.equal(answer.headers.allow, 'OPTIONS, GET')
  })
})

describe('Authentication', () => {
  test('"OAuth2 Token (sent in a header)" and "(sent as a parameter)"', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const { anonymous } = vitrine
    const nameOf = (answer: { json: () => unknown }) => (answer.json() as { username: string }).username

    assert.equal(nameOf(await ada.get('/v1/user')), 'ada')
    assert.equal(nameOf(await anonymous.get(`/v1/user?access_token=${ada.token}`)), 'ada')
    assert.equal(
      nameOf(await anonymous.get('/v1/user', { headers: { authorization: `bearer ${ada.token}` } })),
      'ada',
    )
    assert.equal(nameOf(await ada.get(`/v1/user?access_token=${ada.token}`)), 'ada')
    const follow = await anonymous.put('/v1/users/ada/follow', { access_token: ada.token })
    assert.equal(follow.statusCode, 422)
  })

  test('a token that is not good is refused everywhere, two that differ as well', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    for (const authorization of ['Bearer nonsense', 'Bearer', 'Basic YTpi', `Bearer ${'x'.repeat(5000)}`]) {
      const answer = await vitrine.anonymous.get('/v1/users/ada', { headers: { authorization } })
      assert.equal(answer.statusCode, 401)
      assert.equal(answer.body, '{"message":"Bad credentials."}')
      assert.equal(answer.headers['www-authenticate'], 'Bearer')
    }
    const two = await ada.get('/v1/user?access_token=other')
    assert.equal(two.statusCode, 400)
  })

  test('the authenticated user needs a token; so does all of v2', async () => {
    await using vitrine = await startVitrine()
    for (const path of ['/v1/user', '/v2/user', '/v2/user/shots', '/v2/shots/1'])
      assert.equal((await vitrine.anonymous.get(path)).statusCode, 401)
  })

  test('anonymous reads of v1 can be turned off', async () => {
    await using vitrine = await startVitrine({ settings: { VITRINE_DRIBBBLE_ANONYMOUS: 'off' } })
    const ada = await vitrine.person('ada')
    assert.equal((await vitrine.anonymous.get('/v1/users/ada')).statusCode, 401)
    assert.equal((await ada.get('/v1/users/ada')).statusCode, 200)
  })
})
