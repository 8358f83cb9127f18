import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { takeDownItem } from '../../../src/library/moderation.ts'
import { OPERATOR } from '../../../src/library/viewer.ts'
import { startBooru, type Booru } from '../../helpers/started-booru.ts'
import { idsOf, same } from './objects.ts'
import { keyOf, shelf } from './shelf.ts'

// `/api/v2`, as apps and userscripts speak it.

const change = (booru: Booru, what: string, form: Record<string, string>, method: 'PUT' | 'POST' = 'PUT') =>
  booru.ask(`/api/v2/interactions/${what}`, { method, form })

async function started() {
  const booru = await startBooru()
  const ada = await booru.member('ada')
  const id = await booru.add(ada)
  const asked = (what: string, value: string) =>
    change(booru, what, { class: 'Image', id: String(id), key: ada.key, value })
  return { booru, ada, id, asked }
}

describe('reactions', () => {
  test('vote up, down, the other way, not at all: the counts', async () => {
    const { booru, asked } = await started()
    await using _ = booru
    for (const [value, counts] of [
      ['up', { score: 1, favourites: 0, upvotes: 1, downvotes: 0, votes: 1 }],
      ['up', { score: 1, favourites: 0, upvotes: 1, downvotes: 0, votes: 1 }],
      ['down', { score: -1, favourites: 0, upvotes: 0, downvotes: 1, votes: 1 }],
      ['false', { score: 0, favourites: 0, upvotes: 0, downvotes: 0, votes: 0 }],
    ] as const) {
      const answer = await asked('vote', value)
      assert.equal(answer.statusCode, 200, answer.body)
      same(answer.json(), counts)
    }
  })

  test('faving also upvotes; unfaving keeps the vote', async () => {
    const { booru, asked } = await started()
    await using _ = booru
    await asked('vote', 'down')
    same((await asked('fave', 'true')).json(), {
      score: 1,
      favourites: 1,
      upvotes: 1,
      downvotes: 0,
      votes: 1,
    })
    same((await asked('fave', 'false')).json(), {
      score: 1,
      favourites: 0,
      upvotes: 1,
      downvotes: 0,
      votes: 1,
    })
  })

  test('an image and a list tell what the caller made of them', async () => {
    const { booru, ada, id, asked } = await started()
    await using _ = booru
    await asked('fave', 'true')
    await asked('hide', 'true')
    const { interactions } = await booru.get<{ interactions: { id: number }[] }>(`/${id}.json?key=${ada.key}`)
    const told = (at: number, type: string, value: string | null) => ({
      id: interactions[at]?.id,
      image_id: id,
      user_id: ada.id,
      interaction_type: type,
      value,
    })
    same(interactions, [told(0, 'faved', null), told(1, 'voted', 'up'), told(2, 'hidden', null)])
    const lists = await booru.get<{ interactions: unknown }>(`/images.json?hidden=1&key=${ada.key}`)
    same(lists.interactions, interactions)
    same(
      await booru.get(`/api/v2/interactions/interacted?class=Image&ids=${id},99&key=${ada.key}`),
      interactions,
    )
    same(await booru.get(`/api/v2/interactions/interacted.json?class=Image&ids=${id}`), [])
  })

  test('JSON bodies, a key in the address, the suffix and POST with "_method=PUT" do as well', async () => {
    const { booru, ada, id } = await started()
    await using _ = booru
    const json = await booru.ask(`/api/v2/interactions/vote.json?key=${ada.key}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ class: 'Image', id, value: 'up' }),
    })
    assert.equal(json.json<{ upvotes: number }>().upvotes, 1)
    const off = await booru.ask(`/api/v2/interactions/fave?key=${ada.key}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ class: 'Image', id, value: false }),
    })
    assert.equal(off.statusCode, 200)
    const form = { _method: 'PUT', class: 'Image', id: String(id), key: ada.key, value: 'false' }
    same((await change(booru, 'vote', form, 'POST')).json<{ votes: number }>().votes, 0)
    const { _method, ...plain } = form
    assert.equal((await change(booru, 'vote', plain, 'POST')).statusCode, 405)
  })

  test('refusals: no key, a wrong one, no such image, a hidden one, another class, no such value', async () => {
    const { booru, ada, id } = await started()
    await using _ = booru
    const removed = await booru.add(ada)
    await takeDownItem(booru.ctx, OPERATOR, removed, null)
    const good = { class: 'Image', id: String(id), key: ada.key, value: 'up' }
    for (const [form, status] of [
      [{ ...good, key: '' }, 403],
      [{ ...good, key: 'wrong' }, 403],
      [{ ...good, id: '99' }, 404],
      [{ ...good, id: 'x' }, 404],
      [{ ...good, id: String(removed) }, 404],
      [{ ...good, class: 'Post' }, 404],
      [{ ...good, value: 'sideways' }, 400],
      [{ ...good, value: '' }, 400],
    ] as const)
      assert.equal((await change(booru, 'vote', form)).statusCode, status, JSON.stringify(form))
    const { upvotes } = await booru.get<{ upvotes: number }>(`/${id}.json`)
    assert.equal(upvotes, 0)
  })
})

describe('looking things up', () => {
  test('images by id, at most 50, in the order asked for', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    const answer = await booru.get<{ images: unknown[] }>('/api/v2/images/show?ids=3,99,1')
    assert.deepEqual(
      [Object.keys(answer), idsOf(answer.images)],
      [
        ['images', 'interactions'],
        [3, 1],
      ],
    )
    const many = Array.from({ length: 51 }, (_, at) => at + 1).join()
    for (const path of [
      `/api/v2/images/show?ids=${many}`,
      '/api/v2/images/show?ids=x',
      '/api/v2/interactions/interacted?ids=x',
    ])
      assert.equal((await booru.ask(path)).statusCode, 400, path)
  })

  test('tags, by id and by name', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    const { tag } = await booru.get<{ tag: { id: number } }>('/tags/boat.json')
    same(await booru.get(`/api/v2/tags/show?id=${tag.id}`), { tags: [tag] })
    const { tags } = await booru.get<{ tags: { name: string }[] }>(
      `/api/v2/tags/fetch_many?ids[]=${tag.id}&ids[]=99&name[]=artist:ada&name[]=none`,
    )
    assert.deepEqual(
      tags.map(({ name }) => name),
      ['boat', 'artist:ada'],
    )
    assert.equal((await booru.ask('/api/v2/tags/show?id=99')).statusCode, 404)
    assert.equal((await booru.ask('/api/v2/tags/show')).statusCode, 404)
  })

  test('users', async () => {
    await using booru = await startBooru()
    await booru.import(shelf)
    const profile = await booru.get('/profiles/ada.json')
    same(await booru.get(`/api/v2/users/current?key=${await keyOf(booru, 7)}`), profile)
    same(await booru.get('/api/v2/users/show?id=7'), profile)
    const { users } = await booru.get<{ users: { id: number }[] }>('/api/v2/users/fetch_many?ids=8,7,99')
    assert.deepEqual(
      users.map(({ id }) => id),
      [8, 7],
    )
    same(users[1], profile)
    assert.equal((await booru.ask('/api/v2/users/current')).statusCode, 403)
  })
})

test('galleries are watched and left', async () => {
  await using booru = await startBooru()
  await booru.import([...shelf, { type: 'collection', kind: 'gallery', id: 1, owner: 'ada', title: 'Boats' }])
  const key = await keyOf(booru, 8)
  const ask = (name: string, form: Record<string, string>) =>
    booru.ask(`/api/v2/notifications/${name}`, { method: 'PUT', form: { key, ...form } })
  const watchers = async () =>
    (await booru.get<{ watcher_count: number }[]>('/galleries/ada.json'))[0]?.watcher_count
  assert.deepEqual((await ask('watch', { actor_class: 'Gallery', id: '1' })).json(), {})
  assert.equal(await watchers(), 1)
  await ask('unwatch', { actor_class: 'Gallery', id: '1' })
  assert.equal(await watchers(), 0)
  assert.equal((await ask('watch', { actor_class: 'Topic', id: '1' })).statusCode, 404)
  assert.equal((await ask('watch', { actor_class: 'Gallery', id: '9' })).statusCode, 404)
  assert.equal((await ask('watch', { actor_class: 'Gallery', id: '1', key: '' })).statusCode, 403)
  assert.deepEqual(await booru.get(`/api/v2/notifications/unread?key=${key}`), { unread: 0 })
  assert.deepEqual((await ask('mark_read', {})).json(), {})
})
