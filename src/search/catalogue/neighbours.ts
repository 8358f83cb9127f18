import { RANK_MODULUS } from '../language/sort.ts'
import { hasBit, nearestBit } from './bits.ts'
import type { Inventory } from './inventory.ts'
import { type Matches, positionsOf } from './matches.ts'
import { columnOf, RANKING_COST, type Ranking, ranksOf, SHUFFLED_STEP_COST, tieSign } from './ranking.ts'
import { lastIfBlank } from './select.ts'
import { opposite, visitShuffled, visitValuesAfter, type Way } from './walking.ts'

export interface Neighbours {
  before: number | null
  after: number | null
}

/** The matches that stand right before and right after a position in an order; it need not match itself. */
export function neighboursOf(
  inventory: Inventory,
  matches: Matches,
  ranking: Ranking,
  position: number,
): Neighbours {
  return nearBy(inventory, matches, ranking, position) ?? among(inventory, matches, ranking, position)
}

/** Goes along the order to both sides, if that is less work than to look at every match; else null. */
function nearBy(
  inventory: Inventory,
  matches: Matches,
  { order }: Ranking,
  position: number,
): Neighbours | null {
  if (matches.kind === 'list') return null
  const { words, count } = matches
  const { by, direction } = order
  if (by === 'id') {
    const [lower, higher] = [nearestBit(words, position, -1), nearestBit(words, position, 1)]
    return direction === 'asc' ? { before: lower, after: higher } : { before: higher, after: lower }
  }
  if (typeof by === 'object' && 'random' in by) {
    if ((RANK_MODULUS / count) * SHUFFLED_STEP_COST > count) return null
    const id = inventory.positions.idAt(position)
    const seeded = (way: Way) => ({ ...way, seed: by.random })
    return toBothSides(order, { words, most: Infinity }, (way, visit) =>
      visitShuffled(inventory.positions, seeded(way), id, visit),
    )
  }
  const column = columnOf(inventory, order)
  if (!column?.has(position)) return null
  const place = { value: column.at(position), position }
  const found = toBothSides(order, { words, most: count * RANKING_COST }, (way, visit) =>
    visitValuesAfter(column.order(), place, way, visit),
  )
  // Behind the last value stand the matches that have none.
  return found?.after === null ? null : found
}

/** The first match on either side; null after looking at `most` positions on one of them. */
function toBothSides(
  order: Way,
  { words, most }: { words: Int32Array; most: number },
  visitAfter: (way: Way, visit: (position: number) => boolean) => void,
): Neighbours | null {
  let left = most
  const first = (way: Way) => {
    let found: number | null = null
    left = most
    visitAfter(way, (at) => {
      left -= 1
      if (hasBit(words, at)) found = at
      return found === null && left > 0
    })
    return found
  }
  const before = first(opposite(order))
  if (before === null && left <= 0) return null
  const after = first(order)
  return after === null && left <= 0 ? null : { before, after }
}

/** Looks at every match. */
function among(inventory: Inventory, matches: Matches, ranking: Ranking, position: number): Neighbours {
  const rank = ranksOf(inventory, matches, ranking, position)
  const ties = tieSign(ranking.order)
  const own: Place = { key: lastIfBlank(rank(position)), position }
  let before: Place | null = null
  let after: Place | null = null
  const { list, count } = positionsOf(matches)
  for (let at = 0; at < count; at += 1) {
    const place: Place = { key: lastIfBlank(rank(list[at] ?? 0)), position: list[at] ?? 0 }
    const side = compare(place, own, ties)
    if (side < 0 && (before === null || compare(place, before, ties) > 0)) before = place
    if (side > 0 && (after === null || compare(place, after, ties) < 0)) after = place
  }
  return { before: before?.position ?? null, after: after?.position ?? null }
}

interface Place {
  key: number
  position: number
}

function compare(left: Place, right: Place, ties: 1 | -1): number {
  if (left.key !== right.key) return left.key < right.key ? -1 : 1
  return ties * (left.position - right.position)
}
