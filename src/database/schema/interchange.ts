import type { Ms, Sha256 } from './columns.ts'

/** A name that stands for a tag. */
export interface TagAliasTable {
  name: string
  target_id: number
  created_ms: Ms
}

/** Items that carry one tag carry the other too. */
export interface TagImplicationTable {
  tag_id: number
  implied_id: number
  created_ms: Ms
}

/** Somebody who may work on another's collection. */
export interface CollaboratorTable {
  collection_id: number
  account_id: number
  access: 'owner' | 'member'
  created_ms: Ms
}

/** Somebody who wants to hear of what comes into a collection. */
export interface WatchTable {
  collection_id: number
  account_id: number
  created_ms: Ms
}

/** The number that something of an archive got here, so that an import with new numbers can be run again. */
export interface ImportedIdTable {
  /** What names the archive. */
  source: Sha256
  noun: 'item' | 'collection' | 'filter'
  given_id: number
  id: number
}
