import assert from 'node:assert/strict'
import {
  accountsByLogins,
  accountTotals,
  addAccount,
  changeAccount,
  findAccount,
} from '../../src/library/accounts.ts'
import { setReaction } from '../../src/library/reactions.ts'
import {
  addMember,
  isMember,
  membersOf,
  memberOfAnyTeam,
  removeMember,
  teamsOf,
} from '../../src/library/teams.ts'
import { OPERATOR } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench, page, refused } from './gathering.ts'

onEachDatabase('an account is found by id and by login in any case', async (database) => {
  const { ctx } = await openBench(database)
  const ada = await addAccount(ctx, {
    login: 'Ada.Lee',
    name: 'Ada Lee',
    bio: '  ',
    location: 'Fell Village',
  })
  assert.equal(ada.bio, null)
  assert.equal((await findAccount(ctx.db, 'ADA.lee')).id, ada.id)
  assert.equal((await findAccount(ctx.db, String(ada.id))).login, 'Ada.Lee')
  assert.deepEqual([...(await accountsByLogins(ctx.db, ['ada.LEE', 'nobody'])).keys()], ['ada.lee'])

  const digits = await addAccount(ctx, { login: String(ada.id) })
  assert.equal(
    (await findAccount(ctx.db, digits.login)).id,
    ada.id,
    'digits are an id before they are a login',
  )
  await refused(findAccount(ctx.db, 'nobody'), { kind: 'not_found', what: 'account' })
  await refused(addAccount(ctx, { login: 'aDA.lee' }), { kind: 'conflict', what: 'account' })
})

onEachDatabase('everything that is wrong with a new account is said at once', async (database) => {
  const { ctx } = await openBench(database)
  const links = { web: 'javascript:alert(1)' }
  const adding = addAccount(ctx, { login: '-x', name: ' ', location: 'x'.repeat(256), bio: 'a\0b', links })
  await assert.rejects(adding, (error) => {
    assert.ok(error instanceof Error)
    for (const field of ['login', 'name', 'location', 'bio', 'links'])
      assert.match(error.message, new RegExp(field))
    return true
  })
  for (const login of ['', 'x'.repeat(61), 'a b', 'é', '.a', 'a/b'])
    await refused(addAccount(ctx, { login }), { kind: 'invalid' })
})

onEachDatabase('ids given are kept and not given out again', async (database) => {
  const { ctx } = await openBench(database)
  assert.equal((await addAccount(ctx, { login: 'far', id: 40 })).id, 40)
  assert.equal((await addAccount(ctx, { login: 'next' })).id, 41)
  assert.equal((await addAccount(ctx, { login: 'near', id: 7 })).id, 7)
  assert.equal((await addAccount(ctx, { login: 'last' })).id, 42)
  await refused(addAccount(ctx, { login: 'other', id: 7 }), { kind: 'conflict' })
})

onEachDatabase('people change themselves, administrators the rest', async (database) => {
  const { ctx, person } = await openBench(database)
  const ada = await person('ada')
  const bob = await person('bob')
  const changed = await changeAccount(ctx, ada, ada.accountId, {
    name: 'Ada',
    links: { web: 'https://ada.example' },
  })
  assert.deepEqual([changed.name, changed.links], ['Ada', '{"web":"https://ada.example"}'])
  await refused(changeAccount(ctx, bob, ada.accountId, { name: 'Bob' }), { kind: 'not_allowed' })
  await refused(changeAccount(ctx, ada, ada.accountId, { pro: true }), { kind: 'not_allowed' })
  assert.equal((await changeAccount(ctx, OPERATOR, ada.accountId, { pro: true, location: 'Here' })).pro, 1)
  assert.equal((await changeAccount(ctx, ada, ada.accountId, { location: null })).location, null)
})

onEachDatabase('a team has members', async (database) => {
  const { ctx, person } = await openBench(database)
  const ada = await person('ada')
  const team = await person('studio', { kind: 'team' })
  await addMember(ctx, 'studio', 'ada')
  await addMember(ctx, team.accountId, ada.accountId)
  const { rows, total } = await membersOf(ctx.db, team.accountId, page)
  assert.deepEqual([rows.map(({ login }) => login), total], [['ada'], 1])
  assert.equal((await teamsOf(ctx.db, [ada.accountId])).get(ada.accountId)?.[0]?.login, 'studio')
  assert.ok(await isMember(ctx.db, team.accountId, ada.accountId))
  assert.ok(await memberOfAnyTeam(ctx.db, ada.accountId))

  await refused(addMember(ctx, 'ada', 'studio'), { kind: 'invalid' })
  await refused(addMember(ctx, 'studio', 'studio'), { kind: 'invalid' })
  await removeMember(ctx, 'studio', 'ada')
  await removeMember(ctx, 'studio', 'ada')
  assert.equal(await memberOfAnyTeam(ctx.db, ada.accountId), false)
})

onEachDatabase('totals count what a stranger may see', async (database) => {
  const { ctx, person, item } = await openBench(database)
  const ada = await person('ada')
  const bob = await person('bob')
  const team = await person('studio', { kind: 'team' })
  await addMember(ctx, 'studio', 'ada')
  const shown = await item(ada, { team_id: team.accountId, faves_count: 4, comments_count: 3 })
  await item(ada, { visibility: 'private', faves_count: 50 })
  await item(ada, { low_profile: 1 })
  await item(ada, { published_ms: null, scheduled_ms: 1 })
  await item(team)
  await item(team, { team_id: team.accountId })
  await item(bob, { rebound_of: shown })
  await item(bob, { rebound_of: shown, visibility: 'removed' })
  await setReaction(ctx, bob, shown, { sort: 'fave', on: true })

  const totals = await accountTotals(ctx.db, [ada.accountId, bob.accountId, team.accountId, 999])
  assert.deepEqual(totals.get(ada.accountId), {
    items: 1,
    likes: 0,
    likesReceived: 5,
    commentsReceived: 3,
    reboundsReceived: 1,
    projects: 0,
    buckets: 0,
    teams: 1,
    members: 0,
    teamItems: 0,
  })
  assert.equal(totals.get(bob.accountId)?.likes, 1)
  assert.deepEqual([totals.get(team.accountId)?.teamItems, totals.get(team.accountId)?.members], [3, 1])
  assert.equal(totals.get(999)?.items, 0)
})
