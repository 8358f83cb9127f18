import assert from 'node:assert/strict'
import { removeAccount } from '../../src/library/account-removal.ts'
import { checkLibrary } from '../../src/library/check.ts'
import { addComment } from '../../src/library/comments.ts'
import { LibraryError } from '../../src/library/errors.ts'
import { follow } from '../../src/library/follows.ts'
import { findItem } from '../../src/library/items.ts'
import { setReaction } from '../../src/library/reactions.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { addNote, addPicture, openLibrary, person, storedBlobs } from './open-library.ts'

onEachDatabase('a deleted account leaves every counter right', async (database) => {
  await using library = await openLibrary(database)
  const { ctx, clock } = library
  const ada = await person(library, 'ada')
  const bob = await person(library, 'bob')
  const cyd = await person(library, 'cyd')
  const hers = await addNote(library, ada, { tags: ['sea'] })
  await addPicture(library, bob, { tags: ['sea', 'boat'], reboundOf: hers })
  for (let n = 0; n < 25; n += 1) await addNote(library, bob, { tags: ['sea'] })
  for (const who of [bob, cyd]) {
    await setReaction(ctx, who.viewer, hers, { sort: 'fave', on: true, faveUpvotes: true })
    await addComment(ctx, who.viewer, hers, 'Fine boats.')
    await follow(ctx, who.viewer, ada.account.id)
  }
  await follow(ctx, ada.viewer, bob.account.id)

  const refused = removeAccount(ctx, cyd.viewer, bob.account.id)
  await assert.rejects(
    refused,
    (error) => error instanceof LibraryError && error.reason.kind === 'not_allowed',
  )
  await removeAccount(ctx, bob.viewer, bob.account.id)
  const again = removeAccount(ctx, bob.viewer, bob.account.id)
  await assert.rejects(again, (error) => error instanceof LibraryError && error.reason.kind === 'not_found')

  const { item, owner } = await findItem(ctx, ANONYMOUS, hers)
  assert.deepEqual(
    [item.faves_count, item.upvotes_count, item.comments_count, item.rebounds_count],
    [1, 1, 1, 0],
  )
  assert.deepEqual([owner.followers_count, owner.followings_count], [1, 0])
  clock.advance(31)
  await library.runJobs()
  assert.deepEqual(await storedBlobs(library), [])
  assert.deepEqual((await checkLibrary(ctx, { repair: false })).problems, [])
})
