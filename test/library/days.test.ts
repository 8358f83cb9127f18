import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { countDays, GRACE_DAYS, type DayCount, type DayUpload } from '../../src/library/days.ts'

/** The same said slowly: every day from the first to the last, one by one, for what it is. */
function countSlowly(uploads: readonly DayUpload[], today: number): DayCount {
  const known = uploads.filter(({ day, uploadedOn }) => !(day > today && day > uploadedOn))
  if (known.length === 0) return { streak: 0, longestStreak: 0, missedDays: 0 }
  const first = Math.min(...known.map(({ day }) => day))
  const last = Math.max(today, ...known.map(({ day }) => day))
  const kinds: string[] = []
  for (let day = first; day <= last; day += 1) {
    const upload = known.find((one) => one.day === day)
    if (upload) kinds.push(upload.uploadedOn - day > 2 ? 'late' : 'in time')
    else kinds.push(today - day > 2 ? 'missed' : 'open')
  }
  // Open days are neither here nor there: without them a streak is what stands together.
  const runs = kinds
    .filter((kind) => kind !== 'open')
    .map((kind) => (kind === 'in time' ? 'x' : ' '))
    .join('')
    .split(' ')
    .map(({ length }) => length)
  return {
    streak: runs.at(-1) ?? 0,
    longestStreak: Math.max(...runs),
    missedDays: kinds.filter((kind) => kind === 'missed').length,
  }
}

const today = 20_000

/** Days around today, some ahead of it, each with an upload before, on or after it. */
const days = fc.uniqueArray(
  fc.record({
    day: fc.integer({ min: today - 30, max: today + 3 }),
    uploadedOn: fc.integer({ min: today - 32, max: today + 1 }),
  }),
  { selector: ({ day }) => day, maxLength: 34 },
)

/** Most days of a month filled, most of them in time, which is where runs get long. */
const diligent = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), { maxLength: 40 })
  .map((month) =>
    month.flatMap(([skip, late], at) => {
      const day = today - month.length + 1 + at
      return skip === 0 ? [] : [{ day, uploadedOn: Math.min(today, day + (late > 6 ? late - 5 : 0)) }]
    }),
  )

for (const [name, uploads] of Object.entries({ 'any days': days, 'diligent months': diligent }))
  test(`streak, longest streak and missed days are what a slow count says: ${name}`, () => {
    fc.assert(
      fc.property(uploads, (some) => assert.deepEqual(countDays(some, today), countSlowly(some, today))),
      { numRuns: 2000 },
    )
  })

test('the order of the uploads does not matter', () => {
  fc.assert(
    fc.property(days, (some) =>
      assert.deepEqual(countDays(some.toReversed(), today), countDays(some, today)),
    ),
  )
})

test('filling every gap leaves nothing missed, whenever it is done', () => {
  fc.assert(
    fc.property(days, (some) => {
      const first = Math.min(...some.map(({ day }) => day), today)
      const has = new Set(some.map(({ day }) => day))
      const filled = Array.from({ length: today - first + 1 }, (_, at) => first + at)
        .filter((day) => !has.has(day))
        .map((day) => ({ day, uploadedOn: today }))
      assert.equal(countDays([...some, ...filled], today).missedDays, 0)
    }),
  )
})

const upload = (day: number, after = 0): DayUpload => ({ day: today + day, uploadedOn: today + day + after })

test('the rules one by one', () => {
  const table: [string, DayUpload[], [streak: number, longest: number, missed: number]][] = [
    ['nothing', [], [0, 0, 0]],
    ['today', [upload(0)], [1, 1, 0]],
    ['two open days after yesterday’s yesterday’s', [upload(-3)], [1, 1, 0]],
    ['the third day after is over', [upload(-4)], [0, 1, 1]],
    ['in time on the second day after', [upload(-4, GRACE_DAYS), upload(-3), upload(-2)], [3, 3, 0]],
    ['late on the third', [upload(-4, GRACE_DAYS + 1), upload(-3), upload(-2)], [2, 2, 0]],
    ['a late day ends a streak', [upload(-2), upload(-1), upload(-5), upload(-4), upload(-3, 3)], [2, 2, 0]],
    ['a missed day ends a streak', [upload(-5), upload(-4), upload(-2), upload(-1), upload(0)], [3, 3, 1]],
    ['an open day does not', [upload(-3), upload(-2), upload(0)], [3, 3, 0]],
    ['before it came', [upload(0, -5)], [1, 1, 0]],
    ['not come yet', [upload(1, -5), upload(0)], [1, 1, 0]],
    ['come where it was uploaded', [upload(1, 0), upload(0)], [2, 2, 0]],
    ['far apart', [upload(-700_000), upload(0)], [1, 1, 699_997]],
  ]
  for (const [name, uploads, [streak, longestStreak, missedDays]] of table)
    assert.deepEqual(countDays(uploads, today), { streak, longestStreak, missedDays }, name)
})
