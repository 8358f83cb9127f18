import type { Column } from './column.ts'
import type { PostingSet } from './posting-set.ts'
import type { ValueOrder } from './value-order.ts'

/**
 * How a search is answered: the query with every name looked up. `most` bounds how many positions match. Nothing in a
 * plan outlives the search, so it may hold cursors (`at`) and read the sets as they are.
 */
export type Plan =
  | { kind: 'none'; most: number }
  /** All positions from `from` up to `to`, also free ones. */
  | { kind: 'between'; from: number; to: number; most: number }
  | { kind: 'list'; list: Uint32Array; most: number; at: number }
  | BitsPlan
  | RangePlan
  | ValuesPlan
  /** Of those in `of`, what a test says yes to. */
  | { kind: 'tested'; of: Plan; test: (position: number) => boolean; most: number }
  | { kind: 'not'; of: Plan; most: number }
  | { kind: 'and' | 'or'; of: readonly Plan[]; most: number }

/** One bit for every position, in whole blocks; `blocks` counts those of each block, where that is known. */
export interface BitsPlan {
  kind: 'bits'
  words: Int32Array
  blocks: Uint32Array | null
  most: number
}

/** The places from `from` up to `to` of an order: what has a value from `low` to `high`. */
export interface RangePlan {
  kind: 'range'
  column: Column
  order: ValueOrder
  from: number
  to: number
  low: number
  high: number
  most: number
}

/** In any of many sets. `holds` asks one item instead of the sets. */
export interface ValuesPlan {
  kind: 'values'
  of: readonly SetPlan[]
  holds: (position: number) => boolean
  most: number
}

type SetPlan = Extract<Plan, { kind: 'list' | 'bits' }>

export const NONE: Plan = Object.freeze({ kind: 'none', most: 0 })

export function setPlan(set: PostingSet): Plan {
  return set.count === 0 ? NONE : somePlan(set)
}

function somePlan({ words, blocks, list, count }: PostingSet): SetPlan {
  return words ? { kind: 'bits', words, blocks, most: count } : { kind: 'list', list, most: count, at: 0 }
}

/** In any of the sets. */
export function valuesPlan(sets: readonly PostingSet[], holds: (position: number) => boolean): Plan {
  const filled = sets.filter((set) => set.count > 0)
  const [only] = filled
  if (!only) return NONE
  if (filled.length === 1) return setPlan(only)
  const most = filled.reduce((sum, set) => sum + set.count, 0)
  return { kind: 'values', of: filled.map(somePlan), holds, most }
}

export function rangePlan(column: Column, from: number, to: number): Plan {
  if (from >= to) return NONE
  const order = column.order()
  const [low, high] = [order.valueAt(from), order.valueAt(to - 1)]
  return { kind: 'range', column, order, from, to, low, high, most: to - from }
}

/** The smallest first, so that little is left for the others; tests, which cost most, last. */
export function andPlan(parts: readonly Plan[]): Plan {
  const flat = parts.flatMap((part) => (part.kind === 'and' ? part.of : [part]))
  const most = flat.reduce((least, part) => Math.min(least, part.most), Infinity)
  const [only] = flat
  if (!only || most === 0) return NONE
  if (flat.length === 1) return only
  const of = flat.toSorted((left, right) => costliness(left) - costliness(right) || left.most - right.most)
  return { kind: 'and', of, most }
}

export function orPlan(parts: readonly Plan[]): Plan {
  const flat = parts
    .flatMap((part) => (part.kind === 'or' ? part.of : [part]))
    .filter((part) => part.kind !== 'none')
  const [only] = flat
  if (!only) return NONE
  if (flat.length === 1) return only
  return { kind: 'or', of: flat, most: flat.reduce((sum, part) => sum + part.most, 0) }
}

/** @param positions How many there are in all. */
export function notPlan(of: Plan, positions: number): Plan {
  if (of.kind === 'not') return of.of
  const exact = of.kind === 'none' || of.kind === 'list' || of.kind === 'bits' || of.kind === 'range'
  return { kind: 'not', of, most: exact ? positions - of.most : positions }
}

function costliness(plan: Plan): number {
  return plan.kind === 'tested' ? 2 : plan.kind === 'not' ? 1 : 0
}
