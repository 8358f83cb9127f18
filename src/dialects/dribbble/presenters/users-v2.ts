import { storedParts } from '../../../faces/stored-json.ts'
import { timestamp } from '../../../faces/timestamps.ts'
import type { AccountRow } from '../../../library/rows.ts'
import { accountPage, avatarAddress } from '../addresses.ts'
import type { RenderText } from '../html.ts'

interface Showing {
  base: string
  html: RenderText
}

/** What every object for an account begins with, in both its v2 forms. */
function profile(account: AccountRow, { base, html }: Showing) {
  return {
    id: account.id,
    name: account.name,
    login: account.login,
    html_url: accountPage(base, account),
    avatar_url: avatarAddress(base, account),
    bio: html.inline(account.bio),
    location: account.location,
    links: linksOf(account),
  }
}

/** The account's own links, without the ones it does not have: there are no null members. */
export function linksOf({ links }: Pick<AccountRow, 'links'>): Record<string, string> {
  const kept = storedParts(links)
  return Object.fromEntries(
    ['web', 'twitter'].flatMap((name) => {
      const link = kept[name]
      return typeof link === 'string' && link !== '' ? [[name, link]] : []
    }),
  )
}

/** The team inside a shot (API v2, Shots, example of "Get a shot"). */
export function presentTeam(team: AccountRow, showing: Showing) {
  return {
    ...profile(team, showing),
    type: 'Team',
    created_at: timestamp(team.created_ms),
    updated_at: timestamp(team.updated_ms),
  }
}

/** The caller's own account (API v2, User). */
export function presentUser(account: AccountRow, teams: readonly AccountRow[], showing: Showing) {
  return {
    ...profile(account, showing),
    can_upload_shot: account.may_upload === 1,
    pro: account.pro === 1,
    followers_count: account.followers_count,
    created_at: timestamp(account.created_ms),
    type: account.kind === 'team' ? 'Team' : 'User',
    teams: teams.map((team) => presentTeam(team, showing)),
  }
}
