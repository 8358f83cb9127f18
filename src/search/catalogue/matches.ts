import { BLOCK, BLOCK_WORDS, blocksFor, countBits, listBits, lowestBit, popcount, setBit } from './bits.ts'
import { fill, readyForBlocks } from './blocks.ts'
import type { Target } from './block-words.ts'
import type { Inventory } from './inventory.ts'
import { fillMeeting } from './meet.ts'
import { driverOf, type Found, listMatches } from './narrow.ts'
import type { Plan } from './plan.ts'

/** Going through a list of candidates is less work than through all blocks when one position in this many is on it. */
const LIST_WITHIN = 64

/** What a search found: a list of positions while they are few, else one bit for each, with counts of the blocks. */
export type Matches =
  | ({ kind: 'list' } & Found)
  | { kind: 'bits'; words: Int32Array; blocks: Uint32Array; count: number }

/**
 * Finds everything that matches.
 *
 * @param enough Look no further than the blocks with the last (or first) so many.
 */
export function findMatches(
  inventory: Inventory,
  plan: Plan,
  enough: { last: number } | { first: number } | null = null,
): Matches {
  const driver = driverOf(plan)
  if (plan.kind === 'none') return { kind: 'list', list: new Uint32Array(0), count: 0 }
  if (driver && driver.most * LIST_WITHIN <= inventory.positions.size) {
    return { kind: 'list', ...listMatches(inventory, plan, driver) }
  }

  const count = blocksFor(inventory.positions.size)
  const ready = readyForBlocks(inventory, plan, plan.most)
  const words = enough
    ? inventory.scratch.words(count * BLOCK_WORDS)
    : inventory.scratch.dirty(count * BLOCK_WORDS)
  const found: Matches = { kind: 'bits', words, blocks: new Uint32Array(count), count: 0 }
  const backwards = enough !== null && 'last' in enough
  const wanted = enough === null ? Infinity : 'last' in enough ? enough.last : enough.first
  for (let step = 0; step < count && found.count < wanted; step += 1) {
    const block = backwards ? count - 1 - step : step
    const base = block * BLOCK_WORDS
    const inBlock = fillMeeting(ready, block, { words, base }) ?? fillAndCount(ready, block, { words, base })
    found.blocks[block] = inBlock
    found.count += inBlock
  }
  return found
}

function fillAndCount(plan: Plan, block: number, target: Target): number {
  if (!fill(plan, block, target)) return 0
  return countBits(target.words, target.base, target.base + BLOCK_WORDS)
}

/** All positions, ascending. */
export function positionsOf(matches: Matches): Found {
  if (matches.kind === 'list') return matches
  const list = new Uint32Array(matches.count)
  return { list, count: listBits(matches.words, 0, matches.words.length, list) }
}

/** One bit for each match, in whole blocks. */
export function bitsOf({ positions, scratch }: Inventory, matches: Matches): Int32Array {
  if (matches.kind === 'bits') return matches.words
  const words = scratch.words(blocksFor(positions.size) * BLOCK_WORDS)
  for (let at = 0; at < matches.count; at += 1) setBit(words, matches.list[at] ?? 0)
  return words
}

/** The positions from `offset` on, at most `limit`, in the order of ids or backwards. */
export function slice(matches: Matches, offset: number, limit: number, backwards: boolean): number[] {
  const end = Math.min(matches.count, offset + limit)
  if (offset >= end) return []
  const from = backwards ? matches.count - end : offset
  const found = ascending(matches, from, end - offset)
  return backwards ? found.toReversed() : found
}

function ascending(matches: Matches, from: number, limit: number): number[] {
  if (matches.kind === 'list') return Array.from(matches.list.subarray(from, from + limit))
  const found: number[] = []
  let before = 0
  for (const [block, count] of matches.blocks.entries()) {
    if (before + count > from && before < from + limit) {
      const words = matches.words.subarray(block * BLOCK_WORDS, (block + 1) * BLOCK_WORDS)
      listSome(words, Math.max(0, from - before), from + limit - before, (bit) =>
        found.push(block * BLOCK + bit),
      )
    }
    before += count
  }
  return found
}

/** Gives the bits that are 1 from the one with number `from` up to that with number `to`, counted from 0. */
function listSome(words: Int32Array, from: number, to: number, give: (bit: number) => void): void {
  let number = 0
  for (let index = 0; index < words.length && number < to; index += 1) {
    let word = words[index] ?? 0
    const count = popcount(word)
    if (number + count > from) {
      for (let at = number; word !== 0; at += 1) {
        if (at >= from && at < to) give(index * 32 + lowestBit(word))
        word &= word - 1
      }
    }
    number += count
  }
}
