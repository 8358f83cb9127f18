import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  objectOf,
  recordsOf,
  startGimmebar,
  type Collector,
  type Form,
} from '../../helpers/start-gimmebar.ts'

const add = async (who: Collector, what: string, form: Form) =>
  String(objectOf(await who.send('POST', what, form))['id'])
const note = (who: Collector, title: string, form: Form = {}) =>
  add(who, 'asset', { title, source: 'https://example.org/', text: title, ...form })
const asking = (...names: string[]) => names.map((name) => `_extension[]=${name}`).join('&')
const namesOf = (records: unknown, name: string) =>
  (records as Record<string, unknown>[]).map((record) => record[name])

describe('USER extensions', () => {
  test('totals, collections, followed; each only if asked for', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    await note(ada, 'One')
    await note(ada, 'Hidden', { private: '1' })
    await add(ada, 'collection', { title: 'Bread' })
    await add(ada, 'collection', { title: 'Secret', private: '1' })
    const plain = objectOf(await grace.get('users?username=ada'))
    assert.deepEqual(Object.keys(plain), ['id', 'username', 'avatar', 'stellar', 'date', 'url'])
    const path = `user/${String(plain['id'])}?${asking('totals', 'collections', 'followed', 'avatar')}`
    const shown = objectOf(await grace.get(path))
    const { totals, collections, followed, ...rest } = shown
    assert.deepEqual(rest, plain)
    assert.deepEqual(totals, {
      image: 0,
      embed: 0,
      audio: 0,
      document: 0,
      page: 0,
      text: 1,
      recipe: 0,
      article: 0,
      status: 0,
    })
    assert.deepEqual(namesOf(collections, 'slug'), ['bread', 'firehose'])
    assert.equal(followed, false)

    const firehose = recordsOf(await grace.get(`collections?user_id=${String(plain['id'])}`)).at(-1)
    await grace.send('POST', `collection/${String(firehose?.['id'])}/watch`)
    assert.equal(objectOf(await grace.get(path))['followed'], true)
    const [friend] = recordsOf(await grace.get(`users?friends=1&${asking('followed', 'totals')}`))
    assert.deepEqual([friend?.['followed'], friend?.['totals']], [true, totals])
    // One's own private collections are one's own to see; the counts are those of everybody.
    const own = objectOf(await ada.get(path))
    assert.deepEqual(namesOf(own['collections'], 'slug'), ['secret', 'bread', 'firehose'])
    assert.deepEqual([own['totals'], own['followed']], [totals, false])
  })

  test('authed_user says the name to oneself alone; no address for mail is kept', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada', { name: 'Ada B.' })
    const grace = await bar.person('grace')
    const path = `users?username=ada&${asking('authed_user')}`
    const self = objectOf(await ada.get(path))
    assert.deepEqual([self['name'], self['email']], ['Ada B.', null])
    const other = objectOf(await grace.get(path))
    assert.deepEqual(['name' in other, 'email' in other], [false, false])
  })
})

describe('COLLECTION extensions', () => {
  test('assets, user, users; watched and invitation are the caller’s own', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    const id = await add(ada, 'collection', { title: 'Bread' })
    await note(ada, 'Rye', { collection_id: [id] })
    const plain = objectOf(await grace.get(`collection/${id}`))
    const names = ['assets', 'user', 'users', 'watched', 'invitation']
    const shown = objectOf(await grace.get(`collection/${id}?${asking(...names)}`))
    const { assets, user, users, invitation, ...rest } = shown
    assert.deepEqual(rest, plain)
    assert.deepEqual(namesOf(assets, 'title'), ['Rye'])
    assert.equal((user as { username: string }).username, 'ada')
    assert.deepEqual(namesOf(users, 'access'), ['owner'])
    assert.equal(invitation, null)
    const [first] = recordsOf(
      await grace.get(`collections?user_id=${String(plain['user_id'])}&${asking('user')}`),
    )
    assert.deepEqual(first?.['user'], user)
  })
})

describe('ASSET extensions', () => {
  test('collections, dupes, user, owned; description and content are there without', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    const bread = await add(ada, 'collection', { title: 'Bread' })
    const secret = await add(ada, 'collection', { title: 'Secret', private: '1' })
    const id = await note(ada, 'Rye', { collection_id: [bread, secret], description: 'Dark' })
    const copy = String(objectOf(await grace.send('POST', `asset/${id}/copy`))['id'])
    const names = ['collections', 'dupes', 'user', 'owned', 'description', 'content']
    const user = String(objectOf(await ada.get('users?username=ada'))['id'])
    const path = `assets?user_id=${user}`
    const [plain] = recordsOf(await grace.get(path))
    const [shown] = recordsOf(await grace.get(`${path}&${asking(...names, 'unknown')}`))
    assert.ok(plain && shown)
    const { collections, dupes, user: owner, owned, ...rest } = shown
    assert.deepEqual(rest, plain)
    assert.deepEqual(
      [plain['description'], plain['content']],
      ['Dark', { original: 'https://example.org/', text: 'Rye' }],
    )
    // A collection that the caller may not see is not told of.
    assert.deepEqual(namesOf(collections, 'slug'), ['bread', 'firehose'])
    assert.deepEqual(namesOf(dupes, 'id'), [copy])
    assert.equal((owner as { username: string }).username, 'ada')
    assert.equal(owned, true)
    const joan = await bar.person('joan')
    const [hers] = recordsOf(await joan.get(`${path}&${asking('owned')}`))
    assert.equal(hers?.['owned'], false)
    const [own] = recordsOf(await ada.get(`assets?${asking('collections')}`))
    assert.deepEqual(namesOf(own?.['collections'], 'slug'), ['secret', 'bread', 'firehose'])
  })

  test('are applied before _include, which must name them', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const id = await note(ada, 'Rye')
    const shownWith = async (include: string) =>
      recordsOf(await ada.get(`assets?${asking('user')}&_include[]=${include}`))[0]
    assert.deepEqual(await shownWith('title'), { id, title: 'Rye' })
    assert.deepEqual(Object.keys((await shownWith('user')) ?? {}), ['id', 'user'])
    const open = objectOf(await bar.anonymous.get(`public/asset/${id}?${asking('user', 'owned')}`))
    assert.deepEqual([(open['user'] as { username: string }).username, open['owned']], ['ada', false])
  })
})
