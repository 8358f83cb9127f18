import type { DateField, NumberField } from '../fields.ts'
import { type Order, randomRanks } from '../language/sort.ts'
import type { Query } from '../language/tree.ts'
import { hasBit } from './bits.ts'
import type { Column } from './column.ts'
import type { Inventory } from './inventory.ts'
import { type Matches, positionsOf } from './matches.ts'
import { relevances } from './relevance.ts'
import type { Asking } from './resolve.ts'
import { sortedWindow } from './select.ts'
import type { ValueOrder } from './value-order.ts'

export interface Page {
  offset: number
  limit: number
}

/** Ranking a match takes about as long as this many steps along an ordered column. */
const RANKING_COST = 4

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
  const column = columnOf(inventory, order)
  if (column && matches.kind === 'bits') {
    const steps = Math.min(column.count, ((offset + limit) * column.count) / matches.count)
    if (steps < matches.count * RANKING_COST) return walk(matches, column, order, page)
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

function columnOf({ columns }: Inventory, { by }: Order): Column | null {
  if (typeof by !== 'string' || by === 'id' || by === 'relevance') return null
  const field: NumberField | DateField = by
  return columns.get(field) ?? null
}

function ranked(inventory: Inventory, matches: Matches, ranking: Ranking, { offset, limit }: Page): number[] {
  const rank = ranksOf(inventory, matches, ranking)
  const { list, count } = positionsOf(matches)
  const keys = new Float64Array(count)
  for (let at = 0; at < count; at += 1) {
    const key = rank(list[at] ?? 0)
    keys[at] = Number.isNaN(key) ? Infinity : key
  }
  const keyed = { keys, positions: list.slice(0, count) }
  return sortedWindow(keyed, offset, offset + limit, tieSign(ranking.order))
}

/** Goes along the ordered column and picks what matches, until the page is full; then through what has no value. */
function walk(
  matches: Extract<Matches, { kind: 'bits' }>,
  column: Column,
  order: Order,
  page: Page,
): number[] {
  const found: number[] = []
  let skip = page.offset
  const visit = (position: number) => {
    if (!hasBit(matches.words, position)) return true
    if (skip > 0) skip -= 1
    else found.push(position)
    return found.length < page.limit
  }
  visitInOrder(column.order(), order, visit)
  if (found.length === page.limit) return found

  const backwards = order.ties === 'desc'
  const { list, count } = positionsOf(matches)
  for (let step = 0; step < count && found.length < page.limit; step += 1) {
    const position = list[backwards ? count - 1 - step : step] ?? 0
    if (!column.has(position)) visit(position)
  }
  return found
}

function visitInOrder(
  values: ValueOrder,
  { direction, ties }: Order,
  visit: (position: number) => boolean,
): void {
  if (direction === ties) {
    values.visit(0, values.count, direction === 'desc', visit)
    return
  }
  // Equal values one group after the other, each against the direction.
  let done = 0
  for (let going = true; going && done < values.count;) {
    const value = values.valueAt(direction === 'asc' ? done : values.count - 1 - done)
    const [from, to] = [values.placeOf(value), values.endOf(value)]
    going = values.visit(from, to, ties === 'desc', visit)
    done += to - from
  }
}
