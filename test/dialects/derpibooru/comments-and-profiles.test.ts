import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addComment } from '../../../src/library/comments.ts'
import { takeDownItem } from '../../../src/library/moderation.ts'
import { OPERATOR } from '../../../src/library/viewer.ts'
import { startBooru } from '../../helpers/started-booru.ts'
import { same, START } from './objects.ts'
import { item, shelf } from './shelf.ts'

// Comments, and people.

describe('comments', () => {
  test('of an image, newest first, 20 a page, with how many there are', async () => {
    await using booru = await startBooru()
    const lines = Array.from({ length: 22 }, (_, at) => ({
      type: 'comment',
      item: 1,
      account: at % 2 === 0 ? 'ada' : 'brook',
      body: `Number ${at + 1}`,
      at: new Date(Date.UTC(2026, 1, 2, 0, at)).toISOString(),
    }))
    await booru.import([...shelf.slice(0, 2), item(1), ...lines])
    const { comments, total } = await booru.get<{ comments: { id: number; body: string }[]; total: number }>(
      '/images/1/comments.json',
    )
    assert.deepEqual([comments.length, total], [20, 22])
    same(comments[0], {
      id: comments[0]?.id,
      body: 'Number 22',
      author: 'brook',
      image_id: 1,
      posted_at: '2026-02-02T00:21:00.000Z',
      deleted: false,
    })
    const second = await booru.get<{ comments: { body: string; author: string }[] }>(
      '/images/1/comments.json?page=2',
    )
    assert.deepEqual(
      second.comments.map(({ body, author }) => [body, author]),
      [
        ['Number 2', 'brook'],
        ['Number 1', 'Ada L'],
      ],
    )
    const { id } = comments[0] ?? { id: 0 }
    same(await booru.get(`/images/1/comments/${id}.json`), comments[0])
    same(await booru.get(`/comment/${id}.json`), comments[0])
    for (const path of ['/images/1/comments/9999.json', '/comment/9999.json', '/images/9/comments.json'])
      assert.equal((await booru.ask(path)).statusCode, 404, path)
  })

  test('of a deleted image are not told: 423', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const id = await booru.add(ada)
    const { comment } = await addComment(booru.ctx, ada.viewer, id, 'Fine.')
    await takeDownItem(booru.ctx, OPERATOR, id, null)
    for (const path of [
      `/images/${id}/comments.json`,
      `/images/${id}/comments/${comment.id}.json`,
      `/comment/${comment.id}.json`,
    ]) {
      const answer = await booru.ask(path)
      assert.deepEqual(
        [answer.statusCode, answer.json()],
        [423, { message: 'This image has been deleted.' }],
        path,
      )
    }
  })

  test('of many images: recent ones, one’s own, somebody’s; bare arrays', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const brook = await booru.member('brook')
    const [boat, grim] = [
      await booru.add(ada, { tags: ['safe'] }),
      await booru.add(ada, { tags: ['grotesque'] }),
    ]
    const said = async (who: typeof ada, id: number, body: string) =>
      (await addComment(booru.ctx, who.viewer, id, body)).comment.id
    const ids = [
      await said(ada, boat, 'One'),
      await said(brook, boat, 'Two'),
      await said(brook, grim, 'Three'),
    ]
    const idsAt = async (path: string) => (await booru.get<{ id: number }[]>(path)).map(({ id }) => id)
    // The default filter hides what the third is about.
    assert.deepEqual(await idsAt('/lists/recent_comments.json'), [ids[1], ids[0]])
    assert.deepEqual(await idsAt('/lists/recent_comments.json?filter_id=56027'), [ids[2], ids[1], ids[0]])
    assert.deepEqual(await idsAt('/lists/recent_comments.json?page=2'), [])
    assert.deepEqual(await idsAt(`/lists/my_comments.json?key=${ada.key}`), [ids[0]])
    assert.deepEqual(await idsAt(`/lists/user_comments/${brook.id}.json`), [ids[2], ids[1]])
    assert.equal((await booru.ask('/lists/user_comments/99.json')).statusCode, 404)
  })
})

describe('a profile', () => {
  test('whole, by name, slug and id', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada.l', { name: 'Ada L', bio: 'I draw boats.' })
    const id = await booru.add(ada)
    await addComment(booru.ctx, ada.viewer, id, 'Mine.')
    const profile = await booru.get('/profiles/ada.l.json')
    same(profile, {
      id: ada.id,
      name: 'Ada L',
      slug: 'ada-dot-l',
      role: 'user',
      description: 'I draw boats.',
      avatar_url: `${booru.base}/avatars/${ada.id}/avatar.png?${Date.parse(START) / 1000}`,
      created_at: START,
      comment_count: 1,
      uploads_count: 1,
      post_count: 0,
      topic_count: 0,
      links: [],
      awards: [],
    })
    for (const ref of ['ada-dot-l', 'Ada.L', 'Ada+L', 'ada%20l', String(ada.id)])
      same(await booru.get(`/profiles/${ref}.json`), profile)
    assert.equal((await booru.ask(String(profile['avatar_url']))).headers['content-type'], 'image/png')
  })

  test('a name of digits is meant before an id', async () => {
    await using booru = await startBooru()
    const ada = await booru.member('ada')
    const digits = await booru.member(String(ada.id))
    assert.equal((await booru.get<{ id: number }>(`/profiles/${ada.id}.json`)).id, digits.id)
    assert.equal((await booru.get<{ id: number }>(`/profiles/${digits.id}.json`)).id, digits.id)
  })

  test('roles, and nobody', async () => {
    await using booru = await startBooru()
    await booru.member('mo', { role: 'moderator' })
    await booru.member('ad', { role: 'admin' })
    assert.equal((await booru.get('/profiles/mo.json'))['role'], 'moderator')
    assert.equal((await booru.get('/profiles/ad.json'))['role'], 'admin')
    for (const ref of ['nobody', '99', '%00', 'x'.repeat(3000)])
      assert.equal((await booru.ask(`/profiles/${ref}.json`)).statusCode, 404, ref.slice(0, 20))
  })
})
