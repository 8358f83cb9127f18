import type { ItemFacts } from '../language/match.ts'

/**
 * Who may see an item: everybody, and it belongs in lists of many people's items (`listed`) or not (`unlisted`); its
 * owner (`owner`: private, or not published yet); moderators (`staff`: removed or merged). Items that are not ready
 * are not in the catalogue at all.
 */
export const SHOWN = ['listed', 'unlisted', 'owner', 'staff'] as const
export type Shown = (typeof SHOWN)[number]

/**
 * Everything a search can ask about an item. The sets of the person searching are read from `ids`: `true_owner_id`
 * (uploads, and whose private items these are), `faved_by_id`, `upvoted_by_id`, `downvoted_by_id`, `hidden_by_id`.
 */
export interface CatalogueItem extends Pick<
  ItemFacts,
  'numbers' | 'ids' | 'dates' | 'keywords' | 'texts' | 'flags' | 'addresses'
> {
  /** A positive whole number. What `numbers` says of it does not count. */
  id: number
  shown: Shown
  /** Ids of tags; their names are told by `putTag`, before or after. */
  tags: readonly number[]
  /** Its place in each collection that holds it. */
  collections?: ReadonlyMap<number, number>
}

/** A tag with every name that finds it. Names as stored: lower case, single spaces. */
export interface CatalogueTag {
  id: number
  name: string
  aliases: readonly string[]
}

/** Whose view a search takes: what a person may see, or what lists show everybody (`listed`). */
export type Seer = 'listed' | { accountId: number | null; role: 'member' | 'moderator' | 'admin' }
