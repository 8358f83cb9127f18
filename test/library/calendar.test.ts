import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  dayIn,
  dayNumber,
  dayText,
  isCalendarDay,
  timeZoneNamed,
  utcDayNumber,
} from '../../src/library/calendar.ts'

test('calendar days exist', () => {
  for (const day of ['1970-01-01', '2024-02-29', '2000-02-29', '0000-01-01', '9999-12-31'])
    assert.ok(isCalendarDay(day), day)
  for (const day of [
    '2023-02-29',
    '1900-02-29',
    '2026-02-30',
    '2026-04-31',
    '2026-13-01',
    '2026-00-01',
    '2026-1-1',
    '2026-01-01 ',
    '',
    '12026-01-01',
    '-001-01-01',
  ])
    assert.ok(!isCalendarDay(day), day)
})

test('days and their numbers are the same thing', () => {
  assert.equal(dayNumber('1970-01-01'), 0)
  assert.equal(dayNumber('2024-03-01') - dayNumber('2024-02-28'), 2)
  assert.equal(dayNumber('1900-03-01') - dayNumber('1900-02-28'), 1)
  fc.assert(
    fc.property(fc.integer({ min: dayNumber('0000-01-01'), max: dayNumber('9999-12-31') }), (number) => {
      const day = dayText(number)
      assert.ok(isCalendarDay(day))
      assert.equal(dayNumber(day), number)
    }),
  )
})

test('the day where somebody is', () => {
  const table: [zone: string, at: string, day: string][] = [
    ['UTC', '2026-03-04T23:59:59.999Z', '2026-03-04'],
    ['Europe/Warsaw', '2026-03-04T23:00:00Z', '2026-03-05'],
    ['America/New_York', '2026-03-05T04:59:59Z', '2026-03-04'],
    ['Pacific/Kiritimati', '2026-03-04T10:00:00Z', '2026-03-05'],
    ['Pacific/Pago_Pago', '2026-03-04T10:59:59Z', '2026-03-03'],
    ['Asia/Kathmandu', '2026-03-04T18:15:00Z', '2026-03-05'],
    // Nights of 23 and of 25 hours
    ['Europe/Warsaw', '2026-03-29T21:59:59Z', '2026-03-29'],
    ['Europe/Warsaw', '2026-03-29T22:00:00Z', '2026-03-30'],
    ['Europe/Warsaw', '2026-10-25T22:59:59Z', '2026-10-25'],
    ['Europe/Warsaw', '2026-10-25T23:00:00Z', '2026-10-26'],
    // A midnight that is skipped: Beirut goes from 23:59:59 to 01:00.
    ['Asia/Beirut', '2025-03-29T21:59:59Z', '2025-03-29'],
    ['Asia/Beirut', '2025-03-29T22:00:00Z', '2025-03-30'],
    // A day that was skipped: Samoa had no 30th of December in 2011.
    ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31'],
    ['No/Such_Zone', '2026-03-04T23:59:59Z', '2026-03-04'],
  ]
  for (const [zone, at, day] of table) assert.equal(dayIn(zone, new Date(at)), day, `${zone} ${at}`)
})

// What lets `days.ts` leave most zones unasked.
test('the day anywhere is the one in UTC, the one before or the one after', () => {
  const zones = Intl.supportedValuesOf('timeZone')
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 4_000_000_000_000 }), (zone, ms) => {
      const difference = dayNumber(dayIn(zone, new Date(ms))) - utcDayNumber(ms)
      assert.ok(Math.abs(difference) <= 1)
    }),
    { numRuns: 500 },
  )
})

test('names of zones', () => {
  assert.equal(timeZoneNamed('europe/warsaw'), 'Europe/Warsaw')
  assert.equal(timeZoneNamed('UTC'), 'UTC')
  for (const name of [
    '',
    'Europe/Atlantis',
    '+05:30',
    '../../etc',
    'Europe/Warsaw\u0000',
    ' UTC',
    'x'.repeat(65),
  ])
    assert.equal(timeZoneNamed(name), null, name)
})
