import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dataOf, errorsOf, idOf, listOf, same, startTookapic } from '../../helpers/start-tookapic.ts'
import { START } from './shown.ts'

describe('comments', () => {
  test('POST and GET /photos/:id/comments, the oldest first', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const bob = await tookapic.person('bob')
    const id = await tookapic.photo(ada)
    const made = await bob.send('POST', `/photos/${id}/comments`, { content: 'Fine <b>light</b>' })
    const comment = {
      id: idOf(made),
      content: 'Fine <b>light</b>',
      username: 'bob',
      photo_id: id,
      count_likes: 0,
      created_at: START,
    }
    same(dataOf(made, 201), comment)
    const second = dataOf(await ada.send('POST', `/photos/${id}/comments`, { content: 'Thank you' }), 201)
    same(listOf(await tookapic.anonymous.get(`/photos/${id}/comments`)), [comment, second])
    assert.equal(dataOf(await ada.get(`/photos/${id}`))['count_comments'], 2)
  })

  test('a blank one is refused by name, and so is a flood', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const id = await tookapic.photo(ada)
    for (const content of [undefined, '', '  ', null])
      assert.deepEqual(errorsOf(await ada.send('POST', `/photos/${id}/comments`, { content })), {
        content: ["The content can't be blank."],
      })
    for (let n = 0; n < 10; n += 1)
      assert.equal((await ada.send('POST', `/photos/${id}/comments`, { content: `${n}` })).statusCode, 201)
    const flood = await ada.send('POST', `/photos/${id}/comments`, { content: 'more' })
    assert.deepEqual(errorsOf(flood), { base: ['Too many comments in a short time.'] })
  })

  test('DELETE /comments/:id: for its author and the owner of the photo', async () => {
    await using tookapic = await startTookapic()
    const [ada, bob, cleo] = [
      await tookapic.person('ada'),
      await tookapic.person('bob'),
      await tookapic.person('cleo'),
    ]
    const id = await tookapic.photo(ada)
    const say = async () => idOf(await bob.send('POST', `/photos/${id}/comments`, { content: 'x' }))
    const first = await say()
    assert.equal((await cleo.send('DELETE', `/comments/${first}`)).statusCode, 403)
    assert.equal((await bob.send('DELETE', `/comments/${first}`)).statusCode, 204)
    assert.equal((await bob.send('DELETE', `/comments/${first}`)).statusCode, 404)
    assert.equal((await ada.send('DELETE', `/comments/${await say()}`)).statusCode, 204)
    assert.deepEqual(listOf(await ada.get(`/photos/${id}/comments`)), [])
    assert.equal(dataOf(await ada.get(`/photos/${id}`))['count_comments'], 0)
  })

  test('comments can be liked: PUT and DELETE /comments/:id/like', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const id = await tookapic.photo(ada)
    const comment = idOf(await ada.send('POST', `/photos/${id}/comments`, { content: 'x' }))
    const likes = async () => listOf(await ada.get(`/photos/${id}/comments`))[0]?.['count_likes']
    for (const [method, count] of [
      ['PUT', 1],
      ['PUT', 1],
      ['DELETE', 0],
      ['DELETE', 0],
    ] as const) {
      assert.equal((await ada.send(method, `/comments/${comment}/like`)).statusCode, 204)
      assert.equal(await likes(), count)
    }
    assert.equal((await ada.send('PUT', '/comments/99999/like')).statusCode, 404)
  })
})

describe('likes', () => {
  test('PUT and DELETE /photos/:id/like: 204, twice is once; GET /photos/:id/likes, the newest first', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const bob = await tookapic.person('bob')
    const id = await tookapic.photo(ada)
    for (const who of [ada, bob, bob]) {
      const done = await who.send('PUT', `/photos/${id}/like`)
      assert.deepEqual([done.statusCode, done.body], [204, ''])
    }
    const likes = listOf(await tookapic.anonymous.get(`/photos/${id}/likes`))
    const like = (username: string, at: number) => ({
      id: likes[at]?.['id'],
      username,
      photo_id: id,
      created_at: START,
    })
    same(likes, [like('bob', 0), like('ada', 1)])
    const shown = dataOf(await bob.get(`/photos/${id}`))
    assert.deepEqual([shown['count_likes'], shown['is_liked']], [2, true])

    for (const _ of [1, 2]) assert.equal((await bob.send('DELETE', `/photos/${id}/like`)).statusCode, 204)
    const after = dataOf(await bob.get(`/photos/${id}`))
    assert.deepEqual([after['count_likes'], after['is_liked']], [1, false])
    assert.equal((await bob.send('PUT', '/photos/99999/like')).statusCode, 404)
  })
})
