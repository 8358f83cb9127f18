import type { DateField, NumberField } from '../fields.ts'
import { type Order, randomRanks, RANK_MODULUS } from '../language/sort.ts'
import type { Query } from '../language/tree.ts'
import { Best, offerBits, offerList, type Ranks } from './best.ts'
import { hasBit } from './bits.ts'
import type { Column } from './column.ts'
import type { Inventory } from './inventory.ts'
import { type Matches, positionsOf } from './matches.ts'
import { relevances } from './relevance.ts'
import type { Asking } from './resolve.ts'
import { lastIfBlank, sortedWindow } from './select.ts'
import { visitShuffled, visitValues } from './walking.ts'

export interface Page {
  offset: number
  limit: number
}

/** Ranking a match takes about as long as this many steps along an ordered column. */
export const RANKING_COST = 4
/** A step along a shuffled order takes about as long as ranking this many matches. */
export const SHUFFLED_STEP_COST = 8
/** Up to one in so many of the matches are kept apart while the others are looked at; else all are sorted. */
const FEW_WANTED = 4

/** What an order by relevance or by one's own sets needs. */
export interface Ranking {
  order: Order
  query: Query
  asking: Asking
}

/** One page of what was found, as positions, in the order of `byOrder`: blank values last, ties by id. */
export function pageOf(inventory: Inventory, matches: Matches, ranking: Ranking, page: Page): number[] {
  const { offset, limit } = page
  const { order } = ranking
  if (offset >= matches.count || limit <= 0) return []
  if (matches.kind === 'list') return ranked(inventory, matches, ranking, page)
  const column = columnOf(inventory, order)
  const stepsOf = (places: number) => Math.min(places, ((offset + limit) * places) / matches.count)
  if (column) {
    const steps = stepsOf(column.count)
    const near = nearOf(inventory, matches, ranking, { ...page, most: steps / RANKING_COST })
    if (near) return near
    if (steps < matches.count * RANKING_COST)
      return collect(matches, page, (visit) => visitColumn(matches, column, order, visit))
  }
  if (typeof order.by === 'object' && 'random' in order.by) {
    const way = { ...order, seed: order.by.random }
    if (stepsOf(RANK_MODULUS) * SHUFFLED_STEP_COST < matches.count)
      return collect(matches, page, (visit) => visitShuffled(inventory.positions, way, null, visit))
  }
  return ranked(inventory, matches, ranking, page)
}

/**
 * The value an order sorts by, for any of the matches or `also`; NaN for none. The smallest is first: where the order
 * is descending, values are negative.
 */
export function ranksOf(
  inventory: Inventory,
  matches: Matches,
  { order, query, asking }: Ranking,
  also?: number,
): (position: number) => number {
  const { positions, columns, collections, places } = inventory
  const sign = order.direction === 'desc' ? -1 : 1
  const { by } = order
  if (by === 'relevance') {
    const ranks = relevances(inventory, { query, asking, matches, also })
    return (position) => sign * (ranks(position) ?? Number.NaN)
  }
  if (by === 'id') return (position) => sign * position
  if (typeof by === 'string') {
    const column = columns.get(by)
    return column ? (position) => sign * column.at(position) : () => Number.NaN
  }
  if ('random' in by) {
    const rank = randomRanks(by.random)
    return (position) => sign * rank(positions.idAt(position))
  }
  const placesIn = places.get(collections.get(by.collection) ?? -1)
  return (position) => sign * (placesIn?.get(position) ?? Number.NaN)
}

/** 1 if equal items stand in the order of ids, -1 if backwards. */
export function tieSign({ ties }: Order): 1 | -1 {
  return ties === 'desc' ? -1 : 1
}

/** The column an order sorts by, if it is one. */
export function columnOf({ columns }: Inventory, { by }: Order): Column | null {
  if (typeof by !== 'string' || by === 'id' || by === 'relevance') return null
  const field: NumberField | DateField = by
  return columns.get(field) ?? null
}

function ranked(inventory: Inventory, matches: Matches, ranking: Ranking, { offset, limit }: Page): number[] {
  const ranks = { of: ranksOf(inventory, matches, ranking), least: leastRanks(inventory, ranking.order) }
  const found = positionsOf(matches)
  const [end, ties] = [offset + limit, tieSign(ranking.order)]
  if (end * FEW_WANTED <= found.count) {
    const best = new Best(end, ties)
    offerList(best, found, ranks, ranking.order.direction === 'desc')
    return best.from(offset)
  }
  const { list, count } = found
  const keys = new Float64Array(count)
  for (let at = 0; at < count; at += 1) keys[at] = lastIfBlank(ranks.of(list[at] ?? 0))
  return sortedWindow({ keys, positions: list.slice(0, count) }, offset, end, ties)
}

/** A page whose items are near one end of the library; null if to say so takes more than `most` looks at a match. */
function nearOf(
  inventory: Inventory,
  matches: BitMatches,
  ranking: Ranking,
  { offset, limit, most }: Page & { most: number },
): number[] | null {
  const end = offset + limit
  if (end * FEW_WANTED > matches.count) return null
  const ranks = { of: ranksOf(inventory, matches, ranking), least: leastRanks(inventory, ranking.order) }
  const best = new Best(end, tieSign(ranking.order))
  const backwards = ranking.order.direction === 'desc'
  return offerBits(best, matches, ranks, { backwards, most: Math.min(most, matches.count) })
    ? best.from(offset)
    : null
}

function leastRanks(inventory: Inventory, order: Order): Ranks['least'] {
  const bounds = columnOf(inventory, order)?.bounds()
  if (!bounds) return () => -Infinity
  if (order.direction === 'asc') return (position) => bounds.lowestAt(position)
  return (position) => -bounds.highestAt(position)
}

type BitMatches = Extract<Matches, { kind: 'bits' }>

/** Picks what matches on a walk along an order, until the page is full. */
function collect(
  { words }: BitMatches,
  { offset, limit }: Page,
  walk: (visit: (position: number) => boolean) => void,
): number[] {
  const found: number[] = []
  let skip = offset
  walk((position) => {
    if (!hasBit(words, position)) return true
    if (skip > 0) skip -= 1
    else found.push(position)
    return found.length < limit
  })
  return found
}

/** Along an ordered column; then through the matches that have no value. */
function visitColumn(
  matches: BitMatches,
  column: Column,
  order: Order,
  visit: (position: number) => boolean,
): void {
  let going = true
  visitValues(column.order(), order, (position) => (going = visit(position)))
  if (!going) return
  const { list, count } = positionsOf(matches)
  for (let step = 0; step < count && going; step += 1) {
    const position = list[order.ties === 'desc' ? count - 1 - step : step] ?? 0
    if (!column.has(position)) going = visit(position)
  }
}
