import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setNotable } from '../../../src/library/curation.ts'
import { OPERATOR } from '../../../src/library/viewer.ts'
import {
  objectOf,
  recordsOf,
  refusedAs,
  startGimmebar,
  type Collector,
  type Form,
} from '../../helpers/start-gimmebar.ts'
import type { Answer } from '../../helpers/vitrine.ts'

const NO_ID = '0'.repeat(24)
const slugs = (answer: Answer) => recordsOf(answer).map(({ slug }) => slug)
const made = async (who: Collector, title: string, form: Form = {}) =>
  String(objectOf(await who.send('POST', 'collection', { title, ...form }))['id'])
const asset = async (who: Collector, title: string, form: Form = {}) => {
  const said = { title, source: 'https://example.org/', text: title, ...form }
  return String(objectOf(await who.send('POST', 'asset', said))['id'])
}
const uidOf = async (who: Collector) => String(objectOf(await who.get(`users?username=${who.login}`))['id'])

describe('POST collection, and GET, POST, DELETE collection/:collection_id', () => {
  test('a new one, whose title nobody of the same owner’s has', async () => {
    await using bar = await startGimmebar({ at: '2026-03-04T05:06:07.000Z' })
    const ada = await bar.person('ada')
    const shown = objectOf(await ada.send('POST', 'collection', { title: 'My Bread!', description: 'x' }))
    const { id } = shown
    assert.match(String(id), /^[0-9a-f]{24}$/)
    assert.deepEqual(shown, {
      id,
      title: 'My Bread!',
      slug: 'my-bread',
      description: 'x',
      private: false,
      user_id: await uidOf(ada),
      username: 'ada',
      date: Date.parse('2026-03-04T05:06:07.000Z') / 1000,
      url: `${bar.base}/collection/${String(id)}/my-bread`,
      asset_count: 0,
      watched: false,
      notable: false,
    })
    refusedAs(await ada.send('POST', 'collection', { title: 'my bread!' }), 400, 'INVALID_INPUT', /name/)
    refusedAs(await ada.send('POST', 'collection', {}), 400, 'INVALID_INPUT', /title/)
    const other = objectOf(await ada.send('POST', 'collection', { title: 'My: Bread' }))
    assert.equal(other['slug'], 'my-bread-2')
  })

  test('read, changed and deleted by whoever may', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    const id = await made(ada, 'Bread')
    assert.equal(objectOf(await grace.get(`collection/${id}`))['title'], 'Bread')
    refusedAs(await grace.send('POST', `collection/${id}`, { title: 'x' }), 403, 'NOT_AUTHORIZED')
    const changed = objectOf(await ada.send('POST', `collection/${id}`, { title: 'Rye', private: '1' }))
    assert.deepEqual([changed['slug'], changed['private'], changed['id']], ['rye', true, id])
    refusedAs(await grace.get(`collection/${id}`), 403, 'NOT_AUTHORIZED')
    // The one case that the page gives the code 404.
    refusedAs(await grace.get(`collection/${id}/assets`), 404, 'NOT_AUTHORIZED')
    for (const path of ['', '/assets'])
      refusedAs(await ada.get(`collection/${NO_ID}${path}`), 404, 'RESOURCE_NOT_FOUND')
    refusedAs(await ada.send('POST', `collection/${NO_ID}`, { title: 'x' }), 404, 'RESOURCE_NOT_FOUND')
    refusedAs(await grace.send('DELETE', `collection/${id}`), 403, 'NOT_AUTHORIZED')
    assert.equal((await ada.send('DELETE', `collection/${id}`)).body, '{"success":true}')
    refusedAs(await ada.send('DELETE', `collection/${id}`), 404, 'RESOURCE_NOT_FOUND')
  })

  test('the firehose is nobody’s to change', async () => {
    await using bar = await startGimmebar()
    const ada = await bar.person('ada')
    const { id } = objectOf(await ada.get('collections?slug=firehose'))
    const path = `collection/${String(id)}`
    refusedAs(await ada.send('POST', path, { title: 'x' }), 403, 'NOT_AUTHORIZED')
    refusedAs(await ada.send('DELETE', path), 403, 'NOT_AUTHORIZED')
    const form = { asset_id: [await asset(ada, 'One')] }
    refusedAs(await ada.send('POST', `${path}/assets`, form), 403, 'NOT_AUTHORIZED')
  })
})

describe('POST and DELETE collection/:collection_id/assets', () => {
  test('one’s own assets go in and out; all or none', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    const id = await made(ada, 'Bread')
    const path = `collection/${id}/assets`
    const [one, two, other] = [await asset(ada, 'One'), await asset(ada, 'Two'), await asset(grace, 'Her')]
    const hidden = await asset(ada, 'Hidden', { private: '1' })
    const put = (who: Collector, ...ids: string[]) => who.send('POST', path, { asset_id: ids })
    assert.equal(recordsOf(await put(ada, one, two)).length, 2)
    refusedAs(await put(ada, NO_ID), 404, 'RESOURCE_NOT_FOUND', /asset/)
    refusedAs(await put(ada, other), 403, 'NOT_AUTHORIZED', /does not own/)
    refusedAs(await put(ada, hidden), 403, 'NOT_AUTHORIZED', /private asset/)
    refusedAs(await put(grace, other), 403, 'NOT_AUTHORIZED')
    refusedAs(await ada.send('POST', path, {}), 400, 'INVALID_INPUT', /asset_id/)
    refusedAs(
      await ada.send('POST', `collection/${NO_ID}/assets`, { asset_id: [one] }),
      404,
      'RESOURCE_NOT_FOUND',
    )
    const lonely = await made(ada, 'Mine alone', { private: '1' })
    const kept = await ada.send('POST', `collection/${lonely}/assets`, { asset_id: [hidden] })
    assert.equal(recordsOf(kept).length, 1)

    // "DELETE parameters" come in the query or the body.
    assert.equal(recordsOf(await ada.send('DELETE', `${path}?asset_id[]=${one}`)).length, 1)
    refusedAs(await ada.send('DELETE', path, { asset_id: [NO_ID] }), 404, 'RESOURCE_NOT_FOUND')
    refusedAs(await ada.send('DELETE', path, { asset_id: [other] }), 403, 'NOT_AUTHORIZED', /does not own/)
    assert.equal(recordsOf(await ada.send('DELETE', path, { asset_id: [two] })).length, 0)
    assert.deepEqual(recordsOf(await ada.get(`${path}?type=text`)), [])
  })
})

describe('working together', () => {
  test('invite, accept, add, and a watcher sees it', async () => {
    await using bar = await startGimmebar()
    const [ada, grace, joan] = [await bar.person('ada'), await bar.person('grace'), await bar.person('joan')]
    const id = await made(ada, 'Bread')
    const path = `collection/${id}`
    await joan.send('POST', `${path}/watch`)
    const invite = { user_id: await uidOf(grace), access_level: 'member' }
    assert.equal(objectOf(await ada.send('POST', `${path}/invitation`, invite))['id'], id)
    assert.equal(objectOf(await grace.send('POST', `${path}/invitation/mine`))['id'], id)
    const hers = await asset(grace, 'Hers')
    assert.equal(recordsOf(await grace.send('POST', `${path}/assets`, { asset_id: [hers] })).length, 1)
    assert.deepEqual(
      recordsOf(await joan.get('assets?watched=1')).map(({ title }) => title),
      ['Hers'],
    )
    // A member changes neither the collection nor its people.
    refusedAs(await grace.send('POST', path, { title: 'x' }), 403, 'NOT_AUTHORIZED')
    const user = `${path}/user/${await uidOf(grace)}`
    refusedAs(await grace.send('POST', user, { access: 'owner' }), 403, 'NOT_AUTHORIZED')
    assert.equal(objectOf(await ada.send('POST', user, { access: 'owner' }))['id'], id)
    assert.equal(objectOf(await grace.send('POST', path, { title: 'Rye' }))['title'], 'Rye')
    const { users } = objectOf(await ada.get(`${path}?_extension[]=users`))
    assert.deepEqual(
      (users as { username: string; access: string }[]).map(({ username, access }) => [username, access]),
      [
        ['ada', 'owner'],
        ['grace', 'owner'],
      ],
    )
    assert.equal((await ada.send('DELETE', user)).statusCode, 200)
    refusedAs(await ada.send('DELETE', user), 404, 'RESOURCE_NOT_FOUND')
    refusedAs(await grace.send('POST', path, { title: 'x' }), 403, 'NOT_AUTHORIZED')
    refusedAs(await ada.send('DELETE', `${path}/user/${await uidOf(ada)}`), 400, 'INVALID_INPUT', /owner/)
  })

  test('decline, withdraw, and what there is not', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    const path = `collection/${await made(ada, 'Bread', { private: '1' })}`
    const invitation = `${path}/invitation`
    const invite = { user_id: await uidOf(grace), access: 'owner' }
    refusedAs(await grace.send('POST', `${invitation}/mine`), 404, 'RESOURCE_NOT_FOUND')
    assert.equal((await ada.send('POST', invitation, invite)).statusCode, 200)
    assert.equal((await grace.send('DELETE', `${invitation}/mine`)).statusCode, 200)
    refusedAs(await grace.send('DELETE', `${invitation}/mine`), 404, 'RESOURCE_NOT_FOUND')
    refusedAs(await ada.send('DELETE', invitation), 404, 'RESOURCE_NOT_FOUND')
    await ada.send('POST', invitation, invite)
    assert.equal((await ada.send('DELETE', `${invitation}?user_id=${invite.user_id}`)).statusCode, 200)
    refusedAs(await grace.send('POST', `${invitation}/mine`), 404, 'RESOURCE_NOT_FOUND')
    refusedAs(await ada.send('POST', invitation, { ...invite, access: 'boss' }), 400, 'INVALID_INPUT')
    refusedAs(await ada.send('POST', invitation, { access: 'owner' }), 404, 'RESOURCE_NOT_FOUND')
    const self = { user_id: await uidOf(ada), access: 'member' }
    refusedAs(await ada.send('POST', invitation, self), 400, 'INVALID_INPUT')
    refusedAs(await grace.send('POST', invitation, invite), 403, 'NOT_AUTHORIZED')
    refusedAs(await ada.send('POST', `collection/${NO_ID}/invitation`, invite), 404, 'RESOURCE_NOT_FOUND')
    const user = `${path}/user/${invite.user_id}`
    refusedAs(await ada.send('POST', user, { access: 'member' }), 404, 'RESOURCE_NOT_FOUND')
    refusedAs(await grace.send('POST', `${path}/watch`), 403, 'NOT_AUTHORIZED')
    refusedAs(await grace.send('POST', `collection/${NO_ID}/watch`), 404, 'RESOURCE_NOT_FOUND')
  })
})

describe('GET collections', () => {
  test('one’s own, somebody’s, watched, by slug, by asset', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    const bread = await made(ada, 'Bread')
    await made(ada, 'Secret', { private: '1' })
    const one = await asset(ada, 'One', { collection_id: [bread] })
    assert.deepEqual(slugs(await ada.get('collections')), ['secret', 'bread', 'firehose'])
    assert.deepEqual(slugs(await ada.get('collections?private=1')), ['secret'])
    assert.deepEqual(slugs(await ada.get('collections?private=0')), ['bread', 'firehose'])
    assert.deepEqual(slugs(await grace.get(`collections?user_id=${await uidOf(ada)}`)), ['bread', 'firehose'])
    assert.equal(objectOf(await ada.get('collections?slug=secret'))['slug'], 'secret')
    refusedAs(await grace.get('collections?slug=secret'), 404, 'RESOURCE_NOT_FOUND', /passed slug/)
    assert.deepEqual(slugs(await ada.get(`collections?asset_id[]=${one}`)), ['bread', 'firehose'])
    refusedAs(await ada.get(`collections?asset_id[]=${NO_ID}`), 404, 'RESOURCE_NOT_FOUND', /No collections/)
    refusedAs(await grace.get('collections?watched=1'), 404, 'RESOURCE_NOT_FOUND', /No collections/)
    const watched = objectOf(await grace.send('POST', `collection/${bread}/watch`))
    assert.equal(watched['watched'], true)
    assert.deepEqual(slugs(await grace.get('collections?watched=1&slug=x')), ['bread'])
    assert.equal(objectOf(await grace.send('DELETE', `collection/${bread}/watch`))['watched'], false)
    assert.equal((await grace.send('DELETE', `collection/${bread}/watch`)).statusCode, 200)
  })

  test('notable and recommended', async () => {
    await using bar = await startGimmebar()
    const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
    await made(ada, 'Bread')
    assert.deepEqual(slugs(await grace.get('collections/notable')), [])
    const { id } = await bar.vitrine.ctx.db.selectFrom('collection').select('id').executeTakeFirstOrThrow()
    await setNotable(bar.vitrine.ctx, OPERATOR, id, true)
    assert.deepEqual(slugs(await grace.get('collections/notable')), ['bread'])
    assert.deepEqual(slugs(await grace.get('collections/recommended')), [])
    const firehose = recordsOf(await grace.get(`collections?user_id=${await uidOf(ada)}`)).at(-1)
    await grace.send('POST', `collection/${String(firehose?.['id'])}/watch`)
    assert.ok(slugs(await grace.get('collections/recommended')).includes('bread'))
  })
})
