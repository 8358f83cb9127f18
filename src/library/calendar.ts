const DAY_MS = 86_400_000
const LONGEST_ZONE = 64

/** A calendar day that exists: `2024-02-29`, not `2023-02-29`. */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** A calendar day as a number that is one more for the day after; 0 for 1970-01-01. */
export const dayNumber = (day: string) => Date.parse(`${day}T00:00:00Z`) / DAY_MS

/** The day of such a number. */
export const dayText = (number: number) => new Date(number * DAY_MS).toISOString().slice(0, 10)

/** The day in UTC. What day it is in any zone is this one, the one before or the one after. */
export const utcDayNumber = (ms: number) => Math.floor(ms / DAY_MS)

/** The calendar day, `YYYY-MM-DD`, on which a moment falls in a time zone. */
export function dayIn(timeZone: string, at: Date): string {
  const found = { year: '', month: '', day: '' }
  for (const { type, value } of calendarOf(timeZone).formatToParts(at))
    if (type === 'year' || type === 'month' || type === 'day') found[type] = value
  return `${found.year.padStart(4, '0')}-${found.month}-${found.day}`
}

/** The zone's IANA name as it is usually written, or null when there is no such zone: `europe/warsaw` is `Europe/Warsaw`. */
export function timeZoneNamed(name: string): string | null {
  if (name.length > LONGEST_ZONE || !/^[a-z][\w+/-]*$/i.test(name)) return null
  return newCalendar(name)?.resolvedOptions().timeZone ?? null
}

/** One per zone that was asked for; a new one costs a hundred times what it takes to use it. */
const calendars = new Map<string, Intl.DateTimeFormat>()

/** A zone that was stored under another version of the zone data, and that this one does not know, counts as UTC. */
function calendarOf(timeZone: string): Intl.DateTimeFormat {
  const known = calendars.get(timeZone)
  if (known) return known
  const made = newCalendar(timeZone) ?? calendarOf('UTC')
  calendars.set(timeZone, made)
  return made
}

function newCalendar(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
