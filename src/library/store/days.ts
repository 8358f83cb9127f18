import type { Db } from '../../database/open.ts'
import { listed } from '../access.ts'
import { grouped } from './grouped.ts'

/** A day that has a picture, and when the first picture of it came in. */
export interface StoredDay {
  owner_id: number
  /** `YYYY-MM-DD` */
  day: string
  first_ms: number
}

/** A zone that an account was in until a moment. */
interface PastZone {
  account_id: number
  until_ms: number
  time_zone: string
}

const pictures = (db: Db, ownerIds: readonly number[]) =>
  db.selectFrom('item').where('owner_id', 'in', ownerIds).where('kind', '=', 'image').where(listed())

/** The days of these owners' pictures, as far as a stranger may see them, keyed by owner. */
export async function daysWithPictures(
  db: Db,
  ownerIds: readonly number[],
): Promise<Map<number, StoredDay[]>> {
  if (ownerIds.length === 0) return new Map()
  const rows = await pictures(db, ownerIds)
    .select((eb) => [
      'owner_id',
      eb.ref('taken_on').$notNull().as('day'),
      eb.fn.min<number>('created_ms').as('first_ms'),
    ])
    .where('taken_on', 'is not', null)
    .groupBy(['owner_id', 'taken_on'])
    .execute()
  return grouped(rows, ({ owner_id }) => owner_id)
}

/** The earliest of those days, keyed by owner. */
export async function firstDaysWithPictures(
  db: Db,
  ownerIds: readonly number[],
): Promise<Map<number, string>> {
  if (ownerIds.length === 0) return new Map()
  const rows = await pictures(db, ownerIds)
    .select((eb) => ['owner_id', eb.fn.min('taken_on').$notNull().as('day')])
    .where('taken_on', 'is not', null)
    .groupBy('owner_id')
    .execute()
  return new Map(rows.map(({ owner_id, day }) => [owner_id, day]))
}

/** How many pictures of these owners a stranger may see, keyed by owner. */
export async function pictureCounts(db: Db, ownerIds: readonly number[]): Promise<Map<number, number>> {
  if (ownerIds.length === 0) return new Map()
  const rows = await pictures(db, ownerIds)
    .select((eb) => ['owner_id', eb.fn.countAll<number>().as('n')])
    .groupBy('owner_id')
    .execute()
  return new Map(rows.map(({ owner_id, n }) => [owner_id, n]))
}

/** Whether an owner has another picture of a day that everybody sees, or will once it is made ready or its time comes. */
export async function hasPictureOf(
  db: Db,
  ownerId: number,
  day: string,
  exceptItem: number | null,
): Promise<boolean> {
  const found = await db
    .selectFrom('item')
    .select('id')
    .where('owner_id', '=', ownerId)
    .where('taken_on', '=', day)
    .where('kind', '=', 'image')
    .where('state', 'in', ['processing', 'ready'])
    .where('visibility', '=', 'public')
    .where('low_profile', '=', 0)
    .where('id', '<>', exceptItem ?? 0)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** The zones these accounts were in before, the earliest first, keyed by account. */
export async function pastZones(db: Db, accountIds: readonly number[]): Promise<Map<number, PastZone[]>> {
  if (accountIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('past_time_zone')
    .selectAll()
    .where('account_id', 'in', accountIds)
    .orderBy('until_ms')
    .execute()
  return grouped(rows, ({ account_id }) => account_id)
}

/** A zone that was left in the same millisecond as another was never lived in. */
export async function insertPastZone(db: Db, row: PastZone): Promise<void> {
  await db
    .insertInto('past_time_zone')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
