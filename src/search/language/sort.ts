import { createHash } from 'node:crypto'
import type { SortField, SortTable } from '../fields.ts'

type Direction = 'asc' | 'desc'

/** The order of a listing. Items without a value come last in both directions. */
export interface Order {
  by: SortField | { random: string } | { collection: number }
  direction: Direction
  /** The direction of the ids of items that are otherwise equal. */
  ties: Direction
}

export interface SortOptions {
  /** The service's names for our orders. */
  names: SortTable
  /** The order when none, or none that is known, is asked for. */
  fallback: SortField
  /** Ties by id descending whatever the direction, or by id in the direction asked for (a collection's: descending). */
  ties: 'newest' | 'same'
  /** The seed of `random` without one: a new one each time, or that of the listing being paged through. */
  seed: string
}

/**
 * Reads `sf` and `sd`. Never fails: what is unknown is the fallback, and descending.
 *
 * @param sf A name of the table, in any case, with `:SEED` or `:ID` behind the names that take one.
 */
export function readOrder(sf: string | undefined, sd: string | undefined, options: SortOptions): Order {
  const direction = sd?.trim().toLowerCase() === 'asc' ? 'asc' : 'desc'
  const by = readKey(sf?.trim() ?? '', options)
  const newest = options.ties === 'newest' || (typeof by === 'object' && 'collection' in by)
  return { by, direction, ties: newest ? 'desc' : direction }
}

function readKey(text: string, { names, fallback, seed }: SortOptions): Order['by'] {
  const colon = text.indexOf(':')
  const name = colon === -1 ? text : text.slice(0, colon)
  const value = colon === -1 ? '' : text.slice(colon + 1)
  const by = names.get(name.toLowerCase())
  if (by === 'random') return { random: value || seed }
  if (by === 'collection') return /^\d{1,15}$/.test(value) ? { collection: Number(value) } : fallback
  return by === undefined || colon !== -1 ? fallback : by
}

/** An item as an order sees it: `rank` is its value, place in the collection, relevance or {@link randomRank}. */
export interface Ranked {
  id: number
  rank: number | null
}

/** Compares two items for `Array.sort`. No two items are ever equal. */
export function byOrder({ direction, ties }: Omit<Order, 'by'>): (left: Ranked, right: Ranked) => number {
  return (left, right) => {
    const tie = sign(ties) * (left.id - right.id)
    if (left.rank === right.rank) return tie
    if (left.rank === null) return 1
    if (right.rank === null) return -1
    return sign(direction) * (left.rank - right.rank) || tie
  }
}

function sign(direction: Direction): 1 | -1 {
  return direction === 'asc' ? 1 : -1
}

/** The largest prime below 2^24: products of two ranks are exact in a number. The ranks of all ids below it differ. */
export const RANK_MODULUS = 16_777_213

/**
 * The numbers that shuffle by one seed. The rank of an id, every operation modulo {@link RANK_MODULUS}, is
 *
 *     p + q * (r + s * id)^5
 *
 * Each step can be undone (5 has no factor in common with the modulus less 1), so no two ids share a rank, except those
 * that differ by a multiple of the modulus: they stand side by side.
 */
export function shuffleNumbers(seed: string): { p: number; q: number; r: number; s: number } {
  const hash = createHash('sha256').update(seed).digest()
  const number = (index: number) => 1 + (hash.readUInt32BE(index * 4) % (RANK_MODULUS - 1))
  return { p: number(0), q: number(1), r: number(2), s: number(3) }
}

/** The place of every id in the order `random:SEED`: the same for the same seed, today and on every page. */
export function randomRanks(seed: string): (id: number) => number {
  const { p, q, r, s } = shuffleNumbers(seed)
  return (id) => {
    const mixed = plus(r, times(s, id < RANK_MODULUS ? id : id % RANK_MODULUS)) // `%` is slow
    const square = times(mixed, mixed)
    return plus(p, times(q, times(times(square, square), mixed)))
  }
}

/** One id's place; {@link randomRanks} is cheaper for many. */
export function randomRank(seed: string, id: number): number {
  return randomRanks(seed)(id)
}

/** 5 times this is 1 modulo the modulus less 1: to raise to this power undoes the fifth power. */
const FIFTH_ROOT = 6_710_885

/** The other way round: the smallest id that has a rank; the others are multiples of the modulus further. */
export function randomIds(seed: string): (rank: number) => number {
  const { p, q, r, s } = shuffleNumbers(seed)
  const [overQ, overS] = [power(q, RANK_MODULUS - 2), power(s, RANK_MODULUS - 2)]
  return (rank) => {
    const mixed = power(times(plus(rank, RANK_MODULUS - p), overQ), FIFTH_ROOT)
    return times(plus(mixed, RANK_MODULUS - r), overS)
  }
}

function plus(a: number, b: number): number {
  const sum = a + b
  return sum < RANK_MODULUS ? sum : sum - RANK_MODULUS
}

const ONE_OVER_MODULUS = 1 / RANK_MODULUS

/** `a * b` modulo {@link RANK_MODULUS}. Much quicker than `%`; the quotient may be off by one. */
function times(a: number, b: number): number {
  const product = a * b
  const rest = product - Math.floor(product * ONE_OVER_MODULUS) * RANK_MODULUS
  return rest < 0 ? rest + RANK_MODULUS : rest < RANK_MODULUS ? rest : rest - RANK_MODULUS
}

function power(base: number, exponent: number): number {
  let result = 1
  let square = base
  for (let left = exponent; left > 0; left >>>= 1) {
    if ((left & 1) === 1) result = times(result, square)
    square = times(square, square)
  }
  return result
}
