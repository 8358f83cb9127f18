import { timestamp } from '../../../faces/timestamps.ts'
import type { AccountTotals } from '../../../library/accounts.ts'
import type { AccountRow } from '../../../library/rows.ts'
import { accountPage, avatarAddress } from '../addresses.ts'
import type { RenderText } from '../html.ts'
import { linksOf } from './users-v2.ts'

interface Showing {
  base: string
  html: RenderText
}

/** The user object of API v1 (Users, Get a single user); a team has its own end in place of `teams_*`. */
export function presentUser(account: AccountRow, totals: AccountTotals, { base, html }: Showing) {
  const isTeam = account.kind === 'team'
  const own = `${base}/v1/users/${account.id}`
  const asTeam = `${base}/v1/teams/${account.id}`
  return {
    id: account.id,
    name: account.name,
    username: account.login,
    html_url: accountPage(base, account),
    avatar_url: avatarAddress(base, account),
    bio: html.inline(account.bio),
    location: account.location,
    links: linksOf(account),
    buckets_count: totals.buckets,
    comments_received_count: totals.commentsReceived,
    followers_count: account.followers_count,
    followings_count: account.followings_count,
    likes_count: totals.likes,
    likes_received_count: totals.likesReceived,
    projects_count: totals.projects,
    rebounds_received_count: totals.reboundsReceived,
    shots_count: totals.items,
    ...(isTeam ? {} : { teams_count: totals.teams }),
    can_upload_shot: account.may_upload === 1,
    type: isTeam ? 'Team' : account.may_upload === 1 ? 'Player' : 'User',
    pro: account.pro === 1,
    buckets_url: `${own}/buckets`,
    followers_url: `${own}/followers`,
    following_url: `${own}/following`,
    likes_url: `${own}/likes`,
    projects_url: `${own}/projects`,
    shots_url: `${own}/shots`,
    ...(isTeam ? {} : { teams_url: `${own}/teams` }),
    created_at: timestamp(account.created_ms),
    updated_at: timestamp(account.updated_ms),
    ...(isTeam
      ? { members_count: totals.members, members_url: `${asTeam}/members`, team_shots_url: `${asTeam}/shots` }
      : {}),
  }
}
