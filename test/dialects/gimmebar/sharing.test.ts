import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
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

const uidOf = async (who: Collector) => String(objectOf(await who.get(`users?username=${who.login}`))['id'])
const titles = (answer: Answer) => recordsOf(answer).map(({ title }) => title)
const statuses = (answers: readonly Answer[]) =>
  answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)

const made = async (who: Collector, form: Form = {}) =>
  String(objectOf(await who.send('POST', 'collection', { title: 'Bread', ...form }))['id'])

/** Everybody who works on a collection, as `who` is shown it. */
async function peopleOf(who: Collector, id: string): Promise<string[]> {
  const { users } = objectOf(await who.get(`collection/${id}?_extension[]=users`))
  return (users as { username: string; access: string }[]).map((one) => `${one.username} ${one.access}`)
}

interface Shared {
  id: string
  ada: Collector
  grace: Collector
  adaId: string
  graceId: string
  invite: (access?: string) => Promise<Answer>
  mine: (verb: 'POST' | 'DELETE') => Promise<Answer>
  level: (by: Collector, of: string, access: string) => Promise<Answer>
  remove: (by: Collector, of: string) => Promise<Answer>
}

/** A collection of Ada's, to which Grace is to be invited. */
async function shareable(bar: Gimmebar, form: Form = {}): Promise<Shared> {
  const [ada, grace] = [await bar.person('ada'), await bar.person('grace')]
  const [adaId, graceId] = [await uidOf(ada), await uidOf(grace)]
  const id = await made(ada, form)
  const path = `collection/${id}`
  return {
    id,
    ada,
    grace,
    adaId,
    graceId,
    invite: (access = 'member') =>
      ada.send('POST', `${path}/invitation`, { user_id: graceId, access_level: access }),
    mine: (verb) => grace.send(verb, `${path}/invitation/mine`),
    level: (by, of, access) => by.send('POST', `${path}/user/${of}`, { access }),
    remove: (by, of) => by.send('DELETE', `${path}/user/${of}`),
  }
}

describe('two people share a collection', () => {
  test('invited, told so, accepted; both add, and whoever watches sees it, newest first', async () => {
    await using bar = await startGimmebar({ at: '2026-03-04T05:06:07.000Z' })
    const { id, ada, grace, invite, mine } = await shareable(bar)
    const joan = await bar.person('joan')
    await joan.send('POST', `collection/${id}/watch`)
    const put = async (who: Collector, title: string) => {
      bar.clock.advance(60)
      const said = { title, source: 'https://example.org/', text: title, collection_id: [id] }
      return who.send('POST', 'asset', said)
    }
    assert.equal((await put(ada, 'Rye')).statusCode, 200)
    refusedAs(await put(grace, 'Too early'), 403, 'NOT_AUTHORIZED')

    const path = `collection/${id}?_extension[]=invitation`
    assert.equal(objectOf(await grace.get(path))['invitation'], null)
    assert.equal(objectOf(await invite())['id'], id)
    const { invitation } = objectOf(await grace.get(path)) as {
      invitation: { access: string; date: number; user: { username: string } }
    }
    assert.deepEqual(
      [invitation.access, invitation.date, invitation.user.username],
      ['member', Math.floor(bar.clock.now().getTime() / 1000), 'ada'],
    )
    for (const other of [ada, joan]) assert.equal(objectOf(await other.get(path))['invitation'], null)
    assert.deepEqual(await peopleOf(ada, id), ['ada owner'])
    refusedAs(await put(grace, 'Too early'), 403, 'NOT_AUTHORIZED')

    assert.equal(objectOf(await mine('POST'))['id'], id)
    assert.equal(objectOf(await grace.get(path))['invitation'], null)
    assert.deepEqual(await peopleOf(grace, id), ['ada owner', 'grace member'])
    assert.equal((await put(grace, 'Spelt')).statusCode, 200)
    assert.deepEqual(titles(await joan.get('assets?watched=1')), ['Spelt', 'Rye'])
    assert.deepEqual(titles(await grace.get('assets')), ['Spelt'])
    assert.deepEqual(titles(await ada.get(`collection/${id}/assets`)), ['Spelt', 'Rye'])

    // Each takes out only what is their own.
    const [hers] = recordsOf(await grace.get('assets'))
    const out = `collection/${id}/assets?asset_id[]=${String(hers?.['id'])}`
    refusedAs(await ada.send('DELETE', out), 403, 'NOT_AUTHORIZED', /does not own/)
    assert.deepEqual(titles(await grace.send('DELETE', out)), ['Rye'])
    assert.deepEqual(titles(await joan.get('assets?watched=1')), ['Rye'])
  })

  test('a private one is seen by whoever accepted, until they leave', async () => {
    await using bar = await startGimmebar()
    const { id, ada, grace, graceId, invite, mine, remove } = await shareable(bar, { private: '1' })
    await invite()
    refusedAs(await grace.get(`collection/${id}`), 403, 'NOT_AUTHORIZED')
    assert.equal((await mine('POST')).statusCode, 200)
    assert.equal(objectOf(await grace.get(`collection/${id}`))['private'], true)
    const own = recordsOf(await grace.get('collections')).map(({ slug }) => slug)
    assert.deepEqual(own, ['bread', 'firehose'])
    // Nobody else sees a private asset, so it cannot go where somebody looks.
    const hidden = { title: 'Mine', source: 'https://example.org/', text: 'Mine', private: '1' }
    refusedAs(
      await ada.send('POST', 'asset', { ...hidden, collection_id: [id] }),
      403,
      'NOT_AUTHORIZED',
      /private asset/,
    )
    assert.equal(recordsOf(await ada.get('assets')).length, 0)
    assert.equal((await remove(grace, graceId)).statusCode, 200)
    refusedAs(await grace.get(`collection/${id}`), 403, 'NOT_AUTHORIZED')
    assert.deepEqual(await peopleOf(ada, id), ['ada owner'])
  })

  test('declined, and taken back: then there is nothing to accept', async () => {
    await using bar = await startGimmebar()
    const { id, ada, grace, graceId, invite, mine } = await shareable(bar)
    await invite()
    assert.equal((await mine('DELETE')).statusCode, 200)
    refusedAs(await mine('POST'), 404, 'RESOURCE_NOT_FOUND', /invitation/)
    await invite()
    const taken = await ada.send('DELETE', `collection/${id}/invitation?user_id=${graceId}`)
    assert.equal(objectOf(taken)['id'], id)
    refusedAs(await mine('POST'), 404, 'RESOURCE_NOT_FOUND', /invitation/)
    await invite()
    refusedAs(await grace.send('DELETE', `collection/${id}/invitation`), 403, 'NOT_AUTHORIZED')
    assert.equal((await ada.send('DELETE', `collection/${id}/invitation`)).statusCode, 200)
    refusedAs(await mine('DELETE'), 404, 'RESOURCE_NOT_FOUND', /invitation/)
    assert.deepEqual(await peopleOf(ada, id), ['ada owner'])
  })

  test('levels: a member becomes an owner, the first owner a member and leaves', async () => {
    await using bar = await startGimmebar()
    const { id, ada, grace, adaId, graceId, invite, mine, level, remove } = await shareable(bar)
    await invite()
    await mine('POST')
    refusedAs(await level(grace, graceId, 'owner'), 403, 'NOT_AUTHORIZED')
    refusedAs(await level(ada, graceId, 'boss'), 400, 'INVALID_INPUT', /owner or member/)
    refusedAs(await level(ada, adaId, 'member'), 400, 'INVALID_INPUT', /without an owner/)
    refusedAs(await remove(ada, adaId), 400, 'INVALID_INPUT', /without an owner/)
    assert.equal((await level(ada, graceId, 'owner')).statusCode, 200)
    assert.equal(objectOf(await level(ada, adaId, 'member'))['username'], 'grace')
    assert.deepEqual(await peopleOf(grace, id), ['grace owner', 'ada member'])
    refusedAs(await ada.send('POST', `collection/${id}`, { title: 'Mine' }), 403, 'NOT_AUTHORIZED')
    assert.equal((await remove(ada, adaId)).statusCode, 200)
    assert.deepEqual(await peopleOf(grace, id), ['grace owner'])
    refusedAs(await remove(grace, adaId), 404, 'RESOURCE_NOT_FOUND')
  })
})

describe('at the same time', () => {
  test('two accepts: one of them takes part, the other finds no invitation', async () => {
    await using bar = await startGimmebar()
    const { id, ada, invite, mine } = await shareable(bar)
    await invite()
    assert.deepEqual(statuses(await Promise.all([mine('POST'), mine('POST')])), [200, 404])
    assert.deepEqual(await peopleOf(ada, id), ['ada owner', 'grace member'])
  })

  test('accept and decline: one of the two', async () => {
    await using bar = await startGimmebar()
    const { id, ada, invite, mine } = await shareable(bar)
    await invite()
    const answers = await Promise.all([mine('POST'), mine('DELETE')])
    assert.deepEqual(statuses(answers), [200, 404])
    const isPart = answers[0].statusCode === 200
    assert.deepEqual(await peopleOf(ada, id), isPart ? ['ada owner', 'grace member'] : ['ada owner'])
  })

  test('accept and withdraw: whoever is first', async () => {
    await using bar = await startGimmebar()
    const { id, ada, invite, mine } = await shareable(bar)
    await invite()
    const withdrawn = () => ada.send('DELETE', `collection/${id}/invitation`)
    const answers = await Promise.all([mine('POST'), withdrawn()])
    assert.deepEqual(statuses(answers), [200, 404])
    const isPart = answers[0].statusCode === 200
    assert.deepEqual(await peopleOf(ada, id), isPart ? ['ada owner', 'grace member'] : ['ada owner'])
    refusedAs(await mine('POST'), 404, 'RESOURCE_NOT_FOUND')
  })

  test('two owners demote each other: one stays', async () => {
    await using bar = await startGimmebar()
    const { id, ada, grace, adaId, graceId, invite, mine, level } = await shareable(bar)
    await invite('owner')
    await mine('POST')
    const answers = await Promise.all([level(ada, graceId, 'member'), level(grace, adaId, 'member')])
    assert.deepEqual(statuses(answers), [200, 403])
    const [first, second] = answers[0].statusCode === 200 ? ['ada', 'grace'] : ['grace', 'ada']
    assert.deepEqual(await peopleOf(ada, id), [`${first} owner`, `${second} member`])
  })

  test('both owners leave: the last one cannot', async () => {
    await using bar = await startGimmebar()
    const { id, ada, grace, adaId, graceId, invite, mine, remove } = await shareable(bar)
    await invite('owner')
    await mine('POST')
    const answers = await Promise.all([remove(ada, adaId), remove(grace, graceId)])
    assert.deepEqual(statuses(answers), [200, 400])
    const people = await peopleOf(ada, id)
    assert.deepEqual(people, [answers[0].statusCode === 200 ? 'grace owner' : 'ada owner'])
  })

  test('the last owner is demoted twice: neither time', async () => {
    await using bar = await startGimmebar()
    const { id, ada, adaId, invite, mine, level } = await shareable(bar)
    await invite()
    await mine('POST')
    const answers = await Promise.all([level(ada, adaId, 'member'), level(ada, adaId, 'member')])
    for (const answer of answers) refusedAs(answer, 400, 'INVALID_INPUT', /without an owner/)
    assert.deepEqual(await peopleOf(ada, id), ['ada owner', 'grace member'])
  })

  test('an asset is added twice: it is there once', async () => {
    await using bar = await startGimmebar()
    const { id, ada } = await shareable(bar)
    const said = { title: 'Rye', source: 'https://example.org/', text: 'Rye' }
    const asset = String(objectOf(await ada.send('POST', 'asset', said))['id'])
    const put = () => ada.send('POST', `collection/${id}/assets`, { asset_id: [asset] })
    assert.deepEqual(statuses(await Promise.all([put(), put()])), [200, 200])
    assert.equal(objectOf(await ada.get(`collection/${id}`))['asset_count'], 1)
  })
})
