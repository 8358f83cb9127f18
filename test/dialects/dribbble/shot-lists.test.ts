import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NewItem } from '../../../src/library/items.ts'
import { samplePicture } from '../../helpers/pictures.ts'
import { startVitrine, type Client, type Person, type Vitrine } from '../../helpers/vitrine.ts'
import { problemsIn, quickShot } from './shown.ts'

async function ids(who: Client, query: string): Promise<number[]> {
  const answer = await who.get(`/v1/shots${query}`)
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json<{ id: number }[]>().map(({ id }) => id)
}

const shotOn = (vitrine: Vitrine, who: Person, day: string, fields: Partial<NewItem> = {}) =>
  quickShot(vitrine, who, { createdAt: new Date(`${day}T12:00:00Z`), ...fields })

// v1 Shots, "List shots", `sort`: popularity unless asked otherwise; ties go to the newer shot
test('shots are sorted by popularity, comments, views or time', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const bo = await vitrine.person('bo')
  const old = await shotOn(vitrine, ada, '2025-01-01')
  const liked = await shotOn(vitrine, ada, '2025-01-02')
  const discussed = await shotOn(vitrine, ada, '2025-01-03')
  const viewed = await shotOn(vitrine, ada, '2025-01-04')
  await bo.post(`/v1/shots/${liked}/like`)
  await bo.post(`/v1/shots/${discussed}/comments`, { body: 'Well' })
  await vitrine.ctx.db.updateTable('item').set({ views_count: 7 }).where('id', '=', viewed).execute()

  const who = vitrine.anonymous
  assert.deepEqual(await ids(who, ''), [liked, discussed, viewed, old])
  assert.deepEqual(await ids(who, '?sort=popularity'), [liked, discussed, viewed, old])
  assert.deepEqual(await ids(who, '?sort=sideways'), [liked, discussed, viewed, old])
  assert.deepEqual(await ids(who, '?sort=recent'), [viewed, discussed, liked, old])
  assert.deepEqual(await ids(ada, '?sort=comments'), [discussed, viewed, liked, old])
  assert.deepEqual(await ids(ada, '?sort=views'), [viewed, discussed, liked, old])
  assert.deepEqual(await ids(ada, '?sort=recent&per_page=2&page=2'), [liked, old])
})

// `timeframe` and `date`
test('a timeframe ends now, or is the one that holds the date', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada')
  const days = [
    '2024-12-31',
    '2025-03-03',
    '2025-12-29',
    '2026-01-31',
    '2026-02-28',
    '2026-03-02',
    '2026-03-04',
  ]
  const shots = new Map<string, number>()
  for (const day of days) shots.set(day, await shotOn(vitrine, ada, day))
  const at = (...wanted: string[]) => wanted.toReversed().map((day) => shots.get(day))
  const { anonymous } = vitrine

  assert.deepEqual(await ids(anonymous, ''), at(...days))
  assert.deepEqual(await ids(anonymous, '?timeframe=ever'), at(...days))
  assert.deepEqual(await ids(anonymous, '?timeframe=fortnight'), at(...days))
  assert.deepEqual(await ids(anonymous, '?timeframe=week'), at('2026-02-28', '2026-03-02', '2026-03-04'))
  assert.deepEqual(await ids(anonymous, '?timeframe=month'), at('2026-02-28', '2026-03-02', '2026-03-04'))
  assert.deepEqual(await ids(anonymous, '?timeframe=year'), at(...days.slice(2)))
  assert.deepEqual(await ids(anonymous, '?date=2026-03-02'), at('2026-03-02'))
  assert.deepEqual(await ids(anonymous, '?timeframe=week&date=2026-03-08'), at('2026-03-02', '2026-03-04'))
  assert.deepEqual(await ids(anonymous, '?timeframe=week&date=2026-01-01'), at('2025-12-29'))
  assert.deepEqual(await ids(anonymous, '?timeframe=month&date=2026-02-01'), at('2026-02-28'))
  assert.deepEqual(await ids(anonymous, '?timeframe=year&date=2025-06-01'), at('2025-03-03', '2025-12-29'))
  assert.deepEqual(await ids(anonymous, '?timeframe=ever&date=2025-06-01'), at(...days))
  // The timeframe is ignored when sorting by recent, a date is not.
  assert.deepEqual(await ids(anonymous, '?timeframe=week&sort=recent'), at(...days))
  assert.deepEqual(await ids(anonymous, '?timeframe=week&sort=recent&date=2026-03-02'), at('2026-03-02'))
})

test('a date that is none is refused', async () => {
  await using vitrine = await startVitrine()
  for (const date of ['2026-02-30', 'yesterday', '2026-3-4', '2026-03-04T00:00:00Z'])
    assert.deepEqual(problemsIn(await vitrine.anonymous.get(`/v1/shots?date=${date}`)), [
      'date is not a date such as 2014-02-13',
    ])
  assert.deepEqual(await ids(vitrine.anonymous, '?date='), [])
})

// `list`
test('a list holds the shots it is named after', async () => {
  await using vitrine = await startVitrine()
  const crew = await vitrine.person('crew', { team: true })
  const ada = await vitrine.person('ada', { memberOf: crew })
  const bo = await vitrine.person('bo')
  const gif = await samplePicture({ width: 400, height: 300, format: 'gif', frames: 2 })
  const animated = await vitrine.upload(ada, { picture: gif, fileName: 'waves.gif' })
  vitrine.clock.advance(60)
  const answered = await quickShot(vitrine, ada)
  const own = await quickShot(vitrine, ada, { reboundOf: animated })
  const named = await quickShot(vitrine, ada, { teamId: crew.id })
  const rebound = await quickShot(vitrine, bo, { reboundOf: answered })
  const byTeam = await quickShot(vitrine, crew)

  const list = (name: string) => ids(vitrine.anonymous, `?sort=recent&list=${name}`)
  assert.deepEqual(await list('animated'), [animated])
  assert.deepEqual(await list('attachments'), [])
  assert.deepEqual(await list('debuts'), [byTeam, rebound, animated])
  assert.deepEqual(await list('playoffs'), [answered])
  assert.deepEqual(await list('rebounds'), [rebound, own])
  assert.deepEqual(await list('teams'), [byTeam, named])
  const all = [byTeam, rebound, named, own, answered, animated]
  assert.deepEqual(await list('any'), all)
  // Named more than once, the last one counts.
  assert.deepEqual(await ids(vitrine.anonymous, '?sort=recent&list=rebounds&list=animated'), [animated])
})

test('other people’s low-profile, private and scheduled shots are in no list', async () => {
  await using vitrine = await startVitrine()
  const ada = await vitrine.person('ada', { pro: true })
  const shown = await quickShot(vitrine, ada)
  const low = await quickShot(vitrine, ada, { lowProfile: true })
  await quickShot(vitrine, ada, { visibility: 'private' })
  await quickShot(vitrine, ada, { scheduledAt: new Date('2026-03-05T00:00:00Z') })
  assert.deepEqual(await ids(vitrine.anonymous, ''), [shown])
  assert.deepEqual(await ids(ada, ''), [shown])
  assert.equal((await vitrine.anonymous.get(`/v1/shots/${low}`)).statusCode, 200)
})
