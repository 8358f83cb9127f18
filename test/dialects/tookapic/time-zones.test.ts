import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dataOf, errorsOf, startTookapic } from '../../helpers/start-tookapic.ts'
import { count, post, TAKEN, TO_COME } from './days.ts'

// A photo a day: what the service's help pages say of days, streaks and missed days.

describe('in the person’s time zone', () => {
  test('today is the day where they are', async () => {
    await using tookapic = await startTookapic({ at: '2026-03-04T23:30:00Z' })
    const day = async (login: string, timeZone?: string) => {
      const who = await tookapic.person(login, timeZone === undefined ? {} : { timeZone })
      const other = await post(who, { taken_on: '2026-03-05' })
      return [
        dataOf(await post(who, { taken_on: '' }).then((first) => first), 201)['taken_on'],
        other.statusCode,
      ]
    }
    assert.deepEqual(await day('london', 'Europe/London'), ['2026-03-04', 422])
    assert.deepEqual(await day('nobody'), ['2026-03-04', 422])
    assert.deepEqual(await day('la', 'America/Los_Angeles'), ['2026-03-04', 422])
    // In Warsaw it is the fifth already, so that is today's, and taken by the first of the two.
    const warsaw = await tookapic.person('warsaw', { timeZone: 'Europe/Warsaw' })
    assert.equal(dataOf(await post(warsaw), 201)['taken_on'], '2026-03-05')
    assert.deepEqual(errorsOf(await post(warsaw, { taken_on: '2026-03-05' })), TAKEN)
    const kiritimati = await tookapic.person('kiritimati', { timeZone: 'Pacific/Kiritimati' })
    assert.deepEqual(errorsOf(await post(kiritimati, { taken_on: '2026-03-06' })), TO_COME)
  })

  test('nights of 23 and 25 hours have one midnight', async () => {
    // Warsaw: clocks go forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00.
    for (const [evening, night, next] of [
      ['2026-03-28T22:59:59Z', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
      ['2026-10-24T21:59:59Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ] as const) {
      await using tookapic = await startTookapic({ at: evening })
      const ada = await tookapic.person('ada', { timeZone: 'Europe/Warsaw' })
      const days: unknown[] = [dataOf(await post(ada), 201)['taken_on']]
      for (const now of [night, next]) {
        tookapic.clock.set(now)
        days.push(dataOf(await post(ada), 201)['taken_on'])
        tookapic.clock.advance(-1)
        assert.deepEqual(errorsOf(await post(ada)), TAKEN)
        tookapic.clock.advance(1)
      }
      await tookapic.vitrine.runJobs()
      const first = Number(String(days[0]).slice(-2))
      assert.deepEqual(
        days.map((day) => Number(String(day).slice(-2)) - first),
        [0, 1, 2],
      )
      assert.equal((await count(tookapic))[0], 3)
    }
  })

  test('a day is in time until the midnight of its second day after, where they are', async () => {
    await using tookapic = await startTookapic({ at: '2026-03-20T12:00:00Z' })
    const ada = await tookapic.person('ada', { timeZone: 'America/New_York' })
    const taken = (takenOn: string, at: string) => tookapic.photo(ada, { takenOn, createdAt: new Date(at) })
    // New York is four hours behind UTC in March.
    await taken('2026-03-15', '2026-03-18T03:59:59Z')
    await taken('2026-03-16', '2026-03-19T04:00:00Z')
    await taken('2026-03-17', '2026-03-20T03:59:59Z')
    assert.deepEqual(await count(tookapic), [1, 1, 0, '2026-03-15'])
  })

  test('who says for the first time where they are was there all along', async () => {
    await using tookapic = await startTookapic({ at: '2026-03-10T12:00:00Z' })
    const ada = await tookapic.person('ada')
    // The eighth in New York, the ninth in UTC
    await tookapic.photo(ada, { takenOn: '2026-03-06', createdAt: new Date('2026-03-09T03:30:00Z') })
    assert.deepEqual(await count(tookapic), [0, 0, 1, '2026-03-06'])
    await ada.send('PUT', '/user', { time_zone: 'America/New_York' })
    assert.deepEqual(await count(tookapic), [0, 1, 1, '2026-03-06'])
  })

  test('who moves keeps the streak: what came in is judged by the midnight of its time', async () => {
    await using tookapic = await startTookapic({ at: '2026-03-10T02:00:00Z' })
    // In Honolulu it is the evening of the ninth: the last hours for the photo of the seventh.
    const ada = await tookapic.person('ada', { timeZone: 'Pacific/Honolulu' })
    for (const takenOn of ['2026-03-07', '2026-03-08', '2026-03-09']) await tookapic.photo(ada, { takenOn })
    assert.deepEqual(await count(tookapic), [3, 3, 0, '2026-03-07'])
    tookapic.clock.advance(1)
    // In Auckland that moment was the tenth, when it would have been late.
    assert.equal((await ada.send('PUT', '/user', { time_zone: 'Pacific/Auckland' })).statusCode, 200)
    assert.deepEqual(await count(tookapic), [3, 3, 0, '2026-03-07'])
    assert.equal(dataOf(await post(ada), 201)['taken_on'], '2026-03-10')
    await tookapic.vitrine.runJobs()
    assert.deepEqual(await count(tookapic), [4, 4, 0, '2026-03-07'])

    tookapic.clock.advance(1)
    // Back west it is the ninth again: the tenth has been lived, and still counts.
    await ada.send('PUT', '/user', { time_zone: 'Pacific/Honolulu' })
    assert.deepEqual(await count(tookapic), [4, 4, 0, '2026-03-07'])
    const [latest] = (await ada.get('/photos')).json<{ data: { number: number }[] }>().data
    assert.equal(latest?.number, 4)
    assert.deepEqual(errorsOf(await post(ada, { taken_on: '2026-03-09' })), TAKEN)
    assert.deepEqual(errorsOf(await post(ada, { taken_on: '2026-03-11' })), TO_COME)
    const zones = await tookapic.vitrine.ctx.db.selectFrom('past_time_zone').select('time_zone').execute()
    assert.deepEqual(zones.map(({ time_zone }) => time_zone).toSorted(), [
      'Pacific/Auckland',
      'Pacific/Honolulu',
    ])
  })
})
