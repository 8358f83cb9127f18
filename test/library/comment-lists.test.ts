import assert from 'node:assert/strict'
import { addComment } from '../../src/library/comments.ts'
import { ownComments, recentComments, type CommentsWanted } from '../../src/library/comment-lists.ts'
import { replaceTags } from '../../src/library/store/tags.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench, page, refused } from './gathering.ts'

onEachDatabase('comments are listed newest first, on what is listed', async (at) => {
  const { ctx, clock, person, item } = await openBench(at)
  const [ada, bob] = [await person('ada'), await person('bob')]
  const shown = await item(ada)
  const tagged = await item(ada)
  const secret = await item(ada, { visibility: 'private' })
  await ctx.db.transaction().execute((db) => replaceTags(db, clock.now(), tagged, ['rock']))
  const { id: rock } = await ctx.db.selectFrom('tag').select('id').executeTakeFirstOrThrow()
  for (const [who, where, body] of [
    [ada, shown, 'first'],
    [bob, tagged, 'second'],
    [ada, secret, 'hidden'],
    [bob, shown, 'third'],
  ] as const)
    await addComment(ctx, who, where, body)

  const recent = async (wanted: CommentsWanted, of = page) => {
    const { rows, total } = await recentComments(ctx, wanted, of)
    return [rows.map(({ comment, account }) => `${account.login}: ${comment.body}`), total]
  }
  assert.deepEqual(await recent({}), [['bob: third', 'bob: second', 'ada: first'], 3])
  assert.deepEqual(await recent({}, { offset: 1, limit: 1 }), [['bob: second'], 3])
  assert.deepEqual(await recent({ accountId: ada.accountId }), [['ada: first'], 1])
  assert.deepEqual(await recent({ exceptTagIds: [rock, 999] }), [['bob: third', 'ada: first'], 2])
  const own = await ownComments(ctx, ada, page)
  assert.deepEqual(
    own.rows.map(({ comment }) => comment.body),
    ['first'],
  )
  await refused(ownComments(ctx, ANONYMOUS, page), { kind: 'not_signed_in' })
})
