import type { Ms } from './columns.ts'

/** Somebody who was asked to work on a collection and has not answered yet. */
export interface InvitationTable {
  collection_id: number
  account_id: number
  access: 'owner' | 'member'
  invited_by: number
  created_ms: Ms
}

/** The words found in what an item was made of (a page, a text), in lower case, for searches. */
export interface ItemTextTable {
  item_id: number
  text: string
}
