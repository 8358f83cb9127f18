import { samplePicture } from '../../helpers/pictures.ts'
import { dataOf, type Photographer, type Tookapic } from '../../helpers/start-tookapic.ts'
import { multipart, type Answer } from '../../helpers/vitrine.ts'

/** What 422 says of a day. */
export const TAKEN = { taken_on: ['The taken_on already has a picture.'] }
export const TO_COME = { taken_on: ['The taken_on has not come yet.'] }
export const NO_DAY = { taken_on: ['The taken_on must be a day such as 2026-03-04.'] }

/** Uploads a photo, of today unless the fields say another day. */
export async function post(who: Photographer, fields: Record<string, unknown> = {}): Promise<Answer> {
  const image = await samplePicture({ width: 8, height: 8 })
  return who.send('POST', '/photos', undefined, multipart(fields, { image }))
}

/** Streak, longest streak, missed days and first day of somebody. */
export async function count(tookapic: Tookapic, login = 'ada'): Promise<unknown[]> {
  const user = dataOf(await tookapic.anonymous.get(`/users/${login}`))
  return ['streak', 'longest_streak', 'missed_days', 'started_on'].map((name) => user[name])
}
