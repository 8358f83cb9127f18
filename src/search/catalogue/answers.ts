import type { Order } from '../language/sort.ts'
import type { Query } from '../language/tree.ts'
import { findById } from './by-id.ts'
import type { Seer } from './facts.ts'
import type { Inventory } from './inventory.ts'
import { findMatches } from './matches.ts'
import { neighboursOf } from './neighbours.ts'
import { andPlan, type Plan } from './plan.ts'
import { type Page, pageOf, type Ranking } from './ranking.ts'
import { type Asking, planOf, seenPlan } from './resolve.ts'

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

/** Ids of one page, and how many items match in all. @throws QueryError if a term stands for too many values. */
export function findPage(
  inventory: Inventory,
  asked: Asked & { order: Order; page: Page },
  mostValues: number,
): Found {
  const { order, page } = asked
  return searching(inventory, asked, mostValues, (plan, asking) => {
    if (order.by === 'id') {
      const found = findById(inventory, plan, { ...page, backwards: order.direction === 'desc' })
      return { ids: idsOf(inventory, found.positions), total: found.count }
    }
    const matches = findMatches(inventory, plan)
    const positions = pageOf(inventory, matches, rankingOf(asked, asking), page)
    return { ids: idsOf(inventory, positions), total: matches.count }
  })
}

export function countMatches(inventory: Inventory, asked: Asked, mostValues: number): number {
  return searching(inventory, asked, mostValues, (plan) => {
    return findById(inventory, plan, { offset: 0, limit: 0, backwards: false }).count
  })
}

/** The first page alone: in the order of ids, the blocks with the first matches are enough. */
export function findFirst(
  inventory: Inventory,
  asked: Asked & { order: Order; limit: number },
  mostValues: number,
): number[] {
  const { order, limit } = asked
  return searching(inventory, asked, mostValues, (plan, asking) => {
    if (order.by === 'id') {
      const page = { offset: 0, limit, backwards: order.direction === 'desc', only: true }
      return idsOf(inventory, findById(inventory, plan, page).positions)
    }
    const matches = findMatches(inventory, plan)
    return idsOf(inventory, pageOf(inventory, matches, rankingOf(asked, asking), { offset: 0, limit }))
  })
}

export function findNeighbours(
  inventory: Inventory,
  asked: Asked & { order: Order; id: number },
  mostValues: number,
): { before: number | null; after: number | null } {
  const { positions } = inventory
  const position = positions.find(asked.id)
  if (position === -1) return { before: null, after: null }
  return searching(inventory, asked, mostValues, (plan, asking) => {
    const matches = findMatches(inventory, plan)
    const found = neighboursOf(inventory, matches, rankingOf(asked, asking), position)
    const idOf = (at: number | null) => (at === null ? null : positions.idAt(at))
    return { before: idOf(found.before), after: idOf(found.after) }
  })
}

/** Looks up what is asked and takes the scratch words back once it is answered. */
function searching<T>(
  inventory: Inventory,
  { query, within, seer, accountId }: Asked,
  mostValues: number,
  answer: (plan: Plan, asking: Asking) => T,
): T {
  const own = seer === 'listed' ? null : seer.accountId
  const asking: Asking = { accountId: accountId === undefined ? own : accountId, mostValues }
  try {
    const parts = [planOf(inventory, query, asking), seenPlan(inventory, seer)]
    if (within) parts.push(planOf(inventory, within, asking))
    return answer(andPlan(parts), asking)
  } finally {
    inventory.scratch.reset()
  }
}

function rankingOf({ order, query }: { order: Order; query: Query }, asking: Asking): Ranking {
  return { order, query, asking }
}

function idsOf({ positions }: Inventory, found: readonly number[]): number[] {
  return found.map((position) => positions.idAt(position))
}
