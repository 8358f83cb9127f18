import type { Order } from '../language/sort.ts'
import { type Asked, countMatches, findFirst, findNeighbours, findPage, type Found } from './answers.ts'
import type { CatalogueItem, CatalogueTag } from './facts.ts'
import { type Inventory, openInventory } from './inventory.ts'
import type { Page } from './ranking.ts'
import { putItem, removeItem } from './writing.ts'

export type { Asked, Found } from './answers.ts'

export interface CatalogueOptions {
  /** How many values a wildcard or fuzzy term may stand for; more is a QueryError. 1,000 if left out. */
  mostValues?: number
}

/**
 * Everything searchable about a library, in memory. Answers like `matches` and `byOrder` of the language; a change is
 * seen by the next search. Knows no database.
 */
export interface Catalogue {
  /** Adds an item, or replaces what is known of it. */
  put: (item: CatalogueItem) => void
  /** Forgets an item; nothing happens if there is none. */
  remove: (id: number) => void
  /** Adds a tag, or replaces its names. */
  putTag: (tag: CatalogueTag) => void
  /** Forgets the names of a tag; items that have it keep it. */
  removeTag: (id: number) => void
  /** Many at once, quickest with ascending ids; then gives back the room kept for changes. */
  bulkLoad: (tags: Iterable<CatalogueTag>, items: Iterable<CatalogueItem>) => void
  /** Prepares the orders by these columns and ranges over them, which the first search would else have to. */
  warm: (orders: readonly Order['by'][]) => void

  /** @throws QueryError if a term stands for too many values. */
  search: (asked: Asked & { order: Order; page: Page }) => Found
  /** How many items match. @throws QueryError as `search`. */
  count: (asked: Asked) => number
  /** The page alone, for less work than with a total. @throws QueryError as `search`. */
  first: (asked: Asked & { order: Order; limit: number }) => number[]
  /**
   * The matches right before and right after an item in an order; the item need not match. Both null if there is no
   * such item. @throws QueryError as `search`.
   */
  neighbours: (asked: Asked & { order: Order; id: number }) => { before: number | null; after: number | null }

  /** Whether any tag or alias has this name. */
  isTagName: (name: string) => boolean
  has: (id: number) => boolean
  /** How many items there are. */
  size: () => number
  /** For snapshots. */
  readonly inventory: Inventory
}

export function createCatalogue(options: CatalogueOptions = {}, inventory = openInventory()): Catalogue {
  const { positions, tags, columns } = inventory
  const mostValues = options.mostValues ?? MOST_VALUES

  return {
    inventory,
    put: (item) => putItem(inventory, item),
    remove: (id) => removeItem(inventory, id),
    putTag: (tag) => tags.put(tag),
    removeTag: (id) => tags.remove(id),
    bulkLoad: (newTags, items) => {
      for (const tag of newTags) tags.put(tag)
      for (const item of items) putItem(inventory, item)
      trim(inventory)
    },
    warm: (orders) => {
      for (const by of orders) {
        const column = typeof by === 'string' && by !== 'relevance' ? columns.get(by) : undefined
        column?.order()
        column?.bounds()
      }
    },
    search: (asked) => findPage(inventory, asked, mostValues),
    count: (asked) => countMatches(inventory, asked, mostValues),
    first: (asked) => findFirst(inventory, asked, mostValues),
    neighbours: (asked) => findNeighbours(inventory, asked, mostValues),
    isTagName: (name) => tags.isKnown(name),
    has: (id) => positions.find(id) !== -1,
    size: () => positions.live.count,
  }
}

const MOST_VALUES = 1000

function trim({ positions, postings, held, columns, prose, keywords, tags }: Inventory): void {
  postings.trim()
  held.trim(positions.size)
  tags.dictionary.trim()
  for (const column of columns.values()) column.trim(positions.size)
  for (const { dictionary } of keywords.values()) dictionary.trim()
  for (const { vocabulary, sequences } of prose.values()) {
    vocabulary.dictionary.trim()
    sequences.trim(positions.size)
  }
}
