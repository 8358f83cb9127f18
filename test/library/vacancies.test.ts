import assert from 'node:assert/strict'
import { addMember } from '../../src/library/teams.ts'
import { addVacancy, changeVacancy, findVacancy, vacancyDetails } from '../../src/library/vacancies.ts'
import { ANONYMOUS } from '../../src/library/viewer.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench, refused } from './gathering.ts'

const offer = {
  organizationName: 'Fell & Sons',
  title: 'Letterer',
  location: 'Fell Village',
  url: 'https://fell.example/jobs/1',
}

onEachDatabase('a vacancy is offered, changed and withdrawn', async (database) => {
  const { ctx, clock, person } = await openBench(database)
  const ada = await person('ada')
  const bob = await person('bob')
  const team = await person('studio', { kind: 'team' })
  await addMember(ctx, 'studio', 'ada')
  const details = { category: 'Illustration', remote_only: false }
  const made = await addVacancy(ctx, ada, { ...offer, teamId: team.accountId, details })
  assert.deepEqual([made.active, made.team_id, vacancyDetails(made)], [1, team.accountId, details])
  assert.equal(made.ends_ms - made.starts_ms, 30 * 86_400_000)

  clock.advance(1)
  const changed = await changeVacancy(ctx, ada, made.id, {
    title: 'Sign painter',
    details: { remote_only: true },
  })
  assert.deepEqual(vacancyDetails(changed), { category: 'Illustration', remote_only: true })
  assert.deepEqual(
    [changed.title, changed.location, changed.team_id],
    ['Sign painter', 'Fell Village', team.accountId],
  )
  assert.deepEqual(await findVacancy(ctx, ANONYMOUS, made.id), changed)
  await refused(changeVacancy(ctx, bob, made.id, { title: 'Mine' }), { kind: 'not_allowed' })

  await changeVacancy(ctx, ada, made.id, { active: false, teamId: null })
  await refused(findVacancy(ctx, bob, made.id), { kind: 'not_found', what: 'vacancy' })
  assert.equal((await findVacancy(ctx, ada, made.id)).active, 0)
})

onEachDatabase('a vacancy is refused with everything that is wrong', async (database) => {
  const { ctx, person } = await openBench(database)
  const ada = await person('ada')
  const team = await person('studio', { kind: 'team' })
  const url = 'javascript:alert(1)'
  await assert.rejects(
    addVacancy(ctx, ada, { ...offer, title: '', url }),
    /title can't be blank; url must be/,
  )
  await refused(addVacancy(ctx, ada, { ...offer, teamId: team.accountId }), { kind: 'invalid' })
  await refused(addVacancy(ctx, ANONYMOUS, offer), { kind: 'not_signed_in' })
  await addVacancy(ctx, team, { ...offer, teamId: team.accountId })
})
