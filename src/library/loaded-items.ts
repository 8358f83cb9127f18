import type { Db } from '../database/open.ts'
import type { AccountRow, AttachmentRow, CollectionRow, ItemRow, RenditionRow } from './rows.ts'
import { accountsByIds } from './store/accounts.ts'
import { attachmentsOfItems } from './store/attachments.ts'
import { projectsOfItems, renditionsOfItems } from './store/renditions.ts'
import { tagsOfItems } from './store/tags.ts'

/** An item with everything a face shows about it. */
export interface LoadedItem {
  item: ItemRow
  /** In the order of their code points. */
  tags: string[]
  /** By name: `crop-400x300` … */
  renditions: Map<string, RenditionRow>
  /** Those that are ready, oldest first. */
  attachments: AttachmentRow[]
  /** The owner's projects it is part of, without private ones. */
  projects: CollectionRow[]
  owner: AccountRow
  team: AccountRow | null
}

/** Loads what belongs to the rows, in their order, with the same few queries for one row and for a thousand. */
export async function loadItems(db: Db, rows: readonly ItemRow[]): Promise<LoadedItem[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const tags = await tagsOfItems(db, ids)
  const renditions = await renditionsOfItems(db, ids)
  const attachments = await attachmentsOfItems(db, ids)
  const projects = await projectsOfItems(db, ids)
  const accounts = await accountsByIds(
    db,
    rows.flatMap(({ owner_id, team_id }) => (team_id === null ? [owner_id] : [owner_id, team_id])),
  )
  return rows.flatMap((item) => {
    const owner = accounts.get(item.owner_id)
    // Deleted between two of the queries.
    if (!owner) return []
    return {
      item,
      tags: tags.get(item.id) ?? [],
      renditions: new Map((renditions.get(item.id) ?? []).map((row) => [row.name, row])),
      attachments: attachments.get(item.id) ?? [],
      projects: projects.get(item.id) ?? [],
      owner,
      team: item.team_id === null ? null : (accounts.get(item.team_id) ?? null),
    }
  })
}
