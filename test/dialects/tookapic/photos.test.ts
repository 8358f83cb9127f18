import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dataOf, listOf, same, startTookapic } from '../../helpers/start-tookapic.ts'
import { photo } from './shown.ts'

const ids = (list: Record<string, unknown>[]) => list.map(({ id }) => id)

describe('GET /photos', () => {
  test('sort=recent,popular,oldest,debuts', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const bob = await tookapic.person('bob')
    const made: number[] = []
    for (const who of [ada, ada, bob, bob]) {
      made.push(await tookapic.photo(who))
      tookapic.clock.advance(60)
    }
    const [a1, a2, b1, b2] = made
    await tookapic.photo(ada, { kind: 'text' })
    await tookapic.photo(ada, { visibility: 'private' })
    await bob.send('PUT', `/photos/${a2}/like`)
    const sorted = async (sort: string) => ids(listOf(await tookapic.anonymous.get(`/photos?sort=${sort}`)))
    assert.deepEqual(await sorted('recent'), [b2, b1, a2, a1])
    assert.deepEqual(await sorted('oldest'), [a1, a2, b1, b2])
    assert.deepEqual(await sorted('popular'), [a2, b2, b1, a1])
    assert.deepEqual(await sorted('debuts'), [b1, a1])
    assert.deepEqual(await sorted('sideways'), [b2, b1, a2, a1])
  })

  test('the counts and the place of each photo', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const bob = await tookapic.person('bob')
    const id = await tookapic.photo(ada, { takenOn: '2026-03-04', description: 'Low water' })
    await bob.send('PUT', `/photos/${id}/like`)
    await bob.send('POST', `/photos/${id}/comments`, { content: 'Fine' })
    const shown = photo(tookapic, id, 'ada', {
      description: 'Low water',
      count_likes: 1,
      count_comments: 1,
      number: 1,
      taken_on: '2026-03-04',
    })
    same(listOf(await tookapic.anonymous.get('/photos')), [shown])
    same(listOf(await bob.get('/photos')), [{ ...shown, is_liked: true }])
    same(listOf(await ada.get('/photos')), [{ ...shown, is_liked: false }])
  })
})

// A private photo and its words must not show anywhere but to its owner.
test('a private, a scheduled and a removed photo are nobody else’s', async () => {
  await using tookapic = await startTookapic()
  const ada = await tookapic.person('ada', { pro: true })
  const bob = await tookapic.person('bob')
  const shut = [
    await tookapic.photo(ada, {
      title: 'canary-1',
      tags: ['canary-tag'],
      visibility: 'private',
      takenOn: '2026-01-01',
    }),
    await tookapic.photo(ada, {
      title: 'canary-2',
      scheduledAt: new Date('2026-04-01T00:00:00Z'),
      takenOn: '2026-01-02',
    }),
    await tookapic.photo(ada, { title: 'canary-3', takenOn: '2026-01-03' }),
  ]
  await bob.send('POST', `/photos/${shut[2]}/comments`, { content: 'canary-4' })
  await tookapic.vitrine.ctx.db
    .updateTable('item')
    .set({ visibility: 'removed' })
    .where('id', '=', shut[2] ?? 0)
    .execute()
  const comment = await tookapic.vitrine.ctx.db.selectFrom('comment').select('id').executeTakeFirstOrThrow()

  const paths = [
    '/users',
    '/users/ada',
    '/users/ada/photos',
    '/photos',
    '/photos?sort=debuts',
    '/tags',
    '/tags/canary-tag',
  ]
  for (const who of [bob, tookapic.anonymous]) {
    for (const path of paths) {
      const { body } = await who.get(`${path}${path.includes('?') ? '&' : '?'}include=user,tags,comments`)
      assert.ok(!/canary/.test(body) && !/"streak":[1-9]/.test(body) && !/2026-01/.test(body), path)
    }
    for (const id of shut)
      for (const path of ['', '/comments', '/likes'])
        assert.equal((await who.get(`/photos/${id}${path}`)).statusCode, 404)
  }
  for (const id of shut) {
    assert.equal((await bob.send('PUT', `/photos/${id}/like`)).statusCode, 404)
    assert.equal((await bob.send('POST', `/photos/${id}/comments`, { content: 'x' })).statusCode, 404)
    assert.equal((await tookapic.anonymous.get(`/images/${id}/large.png`)).statusCode, 404)
  }
  assert.equal((await bob.send('PUT', `/comments/${comment.id}/like`)).statusCode, 404)
  assert.equal((await bob.send('DELETE', `/comments/${comment.id}`)).statusCode, 404)
  assert.equal(dataOf(await ada.get(`/photos/${shut[0]}`))['title'], 'canary-1')
})
