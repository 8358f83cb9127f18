import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dataOf, errorsOf, startTookapic } from '../../helpers/start-tookapic.ts'
import { count, NO_DAY, post, TAKEN, TO_COME } from './days.ts'

// A photo a day: what the service's help pages say of days, streaks and missed days.

describe('one photo a calendar day', () => {
  test('a second one for the same day is refused: 422 names taken_on', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const bob = await tookapic.person('bob')
    assert.equal(dataOf(await post(ada), 201)['taken_on'], '2026-03-04')
    // While the first one is made ready, and after.
    assert.deepEqual(errorsOf(await post(ada)), TAKEN)
    await tookapic.vitrine.runJobs()
    assert.deepEqual(errorsOf(await post(ada, { taken_on: '2026-03-04' })), TAKEN)
    assert.equal((await post(ada, { taken_on: '2026-03-03' })).statusCode, 201)
    assert.equal((await post(bob)).statusCode, 201)
  })

  test('of several at once one gets the day, the others are told', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => post(ada)))
    const made = answers.filter(({ statusCode }) => statusCode === 201)
    assert.equal(made.length, 1)
    for (const answer of answers) if (answer.statusCode !== 201) assert.deepEqual(errorsOf(answer), TAKEN)
  })

  test('the same when photos are moved to one day at once', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const ids: number[] = []
    for (const takenOn of ['2026-03-01', '2026-03-02', '2026-03-03'])
      ids.push(await tookapic.photo(ada, { takenOn }))
    for (let day = 10; day < 20; day += 1) {
      const move = { taken_on: `2026-02-${day}` }
      const answers = await Promise.all(ids.map((id) => ada.send('PUT', `/photos/${id}`, move)))
      assert.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 1)
      for (const answer of answers) if (answer.statusCode !== 200) assert.deepEqual(errorsOf(answer), TAKEN)
    }
  })

  test('a change may keep its own day and leave it, but not take another’s', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const first = await tookapic.photo(ada, { takenOn: '2026-03-03' })
    const second = await tookapic.photo(ada, { takenOn: '2026-03-04' })
    const put = (id: number, taken_on: unknown) =>
      ada.send('PUT', `/photos/${id}`, { taken_on, title: 'new' })
    assert.deepEqual(errorsOf(await put(second, '2026-03-03')), TAKEN)
    assert.equal(dataOf(await ada.get(`/photos/${second}`))['title'], 'Harbour')
    assert.equal((await put(second, '2026-03-04')).statusCode, 200)
    assert.equal(dataOf(await put(first, null))['taken_on'], null)
    assert.equal(dataOf(await put(second, '2026-03-03'))['taken_on'], '2026-03-03')
    assert.deepEqual(await count(tookapic), [1, 1, 0, '2026-03-03'])
  })

  test('a picture that came in through another face is the photo of its day; what others cannot see is none', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    const shot = await tookapic.photo(ada, { takenOn: '2026-03-04' })
    assert.deepEqual(errorsOf(await post(ada)), TAKEN)
    assert.deepEqual(await count(tookapic), [1, 1, 0, '2026-03-04'])
    assert.equal(dataOf(await ada.get(`/photos/${shot}`))['number'], 1)
    // Other faces know no such rule: two share the day then, and either may be changed.
    const twin = await tookapic.photo(ada, { takenOn: '2026-03-04' })
    const same = await ada.send('PUT', `/photos/${twin}`, { title: 'x', taken_on: '2026-03-04' })
    assert.deepEqual([dataOf(same)['number'], dataOf(same)['title']], [1, 'x'])
    assert.deepEqual(await count(tookapic), [1, 1, 0, '2026-03-04'])

    for (const other of [{ visibility: 'private' }, { lowProfile: true }, { kind: 'text' }] as const)
      await tookapic.photo(ada, { takenOn: '2026-03-03', ...other })
    assert.deepEqual(await count(tookapic), [1, 1, 0, '2026-03-04'])
    assert.equal((await post(ada, { taken_on: '2026-03-03' })).statusCode, 201)
  })
})

describe('which days there are', () => {
  test('a day to come is refused, a day long past is not', async () => {
    await using tookapic = await startTookapic()
    const ada = await tookapic.person('ada')
    for (const day of ['2026-03-05', '2027-01-01', '9999-12-31'])
      assert.deepEqual(errorsOf(await post(ada, { taken_on: day })), TO_COME)
    assert.equal((await post(ada, { taken_on: '1907-06-05' })).statusCode, 201)
    const id = await tookapic.photo(ada, { takenOn: '2026-03-04' })
    assert.deepEqual(errorsOf(await ada.send('PUT', `/photos/${id}`, { taken_on: '2026-03-05' })), TO_COME)
  })

  test('a date that is none is refused; leap days are days in their years', async () => {
    await using tookapic = await startTookapic({ at: '2028-03-01T12:00:00Z' })
    const ada = await tookapic.person('ada')
    const none = [
      '2026-02-29',
      '2027-02-29',
      '1900-02-29',
      '2026-02-30',
      '2026-04-31',
      '2026-13-01',
      '2026-00-10',
      '2026-01-00',
      '2026-1-1',
      '20260101',
      'today',
      '2026-01-01T00:00:00Z',
      '99999-01-01',
      '2026-01-01\u0000',
      "2026-01-01' or '1'='1",
    ]
    for (const day of none) assert.deepEqual(errorsOf(await post(ada, { taken_on: day })), NO_DAY, day)
    for (const day of ['2028-02-29', '2024-02-29', '2000-02-29'])
      assert.equal((await post(ada, { taken_on: day })).statusCode, 201)
    // Nothing said is today.
    for (const [taken_on, who] of [
      ['', 'bob'],
      [undefined, 'cleo'],
    ] as const) {
      const fields = taken_on === undefined ? {} : { taken_on }
      assert.equal(dataOf(await post(await tookapic.person(who), fields), 201)['taken_on'], '2028-03-01')
    }
  })

  test('a leap day is a day of the streak', async () => {
    await using tookapic = await startTookapic({ at: '2028-02-28T12:00:00Z' })
    const ada = await tookapic.person('ada')
    for (let day = 0; day < 3; day += 1) {
      assert.equal((await post(ada)).statusCode, 201)
      tookapic.clock.advance(86_400)
    }
    await tookapic.vitrine.runJobs()
    const { data } = (await ada.get('/photos?sort=oldest')).json<{
      data: { taken_on: string; number: number }[]
    }>()
    assert.deepEqual(
      data.map(({ taken_on, number }) => [taken_on, number]),
      [
        ['2028-02-28', 1],
        ['2028-02-29', 2],
        ['2028-03-01', 3],
      ],
    )
    assert.deepEqual(await count(tookapic), [3, 3, 0, '2028-02-28'])
  })
})
