import assert from 'node:assert/strict'
import { block } from '../../src/library/blocks.ts'
import { commentLikesOf, findCommentLike, setCommentLike } from '../../src/library/comment-likes.ts'
import {
  addComment,
  changeComment,
  findComment,
  listComments,
  removeComment,
} from '../../src/library/comments.ts'
import { LibraryError } from '../../src/library/errors.ts'
import { itemById } from '../../src/library/store/items.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench, page, refused } from './gathering.ts'

onEachDatabase('a comment is written, rewritten and removed', async (database) => {
  const { ctx, clock, person, item } = await openBench(database)
  const ada = await person('ada')
  const bob = await person('bob')
  const cyd = await person('cyd')
  const mod = await person('mod', { role: 'moderator' })
  const itemId = await item(ada)
  const { comment, account } = await addComment(ctx, bob, itemId, 'What a harbour!')
  assert.equal(account.login, 'bob')
  clock.advance(10)
  const place = { itemId, id: comment.id }
  const changed = await changeComment(ctx, bob, place, 'What a *fine* harbour!')
  assert.equal(changed.comment.updated_ms - changed.comment.created_ms, 10_000)
  const found = await findComment(ctx, ANONYMOUS, place)
  assert.deepEqual({ ...found.comment }, changed.comment)

  await refused(changeComment(ctx, ada, place, 'mine'), { kind: 'not_allowed', what: 'comment' })
  await refused(changeComment(ctx, mod, place, 'mine'), { kind: 'not_allowed' })
  await refused(removeComment(ctx, cyd, place), { kind: 'not_allowed', action: 'delete' })
  for (const who of [bob, ada, mod]) {
    const { comment: next } = await addComment(ctx, bob, itemId, 'again')
    await removeComment(ctx, who, { itemId, id: next.id })
    await refused(removeComment(ctx, who, { itemId, id: next.id }), { kind: 'not_found' })
  }
  assert.equal((await itemById(ctx.db, itemId))?.comments_count, 1)
})

// "A comment addressed under the wrong shot id must be 404"
onEachDatabase('a comment is found under its own item only', async (database) => {
  const { ctx, person, item } = await openBench(database)
  const ada = await person('ada')
  const [itemId, other, secret] = [
    await item(ada),
    await item(ada),
    await item(ada, { visibility: 'private' }),
  ]
  const { comment } = await addComment(ctx, ada, itemId, 'here')
  const astray = { itemId: other, id: comment.id }
  for (const attempt of [
    () => findComment(ctx, ada, astray),
    () => changeComment(ctx, ada, astray, 'there'),
    () => removeComment(ctx, ada, astray),
    () => setCommentLike(ctx, ada, astray, true),
    () => commentLikesOf(ctx, ada, astray, page),
  ])
    await refused(attempt(), { kind: 'not_found', what: 'comment' })
  const bob = await person('bob')
  await refused(addComment(ctx, bob, secret, 'psst'), { kind: 'not_found', what: 'item' })
  await refused(listComments(ctx, bob, { itemId: secret }, page), { kind: 'not_found', what: 'item' })
})

onEachDatabase('texts and people are refused', async (database) => {
  const { ctx, person, item } = await openBench(database)
  const ada = await person('ada')
  const bob = await person('bob')
  const itemId = await item(ada)
  const blank = [{ field: 'body', problem: "can't be blank" }]
  await refused(addComment(ctx, bob, itemId, ' \n'), { kind: 'invalid', problems: blank })
  await refused(addComment(ctx, bob, itemId, 'x'.repeat(20_001)), { kind: 'invalid' })
  await refused(addComment(ctx, bob, itemId, 'a\0'), { kind: 'invalid' })
  await refused(addComment(ctx, bob, itemId, '\ud800'), { kind: 'invalid' })
  await refused(addComment(ctx, ANONYMOUS, itemId, 'hello'), { kind: 'not_signed_in' })
  await addComment(ctx, bob, itemId, '\u{1f600}'.repeat(20_000))
  await block(ctx, ada, bob.accountId)
  await refused(addComment(ctx, bob, itemId, 'hello'), { kind: 'invalid' })
})

// "more than 10 comments in 2 minutes or 100 a day is refused"
onEachDatabase('a flood of comments is held up, also when it comes all at once', async (database) => {
  const { ctx, clock, person, item } = await openBench(database)
  const ada = await person('ada')
  const itemId = await item(ada)
  const others = await Promise.all(Array.from({ length: 14 }, () => item(ada)))
  const write = (id = itemId) => addComment(ctx, ada, id, 'words').then(() => true)
  const results = await Promise.allSettled(others.map((id) => write(id)))
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 10)
  clock.advance(100)
  await refused(write(), { kind: 'too_many', retryAfterSeconds: 20 })
  for (let lot = 1; lot < 10; lot += 1) {
    clock.advance(121)
    for (let number = 0; number < 10; number += 1) assert.ok(await write())
  }
  clock.advance(121)
  await assert.rejects(write(), (error) => {
    assert.ok(error instanceof LibraryError && error.reason.kind === 'too_many')
    assert.ok((error.reason.retryAfterSeconds ?? 0) > 80_000)
    return true
  })
  clock.advance(86_400)
  assert.ok(await write())
  const { rows, total } = await listComments(ctx, ada, { itemId, order: 'newest' }, { offset: 0, limit: 5 })
  assert.deepEqual([rows.length, total, (await itemById(ctx.db, itemId))?.comments_count], [5, 91, 91])
})

onEachDatabase('likes of a comment are counted once each', async (database) => {
  const { ctx, person, item } = await openBench(database)
  const people = await Promise.all(['ada', 'bob', 'cyd'].map((login) => person(login)))
  const [ada] = people
  assert.ok(ada)
  const itemId = await item(ada)
  const { comment } = await addComment(ctx, ada, itemId, 'like me')
  const place = { itemId, id: comment.id }
  const like = await setCommentLike(ctx, ada, place, true)
  assert.deepEqual(await setCommentLike(ctx, ada, place, true), like)
  assert.deepEqual(await findCommentLike(ctx, ada, place), like)
  const work: Promise<unknown>[] = []
  for (let round = 0; round < 5; round += 1)
    for (const one of people) work.push(setCommentLike(ctx, one, place, (round + one.accountId) % 3 !== 0))
  await Promise.all(work)
  const { total } = await commentLikesOf(ctx, ANONYMOUS, place, { offset: 0, limit: 1 })
  assert.equal((await findComment(ctx, ada, place)).comment.likes_count, total)
  for (const one of people) await setCommentLike(ctx, one, place, false)
  assert.equal((await findComment(ctx, ada, place)).comment.likes_count, 0)
})
