import type { Comparison } from './tree.ts'

/** A stretch of time, `from <= t < to`, in milliseconds since 1970 UTC. */
export interface Period {
  from: number
  to: number
}

/** The years that can be written; everything outside is cut to them. */
const EARLIEST = Date.parse('0000-01-01T00:00:00.000Z')
const LATEST = Date.parse('9999-12-31T23:59:59.999Z') + 1

const BETWEEN = '..'

/**
 * Reads the date of a search.
 *
 * - `2015-04-01 01:00:50`, or any beginning of it from the year on, is that whole year … second, in the zone that
 *   follows (`Z`, `+08:00`) or else UTC. A year may have a zone too: `2015-05:00`.
 * - `3 days ago` is the day that ended exactly three days ago. Months and years are those of the calendar.
 * - Ours: fractions of a second, so that every time an answer shows can be searched for, and `2015..2016` for
 *   everything from the start of the one to the end of the other, so that every period can be printed.
 *
 * @returns `null` if it is no date, or one that no calendar has (`2015-02-30`).
 */
export function readDate(text: string, now: Date): Period | null {
  const middle = text.indexOf(BETWEEN)
  if (middle === -1) return readAbsolute(text) ?? readRelative(text, now)

  const first = readAbsolute(text.slice(0, middle).trim())
  const last = readAbsolute(text.slice(middle + BETWEEN.length).trim())
  if (!first || !last || first.from >= last.to) return null
  return { from: first.from, to: last.to }
}

/** What a comparison with a period leaves open and what it bounds: the whole period is on one side of `<` and `>`. */
export function compareWith(
  is: Comparison,
  { from, to }: Period,
): { from: number | null; to: number | null } {
  switch (is) {
    case '=':
      return { from, to }
    case '>=':
      return { from, to: null }
    case '>':
      return { from: to, to: null }
    case '<':
      return { from: null, to: from }
    case '<=':
      return { from: null, to }
  }
}

/** The shortest of the two forms that {@link readDate} turns back into exactly this period. */
export function printPeriod({ from, to }: Period): string {
  const first = new Date(from).toISOString()
  const last = new Date(to - 1).toISOString()
  return first === last ? first : `${first}${BETWEEN}${last}`
}

/** A moment such that a period could start there, or end just before. */
export function printMoment(at: number): { start: string } | { end: string } {
  return at < LATEST ? { start: new Date(at).toISOString() } : { end: new Date(at - 1).toISOString() }
}

const ABSOLUTE =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{3}))?)?)?)?)?)?(Z|[+-]\d\d:\d\d)?$/i

function readAbsolute(text: string): Period | null {
  const [, year, month, day, hour, minute, second, fraction, zone] = ABSOLUTE.exec(text) ?? []
  const offset = readZone(zone)
  if (year === undefined || offset === null) return null
  if (!isPossible(year, month ?? '01', day ?? '01') || !isTime(hour, minute, second)) return null

  const date = `${year}-${month ?? '01'}-${day ?? '01'}`
  const time = `${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}.${fraction ?? '000'}`
  const from = Date.parse(`${date}T${time}Z`)
  return clamp({
    from: from - offset,
    to: endOf(from, { month, day, hour, minute, second, fraction }) - offset,
  })
}

/** The end of the smallest unit that was written. */
function endOf(from: number, written: Record<string, string | undefined>): number {
  if (written.fraction !== undefined) return from + 1
  if (written.second !== undefined) return from + 1000
  if (written.minute !== undefined) return from + 60_000
  if (written.hour !== undefined) return from + 3_600_000
  if (written.day !== undefined) return from + 86_400_000
  return addMonths(from, written.month === undefined ? 12 : 1)
}

function isPossible(year: string, month: string, day: string): boolean {
  const date = new Date(`${year}-${month}-01T00:00:00.000Z`)
  if (Number.isNaN(date.getTime())) return false
  const nextMonth = addMonths(date.getTime(), 1)
  return day !== '00' && Number(day) <= new Date(nextMonth - 1).getUTCDate()
}

function isTime(hour = '00', minute = '00', second = '00'): boolean {
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
}

/** Milliseconds to take off to get to UTC; `null` if there is no such zone. */
function readZone(zone = 'Z'): number | null {
  if (zone.toUpperCase() === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(4))
  if (hours > 23 || minutes > 59) return null
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

const RELATIVE = /^(\d{1,15})\s+(second|minute|hour|day|week|month|year)s?\s+ago$/i

const MILLISECONDS: Record<string, number> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
}

function readRelative(text: string, now: Date): Period | null {
  const [, amount, unit] = RELATIVE.exec(text) ?? []
  if (amount === undefined || unit === undefined) return null
  const to = goBack(now.getTime(), Number(amount), unit.toLowerCase())
  return clamp({ from: goBack(to, 1, unit.toLowerCase()), to })
}

function goBack(from: number, amount: number, unit: string): number {
  const milliseconds = MILLISECONDS[unit]
  if (milliseconds !== undefined) return Math.max(EARLIEST, from - amount * milliseconds)
  return addMonths(from, -amount * (unit === 'year' ? 12 : 1))
}

/** The same day and time of another month, or that month's last day if it is shorter. */
function addMonths(from: number, months: number): number {
  const date = new Date(from)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  if (Number.isNaN(date.getTime())) return EARLIEST

  const last = new Date(date)
  last.setUTCMonth(last.getUTCMonth() + 1)
  last.setUTCDate(0)
  date.setUTCDate(Math.min(day, last.getUTCDate()))
  return date.getTime()
}

function cut(time: number): number {
  return Math.min(LATEST, Math.max(EARLIEST, time))
}

function clamp({ from, to }: Period): Period {
  return { from: cut(from), to: cut(to) }
}
