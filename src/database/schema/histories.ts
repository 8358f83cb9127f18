import type { Flag, Id, Ms } from './columns.ts'

/** A tag came to an item or went, after the item had come in. */
export interface TagChangeTable {
  id: Id
  item_id: number
  /** Who did it; null for the installation itself, and for somebody who is gone. */
  account_id: number | null
  /** As the tag was called then, whatever became of it. */
  tag_name: string
  added: Flag
  created_ms: Ms
}

/** An item was said to come from elsewhere. */
export interface SourceChangeTable {
  id: Id
  item_id: number
  account_id: number | null
  /** Null for none. */
  old_source: string | null
  new_source: string | null
  created_ms: Ms
}
