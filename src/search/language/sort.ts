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

/** 2^31 - 1, a prime. The ranks of all ids below it are different. */
export const RANK_MODULUS = 2_147_483_647

/**
 * The numbers that shuffle by one seed. The rank of an id, every operation modulo {@link RANK_MODULUS}, is
 *
 *     p + q * (r + s * id)^5
 *
 * Each step can be undone (5 has no factor in common with the modulus less 1), so no two ids share a rank; and no
 * product passes 2^62, so a database can count it in 64-bit integers too.
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
    const mixed = (r + times(s, id % RANK_MODULUS)) % RANK_MODULUS
    const square = times(mixed, mixed)
    return (p + times(q, times(times(square, square), mixed))) % RANK_MODULUS
  }
}

/** One id's place; {@link randomRanks} is cheaper for many. */
export function randomRank(seed: string, id: number): number {
  return randomRanks(seed)(id)
}

/** `a * b` modulo {@link RANK_MODULUS}, in two halves because a product of 62 bits does not fit a number. */
function times(a: number, b: number): number {
  const high = Math.floor(b / 32_768)
  const low = b % 32_768
  return (((a * high) % RANK_MODULUS) * 32_768 + a * low) % RANK_MODULUS
}
