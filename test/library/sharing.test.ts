import assert from 'node:assert/strict'
import { participantsOf, removeCollaborator, setCollaborator } from '../../src/library/collaborators.ts'
import { addOwnItems, removeOwnItems } from '../../src/library/collection-sharing.ts'
import {
  addCollection,
  changeCollection,
  findCollection,
  removeCollection,
} from '../../src/library/collections.ts'
import {
  acceptInvitation,
  declineInvitation,
  inviteToCollection,
  myInvitations,
  pendingInvitations,
  withdrawInvitations,
} from '../../src/library/invitations.ts'
import type { CollectionRow } from '../../src/library/rows.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench, refused } from './gathering.ts'

onEachDatabase('an invitation is accepted, declined or withdrawn, once', async (database) => {
  const { ctx, person } = await openBench(database)
  const [ada, bob, cyd] = [await person('ada'), await person('bob'), await person('cyd')]
  const { id } = await addCollection(ctx, ada, { title: 'Boats', private: true })
  const member = { accountId: bob.accountId, access: 'member' } as const
  await inviteToCollection(ctx, ada, id, member)
  await refused(findCollection(ctx, bob, id), { kind: 'not_found' })
  await inviteToCollection(ctx, ada, id, { ...member, access: 'owner' })
  assert.deepEqual(
    (await myInvitations(ctx, bob)).map(({ access }) => access),
    ['owner'],
  )
  await inviteToCollection(ctx, ada, id, member)
  await inviteToCollection(ctx, ada, id, { accountId: cyd.accountId, access: 'member' })
  assert.equal((await pendingInvitations(ctx, ada, id)).length, 2)

  await acceptInvitation(ctx, bob, id)
  assert.equal((await findCollection(ctx, bob, id)).title, 'Boats')
  await refused(acceptInvitation(ctx, bob, id), { kind: 'not_found', what: 'invitation' })
  await declineInvitation(ctx, cyd, id)
  await refused(acceptInvitation(ctx, cyd, id), { kind: 'not_found', what: 'invitation' })
  await refused(withdrawInvitations(ctx, ada, id), { kind: 'not_found', what: 'invitation' })
  await inviteToCollection(ctx, ada, id, { accountId: cyd.accountId, access: 'member' })
  await withdrawInvitations(ctx, ada, id, cyd.accountId)
  assert.deepEqual(await myInvitations(ctx, cyd), [])

  await refused(inviteToCollection(ctx, ada, id, member), { kind: 'invalid' })
  await refused(inviteToCollection(ctx, ada, id, { ...member, accountId: ada.accountId }), {
    kind: 'invalid',
  })
  await refused(inviteToCollection(ctx, ada, id, { ...member, accountId: 999 }), {
    kind: 'not_found',
    what: 'account',
  })
  await refused(inviteToCollection(ctx, bob, id, { ...member, accountId: cyd.accountId }), {
    kind: 'not_allowed',
  })
  await refused(acceptInvitation(ctx, cyd, 999), { kind: 'not_found', what: 'collection' })
  await refused(inviteToCollection(ctx, ada, -ada.accountId, member), { kind: 'not_allowed' })
})

onEachDatabase('owners change and remove, members only themselves, and one owner stays', async (database) => {
  const { ctx, person } = await openBench(database)
  const [ada, bob, cyd] = [await person('ada'), await person('bob'), await person('cyd')]
  const { id } = await addCollection(ctx, ada, { title: 'Boats' })
  await addCollection(ctx, bob, { title: 'Boats' })
  const join = async (who: typeof bob, access: 'owner' | 'member') => {
    await inviteToCollection(ctx, ada, id, { accountId: who.accountId, access })
    await acceptInvitation(ctx, who, id)
  }
  const people = async (collection: CollectionRow) =>
    ((await participantsOf(ctx.db, [collection])).get(collection.id) ?? []).map(
      ({ accountId, access }) => [accountId, access] as const,
    )
  await join(bob, 'member')
  await join(cyd, 'member')
  const adas = ada.accountId
  await refused(changeCollection(ctx, bob, id, { title: 'Mine' }), { kind: 'not_allowed' })
  await refused(setCollaborator(ctx, ada, id, { accountId: adas, access: 'member' }), { kind: 'invalid' })
  await refused(removeCollaborator(ctx, ada, id, adas), { kind: 'invalid' })
  await refused(removeCollaborator(ctx, bob, id, cyd.accountId), { kind: 'not_allowed' })
  await refused(setCollaborator(ctx, ada, id, { accountId: 999, access: 'member' }), {
    kind: 'not_found',
    what: 'account',
  })

  await setCollaborator(ctx, ada, id, { accountId: bob.accountId, access: 'owner' })
  assert.equal((await changeCollection(ctx, bob, id, { description: 'large' })).description, 'large')
  const handed = await setCollaborator(ctx, bob, id, { accountId: adas, access: 'member' })
  assert.deepEqual([handed.owner_id, handed.slug], [bob.accountId, 'boats-2'])
  const [first, ...others] = await people(handed)
  assert.deepEqual(first, [bob.accountId, 'owner'])
  assert.deepEqual(
    new Map(others),
    new Map([
      [adas, 'member'],
      [cyd.accountId, 'member'],
    ]),
  )
  await removeCollaborator(ctx, ada, id, adas)
  await refused(removeCollaborator(ctx, ada, id, adas), { kind: 'not_found', what: 'account' })
  await removeCollection(ctx, bob, id)
})

onEachDatabase('members put in and take out what is their own, all or none', async (database) => {
  const { ctx, person, item } = await openBench(database)
  const [ada, bob] = [await person('ada'), await person('bob')]
  const { id } = await addCollection(ctx, ada, { title: 'Boats' })
  const [adas, bobs] = [await item(ada), await item(bob)]
  const secret = await item(bob, { visibility: 'private' })
  const adasSecret = await item(ada, { visibility: 'private' })
  const put = (who: typeof ada, itemIds: number[], collectionId = id) =>
    addOwnItems(ctx, who, { collectionId, itemIds })
  const count = async () => (await findCollection(ctx, ada, id)).items_count
  await refused(put(bob, [bobs]), { kind: 'not_allowed', what: 'collection' })
  await inviteToCollection(ctx, ada, id, { accountId: bob.accountId, access: 'member' })
  await acceptInvitation(ctx, bob, id)
  await refused(put(bob, [bobs, adas]), { kind: 'not_allowed', what: 'item', action: 'own' })
  await refused(put(bob, [bobs, adasSecret]), { kind: 'not_found', what: 'item' })
  await refused(put(bob, [bobs, secret]), { kind: 'not_allowed', what: 'item', action: 'share' })
  await refused(put(bob, [bobs, 999]), { kind: 'not_found', what: 'item' })
  await refused(put(ada, [adas], -ada.accountId), { kind: 'not_allowed', what: 'collection' })
  assert.equal(await count(), 0)
  await put(bob, [bobs, bobs])
  await put(ada, [adas])
  assert.equal(await count(), 2)
  const take = (who: typeof ada, itemIds: number[]) => removeOwnItems(ctx, who, { collectionId: id, itemIds })
  await refused(take(ada, [bobs]), { kind: 'not_allowed', what: 'item', action: 'own' })
  await take(bob, [bobs, secret])
  assert.equal(await count(), 1)

  const own = await addCollection(ctx, bob, { title: 'Mine', private: true })
  await put(bob, [secret], own.id)
  await refused(addCollection(ctx, bob, { title: 'MINE ', uniqueTitle: true }), { kind: 'conflict' })
  const other = await addCollection(ctx, bob, { title: 'Mine!', uniqueTitle: true })
  assert.equal(other.slug, 'mine-2')
  await refused(changeCollection(ctx, bob, other.id, { title: 'mine', uniqueTitle: true }), {
    kind: 'conflict',
  })
})
