import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setStellar } from '../../../src/library/curation.ts'
import { OPERATOR } from '../../../src/library/viewer.ts'
import {
  objectOf,
  recordsOf,
  refusedAs,
  startGimmebar,
  type Collector,
  type Form,
  type Gimmebar,
} from '../../helpers/start-gimmebar.ts'
import type { Answer } from '../../helpers/vitrine.ts'

const titles = (answer: Answer) => recordsOf(answer).map(({ title }) => title)

async function note(bar: Gimmebar, who: Collector, title: string, form: Form = {}): Promise<string> {
  const said = { title, source: 'https://example.org/', text: title, ...form }
  bar.clock.advance(60)
  return String(objectOf(await who.send('POST', 'asset', said))['id'])
}

const embed = '<iframe src="https://video.example/1"></iframe>'

describe('GET public/assets/:username[/:collection_slug]', () => {
  test('lists what is public, by type and tag; 404 for an unknown name or slug', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const one = await note(bar, ada, 'One', { description: '#salt #bread' })
    await note(bar, ada, 'Two', { text: embed, description: '#salt' })
    await note(bar, ada, 'Hidden', { private: '1' })
    const get = (path: string) => bar.anonymous.get(`public/assets/${path}`)
    assert.deepEqual(titles(await get('ada')), ['Two', 'One'])
    assert.deepEqual(titles(await ada.get('public/assets/Ada')), ['Two', 'One'])
    assert.deepEqual(titles(await get('ada?type=embed')), ['Two'])
    assert.deepEqual(titles(await get('ada?type=')), ['Two', 'One'])
    assert.deepEqual(titles(await get('ada?type=nothing')), [])
    assert.deepEqual(titles(await get('ada?tag=Bread')), ['One'])
    assert.deepEqual(titles(await get('ada?tag[]=salt&tag[]=bread')), ['One'])
    assert.deepEqual(titles(await get('ada/firehose')), ['Two', 'One'])
    const { id } = objectOf(await ada.send('POST', 'collection', { title: 'My Bread' }))
    await ada.send('POST', `collection/${String(id)}/assets`, { asset_id: [one] })
    assert.deepEqual(titles(await get('ada/my-bread.json?tag=salt')), ['One'])
    assert.deepEqual(titles(await get('ada/my-bread?type=embed')), [])
    refusedAs(await get('nobody'), 404, 'RESOURCE_NOT_FOUND', /No user with that username/)
    refusedAs(await get('nobody/firehose'), 404, 'RESOURCE_NOT_FOUND', /No user/)
    refusedAs(await get('ada/nothing'), 404, 'RESOURCE_NOT_FOUND', /No collection with that slug/)
    await ada.send('POST', `collection/${String(id)}`, { private: '1' })
    refusedAs(await get('ada/my-bread'), 404, 'RESOURCE_NOT_FOUND', /No collection with that slug/)
  })
})

describe('GET assets', () => {
  test('one’s own, or the public ones of somebody; every filter', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    const one = await note(bar, ada, 'One', { description: '#salt' })
    await note(bar, ada, 'Two', { private: '1', description: '#salt #bread' })
    await note(bar, ada, 'Three', { text: embed })
    const user = String(objectOf(await ada.get('users?username=ada'))['id'])
    const of = async (query: string, who = ada) => titles(await who.get(`assets?${query}`))
    assert.deepEqual(await of(''), ['Three', 'Two', 'One'])
    assert.deepEqual(await of(`user_id=${user}`, grace), ['Three', 'One'])
    assert.deepEqual(await of('', grace), [])
    assert.deepEqual(await of('type=text'), ['Two', 'One'])
    assert.deepEqual(await of('tag[]=salt'), ['Two', 'One'])
    assert.deepEqual(await of('tag[]=salt&tag[]=bread'), ['Two'])
    assert.deepEqual(await of('private=1'), ['Two'])
    assert.deepEqual(await of('private=0'), ['Three', 'One'])
    // Others are ignored beside it.
    assert.deepEqual(await of(`asset_id[]=${one}&asset_id[]=x&type=embed`), ['One'])
    const { media_hash: hash } = objectOf(await ada.get(`asset/${one}`))
    assert.deepEqual(await of(`hash=${String(hash)}`), ['One'])
    refusedAs(await ada.get(`assets?user_id=${'0'.repeat(32)}`), 404, 'RESOURCE_NOT_FOUND')
    refusedAs(await bar.anonymous.get('assets'), 401, 'NOT_AUTHORIZED')
  })

  test('include_backups: all of them, none, or some services’', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    await note(bar, ada, 'Own')
    await note(bar, ada, 'Pin', { from_backup: '1', source: 'https://pinboard.in/u:ada/b:1' })
    await note(bar, ada, 'Photo', { from_backup: '1', source: 'https://instagram.com/p/x/' })
    const of = async (query: string) => titles(await ada.get(`assets?${query}`))
    assert.deepEqual(await of(''), ['Photo', 'Pin', 'Own'])
    assert.deepEqual(await of('include_backups[]=all'), ['Photo', 'Pin', 'Own'])
    assert.deepEqual(await of('include_backups[]=none'), ['Own'])
    assert.deepEqual(await of('include_backups=pinboard'), ['Pin', 'Own'])
  })

  test('watched=1 is what others put into the collections that one watches', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    const { id } = objectOf(await ada.send('POST', 'collection', { title: 'Bread' }))
    await grace.send('POST', `collection/${String(id)}/watch`)
    await note(bar, ada, 'Elsewhere')
    await note(bar, ada, 'Rye', { collection_id: [String(id)] })
    await note(bar, grace, 'Own')
    assert.deepEqual(titles(await grace.get('assets?watched=1&type=embed')), ['Rye'])
  })
})

describe('GET assets/search, assets/totals, tags', () => {
  test('finds words of title, description, tags and text', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    await note(bar, ada, 'Rye', { text: 'Flour and water', description: 'Dark #oven' })
    await note(bar, ada, 'Hidden rye', { private: '1' })
    const user = String(objectOf(await ada.get('users?username=ada'))['id'])
    for (const terms of ['rye', 'FLOUR water', 'dark', 'oven'])
      assert.ok(
        titles(await ada.get(`assets/search?terms=${encodeURIComponent(terms)}`)).includes('Rye'),
        terms,
      )
    assert.deepEqual(titles(await grace.get(`assets/search?terms=rye&user_id=${user}`)), ['Rye'])
    assert.deepEqual(titles(await ada.get('assets/search?terms=rye&type=embed')), [])
    assert.deepEqual(titles(await grace.get('assets/search?terms=rye')), [])
    refusedAs(await ada.get('assets/search'), 400, 'INVALID_INPUT', /terms/)
  })

  test('counts by type, private ones only for oneself', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    await note(bar, ada, 'One')
    await note(bar, ada, 'Two', { private: '1' })
    await note(bar, ada, 'Three', { text: embed })
    const user = String(objectOf(await ada.get('users?username=ada'))['id'])
    const totals = objectOf(await ada.get('assets/totals'))
    assert.deepEqual(totals, {
      image: 0,
      embed: 1,
      audio: 0,
      document: 0,
      page: 0,
      text: 1,
      recipe: 0,
      article: 0,
      status: 0,
    })
    assert.equal(objectOf(await ada.get('assets/totals?include_private=1'))['text'], 2)
    const others = await grace.get(`assets/totals?include_private=1&user_id=${user}`)
    assert.equal(objectOf(others)['text'], 1)
  })

  test('tags are a bare array', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    await note(bar, ada, 'One', { description: '#salt #bread' })
    await note(bar, ada, 'Two', { description: '#salt' })
    assert.equal((await ada.get('tags')).body, '["salt","bread"]')
  })
})

describe('GET users, user/:user_id and avatars', () => {
  test('one and only one selector, each with a shape of its own', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    await bar.person('adam')
    const self = objectOf(await ada.get('users?username=ADA&_extension[]=authed_user'))
    assert.match(String(self['id']), /^[0-9a-f]{32}$/)
    assert.deepEqual(
      [self['username'], self['name'], self['stellar'], self['avatar']],
      ['ada', 'ada', false, `${bar.base}/img/avatar/ada`],
    )
    assert.equal('name' in objectOf(await grace.get('users?username=ada&_extension[]=authed_user')), false)
    const matches = (await ada.get('users?match=ad')).json<{ id: string; username: string }[]>()
    assert.deepEqual(
      matches.map(({ username }) => username),
      ['ada', 'adam'],
    )
    assert.deepEqual(Object.keys(matches[0] ?? {}), ['id', 'username'])
    assert.equal((await ada.get('users?match=zz')).body, '[]')
    await setStellar(bar.vitrine.ctx, OPERATOR, grace.id, true)
    const stellar = objectOf(await ada.get('users?stellar=1&limit=1&skip=5&_include=username'))
    assert.deepEqual(
      { ...stellar, records: recordsOf(await ada.get('users?stellar=1')).map(({ username }) => username) },
      { records: ['grace'], skip: 0, limit: 1, total_records: 1, more_records: false },
    )
    const { records } = (await ada.get(`collections?user_id=${String(stellarId(stellar))}`)).json<{
      records: { id: string }[]
    }>()
    await ada.send('POST', `collection/${records[0]?.id}/watch`)
    assert.deepEqual(
      recordsOf(await ada.get('users?friends=1')).map(({ username }) => username),
      ['grace'],
    )
    for (const query of ['', '?stellar=0', '?username=ada&match=a', '?friends=1&stellar=1'])
      refusedAs(await ada.get(`users${query}`), 400, 'INVALID_INPUT', /'username', 'match'/)
    refusedAs(await ada.get('users?username=nobody'), 404, 'RESOURCE_NOT_FOUND')
  })

  test('by id, and the avatar by name and id', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const id = String(objectOf(await ada.get('users?username=ada'))['id'])
    assert.equal(objectOf(await ada.get(`user/${id}`))['username'], 'ada')
    const avatar = { avatar: `${bar.base}/img/avatar/ada` }
    assert.deepEqual(objectOf(await ada.get(`user/${id}/avatar`)), avatar)
    assert.deepEqual(objectOf(await ada.get('users/avatar?username=ada')), avatar)
    const picture = await bar.anonymous.get('/img/avatar/ada')
    assert.deepEqual([picture.statusCode, picture.headers['content-type']], [200, 'image/png'])
    refusedAs(await ada.get(`user/${'0'.repeat(32)}`), 404, 'RESOURCE_NOT_FOUND', /User not found/)
    refusedAs(await ada.get('user/x/avatar'), 404, 'RESOURCE_NOT_FOUND', /User not found/)
    refusedAs(await ada.get('users/avatar?username=nobody'), 404, 'RESOURCE_NOT_FOUND', /User not found/)
    refusedAs(await ada.get('users/avatar'), 404, 'RESOURCE_NOT_FOUND')
  })
})

const stellarId = ({ records }: Record<string, unknown>) => (records as { id: string }[])[0]?.id
