import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dataOf, startTookapic } from '../../helpers/start-tookapic.ts'
import { count } from './days.ts'

// A photo a day: what the service's help pages say of days, streaks and missed days.

describe('streak and missed days', () => {
  test('"reset when nothing was uploaded for two days after the day taken"', async () => {
    await using tookapic = await startTookapic({ at: '2026-03-01T12:00:00Z' })
    const ada = await tookapic.person('ada')
    for (const takenOn of ['2026-02-27', '2026-02-28', '2026-03-01']) await tookapic.photo(ada, { takenOn })
    assert.deepEqual(await count(tookapic), [3, 3, 0, '2026-02-27'])
    // The second of March may still get its photo on the fourth.
    for (const now of ['2026-03-02T12:00:00Z', '2026-03-03T12:00:00Z', '2026-03-04T23:59:59Z']) {
      tookapic.clock.set(now)
      assert.deepEqual(await count(tookapic), [3, 3, 0, '2026-02-27'], now)
    }
    tookapic.clock.set('2026-03-05T00:00:00Z')
    assert.deepEqual(await count(tookapic), [0, 3, 1, '2026-02-27'])
    // "Missed days: grows by day"
    tookapic.clock.set('2026-03-08T00:00:00Z')
    assert.deepEqual(await count(tookapic), [0, 3, 4, '2026-02-27'])
  })

  test('"a late upload does not count as missed but breaks the streak", missed days go "back to 0 when the gaps are filled later"', async () => {
    await using tookapic = await startTookapic({ at: '2026-03-10T12:00:00Z' })
    const ada = await tookapic.person('ada')
    const taken = (day: string, uploadedOn: string) =>
      tookapic.photo(ada, {
        takenOn: `2026-03-${day}`,
        createdAt: new Date(`2026-03-${uploadedOn}T12:00:00Z`),
      })
    for (const day of ['01', '02', '03', '06', '07', '08', '09', '10']) await taken(day, day)
    assert.deepEqual(await count(tookapic), [5, 5, 2, '2026-03-01'])
    await taken('04', '10')
    assert.deepEqual(await count(tookapic), [5, 5, 1, '2026-03-01'])
    await taken('05', '10')
    assert.deepEqual(await count(tookapic), [5, 5, 0, '2026-03-01'])
    // On the second day after it, it would have been in time.
    await tookapic.vitrine.ctx.db
      .updateTable('item')
      .set({ created_ms: Date.parse('2026-03-07T23:59:59Z') })
      .where('taken_on', '=', '2026-03-05')
      .execute()
    await tookapic.vitrine.ctx.db
      .updateTable('item')
      .set({ created_ms: Date.parse('2026-03-06T12:00:00Z') })
      .where('taken_on', '=', '2026-03-04')
      .execute()
    tookapic.clock.advance(60)
    assert.deepEqual(await count(tookapic), [10, 10, 0, '2026-03-01'])
  })

  test('days are numbered from the first one, gaps counted', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const numbers: unknown[] = []
    for (const takenOn of ['2026-03-01', '2026-03-02', '2026-03-04', null]) {
      const id = await tookapic.photo(ada, { takenOn })
      numbers.push(dataOf(await ada.get(`/photos/${id}`))['number'])
    }
    assert.deepEqual(numbers, [1, 2, 4, null])
    // A camera whose clock is ahead: that day is none yet.
    const ahead = await tookapic.photo(ada, { takenOn: '2030-01-01' })
    assert.equal(dataOf(await ada.get(`/photos/${ahead}`))['number'], null)
    assert.deepEqual(await count(tookapic), [2, 2, 0, '2026-03-01'])
  })

  test('a deleted photo leaves its day empty', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const ids: number[] = []
    for (let day = 20; day <= 28; day += 1) {
      const createdAt = new Date(`2026-02-${day}T12:00:00Z`)
      ids.push(await tookapic.photo(ada, { takenOn: `2026-02-${day}`, createdAt }))
    }
    assert.deepEqual(await count(tookapic), [0, 9, 1, '2026-02-20'])
    await ada.send('DELETE', `/photos/${ids[4]}`)
    assert.deepEqual(await count(tookapic), [0, 4, 2, '2026-02-20'])
  })
})
