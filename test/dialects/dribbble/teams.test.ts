import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMember } from '../../../src/library/teams.ts'
import { startVitrine } from '../../helpers/vitrine.ts'
import { quickShot, same, shotV1, userV1 } from './shown.ts'

// v1 Teams, "List a team's members"; Users, "List a user's teams"
test('teams show their members, and members their teams', async () => {
  await using vitrine = await startVitrine()
  const crew = await vitrine.person('crew', { team: true })
  const ada = await vitrine.person('ada', { memberOf: crew })
  const bo = await vitrine.person('bo')

  const member = userV1(vitrine, ada, { teams_count: 1 })
  same((await vitrine.anonymous.get('/v1/teams/crew/members')).data(), [member])
  same((await bo.get(`/v1/teams/${crew.id}/members`)).data(), [member])

  const team = userV1(vitrine, { ...crew, team: true }, { members_count: 1 })
  same((await vitrine.anonymous.get('/v1/users/ada/teams')).data(), [team])
  same((await ada.get('/v1/user/teams')).data(), [team])
  same((await bo.get('/v1/user/teams')).data(), [])
  same((await vitrine.anonymous.get('/v1/users/crew')).data(), team)

  assert.equal((await vitrine.anonymous.get('/v1/user/teams')).statusCode, 401)
  assert.equal((await bo.get('/v1/teams/ada/members')).statusCode, 404)
  assert.equal((await bo.get('/v1/teams/ada/shots')).statusCode, 404)
  assert.equal((await bo.get('/v1/users/nobody/teams')).statusCode, 404)
})

test('a list of teams has pages', async () => {
  await using vitrine = await startVitrine()
  const first = await vitrine.person('first', { team: true })
  const second = await vitrine.person('second', { team: true })
  const ada = await vitrine.person('ada', { memberOf: first })
  await addMember(vitrine.ctx, second.id, ada.id)
  const page = await ada.get('/v1/user/teams?per_page=1&page=2')
  assert.deepEqual(
    page.json<{ username: string }[]>().map(({ username }) => username),
    ['second'],
  )
  assert.match(String(page.headers.link), /page=1>; rel="prev"/)
})

// v1 Teams, "List shots for a team": of its own account and its members under its name, without `team`
test('the shots of a team leave the team out', async () => {
  await using vitrine = await startVitrine()
  const crew = await vitrine.person('crew', { team: true })
  const ada = await vitrine.person('ada', { memberOf: crew })
  const own = await quickShot(vitrine, crew)
  const named = await quickShot(vitrine, ada, { teamId: crew.id })
  await quickShot(vitrine, ada)

  const adas = userV1(vitrine, ada, { shots_count: 2, teams_count: 1 })
  const crews = userV1(vitrine, { ...crew, team: true }, { members_count: 1, shots_count: 1 })
  const { team: _one, ...byAda } = shotV1(vitrine, { id: named, ownerId: ada.id, user: adas })
  const { team: _two, ...byCrew } = shotV1(vitrine, { id: own, ownerId: crew.id, user: crews })
  same((await vitrine.anonymous.get('/v1/teams/crew/shots')).data(), [byAda, byCrew])
  same((await ada.get(`/v1/teams/${crew.id}/shots`)).data(), [byAda, byCrew])

  const whole = shotV1(vitrine, { id: named, ownerId: ada.id, user: adas }, { team: crews })
  same((await ada.get(`/v1/shots/${named}`)).data(), whole)
})
