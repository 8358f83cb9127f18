import type { Generated } from 'kysely'
import type { Count, DefaultFlag, Flag, Id, JsonText, Ms, Sha256 } from './columns.ts'

/** A person or a team. */
export interface AccountTable {
  id: Id
  /** 32 random hex digits: the id in URLs that must not be guessed. */
  uid: Generated<string>
  login: string
  /** The login in lower case: unique, and what every look-up uses. */
  login_key: string
  name: string
  kind: 'person' | 'team'
  role: Generated<'member' | 'moderator' | 'admin'>
  pro: DefaultFlag
  may_upload: Generated<Flag>
  bio: string | null
  location: string | null
  /** `{ web?: url, twitter?: url, … }` */
  links: Generated<JsonText>
  avatar_sha256: Sha256 | null
  /** IANA name of the zone whose midnight ends the account's days, `Europe/Warsaw`; null for UTC until they say. */
  time_zone: string | null
  /** Argon2id in its standard string form; null while nobody can sign in with a password. */
  password_hash: string | null
  suspended: DefaultFlag
  /** Chosen by the administrator as somebody worth following. */
  stellar: DefaultFlag
  followers_count: Count
  followings_count: Count
  created_ms: Ms
  updated_ms: Ms
}

/** A person is a member of a team. */
export interface MembershipTable {
  team_id: number
  account_id: number
  created_ms: Ms
}

/** `account_id` wants nothing to do with `blocked_id`. */
export interface BlockTable {
  account_id: number
  blocked_id: number
  created_ms: Ms
}

export interface FollowTable {
  id: Id
  follower_id: number
  followee_id: number
  created_ms: Ms
}

/** A zone that an account was in before, and until when. */
export interface PastTimeZoneTable {
  account_id: number
  until_ms: Ms
  time_zone: string
}
