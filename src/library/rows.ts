import type { Selectable } from 'kysely'
import type { Schema } from '../database/schema.ts'

/** Rows as the database gives them. */
export type AccountRow = Selectable<Schema['account']>
export type AttachmentRow = Selectable<Schema['attachment']>
export type CollectionRow = Selectable<Schema['collection']>
export type ItemRow = Selectable<Schema['item']>
export type RenditionRow = Selectable<Schema['rendition']>
