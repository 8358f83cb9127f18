import type { FieldName, FieldTable, MySet } from '../fields.ts'

/** What the meaning of a query depends on, besides its text. */
export interface ParseOptions {
  /** The service's names for our fields. */
  fields: FieldTable
  /** What `3 days ago` counts from. */
  now: Date
  /** Fields for moderators do not exist for anybody else. */
  viewer: { signedIn: boolean; moderator: boolean }
  /** How an upload would spell a tag typed like this (lower case, trimmed and squeezed already). */
  cleanTag: (name: string) => string
  /** `my:faves` of nobody: matches nothing (the default), or is an error. */
  anonymousMy?: 'nothing' | 'refuse'
  /** Sets that may not be asked for here: `watched` inside a watch list, `downvotes` inside a filter. */
  refusedSets?: ReadonlySet<MySet>
  /** Fields that may not be used here: `filter` inside a filter. */
  refusedFields?: ReadonlySet<FieldName>
}
