import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { dayIn, dayNumber, dayText, isCalendarDay, timeZoneNamed, utcDayNumber } from './calendar.ts'
import type { Problem } from './errors.ts'
import type { AccountRow, ItemRow } from './rows.ts'
import {
  daysWithPictures,
  firstDaysWithPictures,
  hasPictureOf,
  insertPastZone,
  pastZones,
  pictureCounts,
} from './store/days.ts'

/** For so many days after it a day can still get its picture in time. */
export const GRACE_DAYS = 2

/** Where an account is that has not said where. */
const USUAL_ZONE = 'UTC'

/** A day that has a picture, and the day on which the first one of it came in; numbers of `calendar.ts`. */
export interface DayUpload {
  day: number
  uploadedOn: number
}

export interface DayCount {
  /** Days in a row up to now. */
  streak: number
  longestStreak: number
  /** Days since the first one that have no picture and will have none in time. */
  missedDays: number
}

export interface Days extends DayCount {
  /** `YYYY-MM-DD`, or null when there is no picture of a day. */
  startedOn: string | null
  /** Pictures of any day, and those of none. */
  pictures: number
}

type Zoned = Pick<AccountRow, 'id' | 'time_zone'>

/**
 * Counts a picture a day.
 *
 * A day is *in time* when its picture came in on the day itself or in the two days after; it is *late* when it came in
 * after that, and *missed* when there is none and its time is over. In the two days in between, an empty day is
 * neither. A streak is a run of days in time; a late or a missed day ends it, an empty one that can still be filled
 * does not. A late picture makes its day missed no longer.
 *
 * @param uploads In any order, a day at most once.
 * @param today Later days are passed over, unless they had come where the owner was when the picture came in.
 */
export function countDays(uploads: readonly DayUpload[], today: number): DayCount {
  const days = uploads
    .filter((upload) => hasCome(upload, today))
    .toSorted((one, other) => one.day - other.day)
  const lastOver = today - GRACE_DAYS - 1
  let [streak, longestStreak, missedDays] = [0, 0, 0]
  let before: number | null = null
  const passOver = (next: number) => {
    const missed = before === null ? 0 : Math.max(0, Math.min(next - 1, lastOver) - before)
    missedDays += missed
    if (missed > 0) streak = 0
  }
  for (const { day, uploadedOn } of days) {
    passOver(day)
    streak = uploadedOn <= day + GRACE_DAYS ? streak + 1 : 0
    longestStreak = Math.max(longestStreak, streak)
    before = day
  }
  passOver(Number.POSITIVE_INFINITY)
  return { streak, longestStreak, missedDays }
}

/** The day it is for an account, `YYYY-MM-DD`. */
export const todayOf = ({ time_zone: zone }: Pick<AccountRow, 'time_zone'>, now: Date) =>
  dayIn(zone ?? USUAL_ZONE, now)

/** The days of many accounts with a constant number of queries; every account has an entry. */
export async function daysOf(
  ctx: Pick<Context, 'db' | 'clock'>,
  accounts: readonly Zoned[],
): Promise<Map<number, Days>> {
  const ids = [...new Set(accounts.map(({ id }) => id))]
  const stored = await daysWithPictures(ctx.db, ids)
  const counts = await pictureCounts(ctx.db, ids)
  const clockOf = await accountClocks(ctx, accounts)
  return new Map(
    accounts.map(({ id }) => {
      const { today, dayAt } = clockOf(id)
      const uploads = (stored.get(id) ?? []).map(({ day, first_ms: ms }) => ({
        day: dayNumber(day),
        uploadedOn: dayAt(ms, dayNumber(day)),
      }))
      const counted = uploads.filter((upload) => hasCome(upload, today))
      const first = counted.reduce((least, { day }) => Math.min(least, day), Number.POSITIVE_INFINITY)
      const startedOn = Number.isFinite(first) ? dayText(first) : null
      return [id, { ...countDays(counted, today), startedOn, pictures: counts.get(id) ?? 0 }]
    }),
  )
}

/** Says which day of its owner's an item's day is, 1 for the first one; null for an item of no day, or of one to come. */
export async function dayCounter(
  ctx: Pick<Context, 'db' | 'clock'>,
  owners: readonly Zoned[],
): Promise<(item: Pick<ItemRow, 'owner_id' | 'taken_on' | 'created_ms'>) => number | null> {
  const ids = owners.map(({ id }) => id)
  const firstDays = await firstDaysWithPictures(ctx.db, ids)
  const clockOf = await accountClocks(ctx, owners)
  return ({ owner_id, taken_on, created_ms: ms }) => {
    const first = firstDays.get(owner_id)
    if (taken_on === null || first === undefined) return null
    const day = dayNumber(taken_on)
    const { today, dayAt } = clockOf(owner_id)
    const since = day - dayNumber(first)
    return since >= 0 && hasCome({ day, uploadedOn: dayAt(ms, day) }, today) ? since + 1 : null
  }
}

const hasCome = ({ day, uploadedOn }: DayUpload, today: number) => day <= today || day <= uploadedOn

interface AccountClock {
  today: number
  /** The day a moment fell on where the account was then; exact only where that decides anything about `day`. */
  dayAt: (ms: number, day: number) => number
}

/** The days of accounts, now and in the zones they were in before. */
async function accountClocks(
  ctx: Pick<Context, 'db' | 'clock'>,
  accounts: readonly Zoned[],
): Promise<(id: number) => AccountClock> {
  const ids = accounts.map(({ id }) => id)
  const past = await pastZones(ctx.db, ids)
  const now = ctx.clock()
  const current = new Map(accounts.map(({ id, time_zone }) => [id, time_zone]))
  return (id) => {
    const zone = current.get(id) ?? USUAL_ZONE
    const zoneAt = (ms: number) => past.get(id)?.find(({ until_ms }) => ms < until_ms)?.time_zone ?? zone
    const today = dayNumber(dayIn(zone, now))
    return {
      today,
      // Most pictures come in well in time, and asking a zone for a day is slow.
      dayAt(ms, day) {
        const near = utcDayNumber(ms)
        const isInTime = near + 1 <= day + GRACE_DAYS
        const isLate = near - 1 > day + GRACE_DAYS
        const isClear = day <= today && (isInTime || isLate)
        return isClear ? near : dayNumber(dayIn(zoneAt(ms), new Date(ms)))
      },
    }
  }
}

/**
 * What is wrong with giving a day to an owner's picture as the one of that day. Asked in the transaction that gives
 * it, with the owner's row locked, so that of two pictures at once only one gets the day. What is no day at all is
 * for `itemFieldProblems` to say.
 */
export async function dayProblems(
  db: Db,
  owner: Zoned,
  { takenOn, exceptItem = null }: { takenOn: string; exceptItem?: number | null },
  now: Date,
): Promise<Problem[]> {
  if (!isCalendarDay(takenOn)) return []
  if (takenOn > todayOf(owner, now)) return [{ field: 'taken_on', problem: 'has not come yet' }]
  const isTaken = await hasPictureOf(db, owner.id, takenOn, exceptItem)
  return isTaken ? [{ field: 'taken_on', problem: 'already has a picture' }] : []
}

/** What is wrong with the name of a zone, if anything. */
export function timeZoneProblems(timeZone: string | undefined): Problem[] {
  if (timeZone === undefined || timeZoneNamed(timeZone) !== null) return []
  return [{ field: 'time_zone', problem: 'is not a time zone such as Europe/Warsaw' }]
}

/**
 * Where an account's midnight is from now on, as a value for its row, which is locked. What came in before is still
 * judged by the midnight of its time, so that who travels does not break a streak behind their back; only who says it
 * for the first time was there all along.
 */
export async function moveZone(db: Db, account: Zoned, timeZone: string, now: Date): Promise<string | null> {
  const before = account.time_zone
  const name = timeZoneNamed(timeZone) ?? before
  if (before !== null && name !== before)
    await insertPastZone(db, { account_id: account.id, until_ms: now.getTime(), time_zone: before })
  return name
}
