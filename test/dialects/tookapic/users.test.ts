import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dataOf, errorsOf, listOf, same, startTookapic } from '../../helpers/start-tookapic.ts'
import { user } from './shown.ts'

const logins = (list: Record<string, unknown>[]) => list.map(({ username }) => username)

describe('users', () => {
  test('GET /users: the newest first, or by followers', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    tookapic.clock.advance(1)
    const bob = await tookapic.person('bob')
    tookapic.clock.advance(1)
    const cleo = await tookapic.person('cleo')
    await bob.send('PUT', '/users/ada/follow')
    await cleo.send('PUT', '/users/ada/follow')
    await ada.send('PUT', '/users/bob/follow')
    const { anonymous } = tookapic
    assert.deepEqual(logins(listOf(await anonymous.get('/users'))), ['cleo', 'bob', 'ada'])
    assert.deepEqual(logins(listOf(await anonymous.get('/users?sort=recent'))), ['cleo', 'bob', 'ada'])
    assert.deepEqual(logins(listOf(await anonymous.get('/users?sort=popular'))), ['ada', 'bob', 'cleo'])
    same(listOf(await anonymous.get('/users?sort=popular&per_page=1')), [
      user(tookapic, ada, { count_followers: 2, count_following: 1 }),
    ])
    await tookapic.vitrine.ctx.db
      .updateTable('account')
      .set({ suspended: 1 })
      .where('id', '=', ada.id)
      .execute()
    assert.deepEqual(logins(listOf(await anonymous.get('/users'))), ['cleo', 'bob'])
  })

  test('GET /users/:username counts what everybody may see', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada', {
      bio: 'Harbours <b>mostly</b>',
      location: 'Gdynia',
      links: { web: 'https://ada.example', twitter: 'https://twitter.example/ada' },
    })
    for (const takenOn of ['2026-03-02', '2026-03-03', '2026-03-04']) await tookapic.photo(ada, { takenOn })
    await tookapic.photo(ada)
    await tookapic.photo(ada, { takenOn: '2026-02-01', visibility: 'private' })
    await tookapic.photo(ada, { takenOn: '2026-02-02', lowProfile: true })
    await tookapic.photo(ada, { kind: 'text', takenOn: '2026-02-03' })
    const shown = user(tookapic, ada, {
      bio: 'Harbours <b>mostly</b>',
      website: 'https://ada.example',
      location: 'Gdynia',
      count_photos: 4,
      streak: 3,
      longest_streak: 3,
      missed_days: 0,
      started_on: '2026-03-02',
    })
    same(dataOf(await tookapic.anonymous.get('/users/ada')), shown)
    same(dataOf(await ada.get('/users/ada')), shown)
    same(dataOf(await ada.get('/user')), { ...shown, time_zone: null })
  })

  test('PUT /user changes what is said and leaves the rest', async () => {
    await using tookapic = await startTookapic()
    const links = { web: 'https://ada.example', twitter: 'https://twitter.example/ada' }
    const ada = await tookapic.person('ada', { bio: 'Harbours', links })
    const change = {
      name: 'Ada B.',
      location: 'Gdynia',
      website: 'https://new.example',
      time_zone: 'europe/warsaw',
    }
    const changed = dataOf(await ada.send('PUT', '/user', change))
    assert.deepEqual(
      ['name', 'bio', 'location', 'website', 'time_zone'].map((name) => changed[name]),
      ['Ada B.', 'Harbours', 'Gdynia', 'https://new.example', 'Europe/Warsaw'],
    )
    const { links: stored } = await tookapic.vitrine.ctx.db
      .selectFrom('account')
      .select('links')
      .where('id', '=', ada.id)
      .executeTakeFirstOrThrow()
    assert.deepEqual(JSON.parse(stored), { twitter: links.twitter, web: 'https://new.example' })

    const emptied = dataOf(await ada.send('PATCH', '/user', { bio: null, location: '', website: null }))
    assert.deepEqual(
      ['name', 'bio', 'location', 'website'].map((name) => emptied[name]),
      ['Ada B.', null, null, null],
    )
  })

  test('what cannot be is refused, field by field, and nothing is changed', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const before = (await ada.get('/user')).body
    const refused = await ada.send('PUT', '/user', {
      name: ' ',
      bio: 'x'.repeat(20_001),
      website: 'javascript:alert(1)',
      time_zone: 'Europe/Atlantis',
      location: 'Gdynia',
    })
    assert.deepEqual(errorsOf(refused), {
      name: ["The name can't be blank."],
      bio: ['The bio is too long (at most 20000 characters).'],
      website: ['The website must be an http or https URL.'],
      time_zone: ['The time_zone is not a time zone such as Europe/Warsaw.'],
    })
    for (const zone of ['', 'x'.repeat(100), '+05:30', '../etc/passwd', null, 7])
      assert.deepEqual(
        Object.keys(errorsOf(await ada.send('PUT', '/user', { time_zone: zone, bio: 'new' }))),
        ['time_zone'],
      )
    // Neither is what is not theirs to say.
    await ada.send('PUT', '/user', { role: 'admin', streak: 900, count_followers: 7, id: 1, pro: true })
    assert.equal((await ada.get('/user')).body, before)
  })

  test('GET /users/:username/photos?sort=popular,recent,oldest', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const bob = await tookapic.person('bob')
    const ids: number[] = []
    for (const title of ['one', 'two', 'three']) {
      ids.push(await tookapic.photo(ada, { title }))
      tookapic.clock.advance(60)
    }
    await tookapic.photo(bob)
    await tookapic.photo(ada, { kind: 'page' })
    await bob.send('PUT', `/photos/${ids[1]}/like`)
    const titles = async (query: string) =>
      listOf(await tookapic.anonymous.get(`/users/ada/photos${query}`)).map(({ title }) => title)
    assert.deepEqual(await titles(''), ['three', 'two', 'one'])
    assert.deepEqual(await titles('?sort=recent'), ['three', 'two', 'one'])
    assert.deepEqual(await titles('?sort=oldest'), ['one', 'two', 'three'])
    assert.deepEqual(await titles('?sort=popular'), ['two', 'three', 'one'])
  })
})

describe('follows', () => {
  test('PUT and DELETE /users/:username/follow, and both lists, the newest first', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const bob = await tookapic.person('bob')
    await tookapic.person('cleo')
    for (const login of ['bob', 'cleo', 'cleo']) {
      const done = await ada.send('PUT', `/users/${login}/follow`)
      assert.deepEqual([done.statusCode, done.body, done.headers['content-type']], [204, '', undefined])
    }
    await bob.send('PUT', '/users/cleo/follow')
    const list = async (path: string) => logins(listOf(await tookapic.anonymous.get(path)))
    assert.deepEqual(await list('/users/ada/following'), ['cleo', 'bob'])
    assert.deepEqual(await list('/users/cleo/followers'), ['bob', 'ada'])
    same(listOf(await tookapic.anonymous.get('/users/bob/followers')), [
      user(tookapic, ada, { count_following: 2 }),
    ])
    for (const _ of [1, 2]) assert.equal((await ada.send('DELETE', '/users/cleo/follow')).statusCode, 204)
    assert.deepEqual(await list('/users/cleo/followers'), ['bob'])
    assert.equal(dataOf(await ada.get('/user'))['count_following'], 1)
  })

  test('nobody follows themselves, or nobody', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    assert.deepEqual(errorsOf(await ada.send('PUT', '/users/ada/follow')), {
      base: ['You cannot follow yourself.'],
    })
    for (const method of ['PUT', 'DELETE'] as const)
      assert.equal((await ada.send(method, '/users/nobody/follow')).statusCode, 404)
    for (const path of ['/users/nobody/followers', '/users/nobody/following', '/users/nobody/photos'])
      assert.equal((await ada.get(path)).statusCode, 404)
  })
})
