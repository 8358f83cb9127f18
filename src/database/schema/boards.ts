import type { Generated } from 'kysely'
import type { DefaultFlag, Id, JsonText, Ms } from './columns.ts'

/** What somebody does not want to see (hidden), or only after a click (spoilered). */
export interface FilterTable {
  id: Id
  /** Null for a filter of the installation. */
  owner_id: number | null
  name: string
  description: string
  /** JSON arrays of tag ids. */
  hidden_tag_ids: Generated<JsonText>
  spoilered_tag_ids: Generated<JsonText>
  /** Searches, one a line, any of which may hold; '' for none. */
  hidden_complex: Generated<string>
  spoilered_complex: Generated<string>
  public: DefaultFlag
  system: DefaultFlag
  created_ms: Ms
  updated_ms: Ms
}

/** How a person wants the library shown. No row: everything as the installation has it. */
export interface AccountSettingTable {
  account_id: number
  /** Null for the default filter. */
  current_filter_id: number | null
  /** 4 to 50; null for the default of each face. */
  items_per_page: number | null
  /** Searches, one a line, of what is watched besides tags, and of what is left out of it. */
  watched_query: Generated<string>
  watched_exclude_query: Generated<string>
  /** Whether what the filter spoilers is left out of what is watched. */
  hide_spoilered_watched: DefaultFlag
}

/** Somebody wants to see what comes in with this tag. */
export interface TagWatchTable {
  account_id: number
  tag_id: number
  created_ms: Ms
}
