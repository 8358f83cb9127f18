import type { Generated } from 'kysely'
import type { Count, DefaultFlag, Id, Ms } from './columns.ts'

/** One row per account, item and sort. */
export interface ReactionTable {
  id: Id
  item_id: number
  account_id: number
  sort: 'fave' | 'upvote' | 'downvote' | 'hide'
  created_ms: Ms
}

export interface CommentTable {
  id: Id
  item_id: number
  account_id: number
  body: string
  likes_count: Count
  created_ms: Ms
  updated_ms: Ms
}

export interface CommentLikeTable {
  id: Id
  comment_id: number
  account_id: number
  created_ms: Ms
}

/** A set of items with an order. */
export interface CollectionTable {
  id: Id
  uid: string
  owner_id: number
  kind: Generated<'collection' | 'gallery' | 'bucket' | 'project'>
  title: string
  slug: string
  description: string | null
  private: DefaultFlag
  /** What people are told before they look; at most 20 characters. */
  spoiler_warning: string | null
  /** Whether its first place is shown first; the last one is otherwise. */
  order_position_asc: DefaultFlag
  thumbnail_item_id: number | null
  /** Chosen by the administrator as worth looking at. */
  notable: DefaultFlag
  items_count: Count
  created_ms: Ms
  updated_ms: Ms
}

export interface CollectionItemTable {
  collection_id: number
  item_id: number
  position: number
  added_ms: Ms
}

/** A position offered by a company. */
export interface VacancyTable {
  id: Id
  account_id: number
  /** Everything the face takes and gives back, checked by the library. */
  organization_name: string
  title: string
  location: string
  url: string
  description: string | null
  active: Generated<0 | 1>
  team_id: number | null
  /** Category, role type, links …: JSON object of texts and flags. */
  details: Generated<string>
  starts_ms: Ms
  ends_ms: Ms
  created_ms: Ms
  updated_ms: Ms
}
