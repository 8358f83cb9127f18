import { storedParts } from '../../../faces/stored-json.ts'
import { timestamp } from '../../../faces/timestamps.ts'
import type { Days } from '../../../library/days.ts'
import type { AccountRow } from '../../../library/rows.ts'
import { avatarAddress, userPage } from '../addresses.ts'

export interface Places {
  base: string
  pages: string
}

/** The user object. The page shows none: its fields are our reading, named as the photo's known ones are. */
export function presentUser(account: AccountRow, days: Days, { base, pages }: Places) {
  return {
    id: account.id,
    username: account.login,
    name: account.name,
    url: userPage(pages, account),
    bio: account.bio,
    website: linksOf(account)['web'] ?? null,
    location: account.location,
    image_avatar: avatarAddress(base, account),
    // The library has no pictures behind profiles.
    image_cover: null,
    count_photos: days.pictures,
    count_followers: account.followers_count,
    count_following: account.followings_count,
    streak: days.streak,
    longest_streak: days.longestStreak,
    missed_days: days.missedDays,
    started_on: days.startedOn,
    created_at: timestamp(account.created_ms),
  }
}

/** One's own: where one's midnight is, is nobody else's business. */
export const presentSelf = (account: AccountRow, days: Days, places: Places) => ({
  ...presentUser(account, days, places),
  time_zone: account.time_zone,
})

/** An account's links by name. */
export function linksOf({ links }: Pick<AccountRow, 'links'>): Record<string, string> {
  const named = Object.entries(storedParts(links))
  return Object.fromEntries(named.flatMap(([name, url]) => (typeof url === 'string' ? [[name, url]] : [])))
}
