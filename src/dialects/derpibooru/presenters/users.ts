import type { AccountRow } from '../../../library/rows.ts'
import { tagSlug } from '../../../library/tag-names.ts'
import { avatarAddress, timestamp } from '../addresses.ts'
import type { Showing } from './images.ts'

const ROLES = { member: 'user', moderator: 'moderator', admin: 'admin' } as const

/** What a profile counts. */
export interface UserTotals {
  comments: number
  uploads: number
}

/** The library has no forum, no verified links and no awards, so those are empty. */
export function presentUser(account: AccountRow, { comments, uploads }: UserTotals, { media }: Showing) {
  return {
    id: account.id,
    name: account.name,
    slug: tagSlug(account.login),
    role: ROLES[account.role],
    description: account.bio ?? '',
    avatar_url: avatarAddress(media, account),
    created_at: timestamp(account.created_ms),
    comment_count: comments,
    uploads_count: uploads,
    post_count: 0,
    topic_count: 0,
    links: [],
    awards: [],
  }
}
