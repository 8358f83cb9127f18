import type { Inventory } from './inventory.ts'
import { type Matches, positionsOf } from './matches.ts'
import { type Ranking, ranksOf, tieSign } from './ranking.ts'

/** The matches that stand right before and right after a position in an order; it need not match itself. */
export function neighboursOf(
  inventory: Inventory,
  matches: Matches,
  ranking: Ranking,
  position: number,
): { before: number | null; after: number | null } {
  const rank = ranksOf(inventory, matches, ranking, position)
  const ties = tieSign(ranking.order)
  const keyOf = (at: number) => {
    const key = rank(at)
    return Number.isNaN(key) ? Infinity : key
  }
  const own: Place = { key: keyOf(position), position }
  let before: Place | null = null
  let after: Place | null = null
  const { list, count } = positionsOf(matches)
  for (let at = 0; at < count; at += 1) {
    const place: Place = { key: keyOf(list[at] ?? 0), position: list[at] ?? 0 }
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
