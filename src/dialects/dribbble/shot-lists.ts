import type { ItemOrder, ItemQuery, Trait } from '../../library/items.ts'
import type { Call } from './call.ts'
import { SHOTS } from './routes/shots.ts'
import { Values, parseTimestamp } from '../../faces/values.ts'

/** The parameter `list`. The page names the lists without defining them; `playoffs` is our reading. */
const TRAITS: ReadonlyMap<string, Trait> = new Map([
  ['animated', 'animated'],
  ['attachments', 'attachments'],
  ['debuts', 'debut'],
  ['playoffs', 'rebounded'],
  ['rebounds', 'rebound'],
  ['teams', 'team'],
])

/** The parameter `sort`; popularity is what it is sorted by otherwise. */
const ORDERS: ReadonlyMap<string, ItemOrder> = new Map([
  ['comments', 'comments'],
  ['recent', 'newest'],
  ['views', 'views'],
])

interface Span {
  publishedFrom?: Date
  publishedBefore?: Date
}

/**
 * What "List shots" (API v1, Shots) is asked for. A value that is none of those named is as good as none; a date
 * that is no day is refused.
 *
 * @throws Refusal 422.
 */
export function readShotList(call: Call, now: Date): ItemQuery {
  const values = new Values(call.parameters)
  const trait = TRAITS.get(values.text('list') ?? '')
  const order = ORDERS.get(values.text('sort') ?? '') ?? 'popular'
  const timeframe = values.text('timeframe') ?? ''
  const day = readDay(values)
  values.finish()
  // The page: the timeframe is ignored when sorting by `recent`. The date alone still names a day.
  const span = spanOf(order === 'newest' ? '' : timeframe, day, now)
  return { ...SHOTS, ...(trait ? { trait } : {}), ...span, order }
}

function readDay(values: Values): Date | null {
  const text = values.text('date')?.trim() ?? ''
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? parseTimestamp(text) : null
  if (text !== '' && day === null) values.refuse('date', 'is not a date such as 2014-02-13')
  return day
}

/**
 * `date` limits the timeframe to one day, or to the week, month or year that holds it, in UTC, weeks from Monday on.
 * Without a date it is the time up to now; without either it is any time.
 */
function spanOf(timeframe: string, date: Date | null, now: Date): Span {
  const [year, month, day] = partsOf(date ?? now)
  const weekday = ((date ?? now).getUTCDay() + 6) % 7
  switch (timeframe) {
    case 'ever':
      return {}
    case 'week':
      return date ? between([year, month, day - weekday], [year, month, day - weekday + 7]) : since(now, 7)
    case 'month':
      return date ? between([year, month, 1], [year, month + 1, 1]) : since(now, 30)
    case 'year':
      return date ? between([year, 0, 1], [year + 1, 0, 1]) : since(now, 365)
    default:
      return date ? between([year, month, day], [year, month, day + 1]) : {}
  }
}

type Parts = [year: number, month: number, day: number]

const partsOf = (date: Date): Parts => [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]

function between(from: Parts, before: Parts): Span {
  return { publishedFrom: dayOf(from), publishedBefore: dayOf(before) }
}

/** Parts past the end of a month or year run over; the years 0 to 99 are those years. */
function dayOf([year, month, day]: Parts): Date {
  const date = new Date(0)
  date.setUTCFullYear(year, month, day)
  return date
}

const since = (now: Date, days: number): Span => ({
  publishedFrom: new Date(now.getTime() - days * 86_400_000),
})
