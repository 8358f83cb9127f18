import { type Order, randomIds, randomRank, RANK_MODULUS } from '../language/sort.ts'
import type { Positions } from './positions.ts'
import type { ValueOrder } from './value-order.ts'

/** Goes through an order from its beginning, or from behind a place, until `visit` returns false. */

/** Which way, and which way among equal ones. */
export type Way = Pick<Order, 'direction' | 'ties'>

export function opposite({ direction, ties }: Way): Way {
  const turned = { asc: 'desc', desc: 'asc' } as const
  return { direction: turned[direction], ties: turned[ties] }
}

/** All positions with a value. */
export function visitValues(values: ValueOrder, way: Way, visit: (position: number) => boolean): void {
  visitBetween(values, { from: 0, to: values.count }, way, visit)
}

/** The positions with a value that stand behind one. */
export function visitValuesAfter(
  values: ValueOrder,
  { value, position }: { value: number; position: number },
  way: Way,
  visit: (position: number) => boolean,
): void {
  const [start, end] = [values.placeOf(value), values.endOf(value)]
  const backwards = way.ties === 'desc'
  const from = backwards ? start : values.placeOf(value, position + 1)
  const to = backwards ? values.placeOf(value, position) : end
  if (!values.visit(from, to, backwards, visit)) return
  const rest = way.direction === 'desc' ? { from: 0, to: start } : { from: end, to: values.count }
  visitBetween(values, rest, way, visit)
}

/** Whole groups of equal values. */
function visitBetween(
  values: ValueOrder,
  { from, to }: { from: number; to: number },
  { direction, ties }: Way,
  visit: (position: number) => boolean,
): void {
  if (direction === ties) {
    values.visit(from, to, direction === 'desc', visit)
    return
  }
  // Equal values one group after the other, each against the direction.
  let [low, high] = [from, to]
  for (let going = true; going && low < high;) {
    const value = values.valueAt(direction === 'asc' ? low : high - 1)
    const [start, end] = [values.placeOf(value), values.endOf(value)]
    going = values.visit(start, end, ties === 'desc', visit)
    if (direction === 'asc') low = end
    else high = start
  }
}

/**
 * All positions in the order by a seed, or those behind an id. Goes from rank to rank: most belong to no item, but many
 * ranks passed by cost less than the ranks of many items.
 */
export function visitShuffled(
  positions: Positions,
  { seed, direction, ties }: Way & { seed: string },
  after: number | null,
  visit: (position: number) => boolean,
): void {
  const idOf = randomIds(seed)
  const last = positions.size === 0 ? -1 : positions.idAt(positions.size - 1)
  const step = direction === 'asc' ? 1 : -1
  const start = after === null ? null : randomRank(seed, after)
  for (
    let rank = start ?? (step === 1 ? 0 : RANK_MODULUS - 1);
    rank >= 0 && rank < RANK_MODULUS;
    rank += step
  ) {
    const smallest = idOf(rank)
    const others = Math.floor((last - smallest) / RANK_MODULUS)
    for (let other = 0; other <= others; other += 1) {
      const id = smallest + (ties === 'asc' ? other : others - other) * RANK_MODULUS
      if (rank === start && after !== null && (ties === 'asc' ? id <= after : id >= after)) continue
      const position = positions.find(id)
      if (position !== -1 && !visit(position)) return
    }
  }
}
