import type { Order } from '../language/sort.ts'
import type { Query } from '../language/tree.ts'
import type { CatalogueItem, CatalogueTag, Seer } from './facts.ts'
import { type Inventory, openInventory } from './inventory.ts'
import { findMatches } from './matches.ts'
import { neighboursOf } from './neighbours.ts'
import { andPlan } from './plan.ts'
import { type Page, pageOf } from './ranking.ts'
import { type Asking, planOf, seenPlan } from './resolve.ts'
import { putItem, removeItem } from './writing.ts'

export interface Found {
  /** Ids of the items of the page, in order. */
  ids: number[]
  /** How many items match in all; exact. */
  total: number
}

/** What is searched for, and who searches. */
export interface Asked {
  /** Simplified. `filter` terms and the sets `watched` and `subs` must have been replaced; here they match nothing. */
  query: Query
  /** A search that must match too but counts nothing in the order by relevance: what a filter hides, negated. */
  within?: Query
  seer: Seer
  /** Whose sets `my:` means; the seer's own if left out. */
  accountId?: number | null
}

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
  const ids = (found: readonly number[]) => found.map((position) => positions.idAt(position))
  const prepare = ({ query, within, seer, accountId }: Asked) => {
    const own = accountId !== undefined ? accountId : seer === 'listed' ? null : seer.accountId
    const asking: Asking = { accountId: own, mostValues: options.mostValues ?? 1000 }
    const parts = [planOf(inventory, query, asking), seenPlan(inventory, seer)]
    if (within) parts.push(planOf(inventory, within, asking))
    return { plan: andPlan(parts), asking }
  }
  /** Searches use the scratch words until their answer is made. */
  const searching = <T>(search: () => T): T => {
    try {
      return search()
    } finally {
      inventory.scratch.reset()
    }
  }

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
        if (typeof by === 'string' && by !== 'relevance') columns.get(by)?.order()
      }
    },

    search: (asked) =>
      searching(() => {
        const { plan, asking } = prepare(asked)
        const matches = findMatches(inventory, plan)
        const ranking = { order: asked.order, query: asked.query, asking }
        return { ids: ids(pageOf(inventory, matches, ranking, asked.page)), total: matches.count }
      }),
    count: (asked) => searching(() => findMatches(inventory, prepare(asked).plan).count),
    first: (asked) =>
      searching(() => {
        const { plan, asking } = prepare(asked)
        const { order, limit, query } = asked
        const few = order.direction === 'desc' ? { last: limit } : { first: limit }
        const matches = findMatches(inventory, plan, order.by === 'id' ? few : null)
        return ids(pageOf(inventory, matches, { order, query, asking }, { offset: 0, limit }))
      }),
    neighbours: (asked) =>
      searching(() => {
        const position = positions.find(asked.id)
        if (position === -1) return { before: null, after: null }
        const { plan, asking } = prepare(asked)
        const matches = findMatches(inventory, plan)
        const ranking = { order: asked.order, query: asked.query, asking }
        const { before, after } = neighboursOf(inventory, matches, ranking, position)
        const idOf = (at: number | null) => (at === null ? null : positions.idAt(at))
        return { before: idOf(before), after: idOf(after) }
      }),

    isTagName: (name) => tags.isKnown(name),
    has: (id) => positions.find(id) !== -1,
    size: () => positions.live.count,
  }
}

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
