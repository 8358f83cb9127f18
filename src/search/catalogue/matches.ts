import { BLOCK_WORDS, blocksFor, countBits, listBits, setBit } from './bits.ts'
import { fill, readyForBlocks } from './blocks.ts'
import type { Target } from './block-words.ts'
import type { Inventory } from './inventory.ts'
import { fillMeeting } from './meet.ts'
import { driverOf, type Found, listMatches } from './narrow.ts'
import type { Plan } from './plan.ts'

/** Going through a list of candidates is less work than through all blocks when one position in this many is on it. */
const LIST_WITHIN = 64

/** What a search found: a list of positions while they are few, else one bit for each. */
export type Matches = ({ kind: 'list' } & Found) | { kind: 'bits'; words: Int32Array; count: number }

/** Finds everything that matches. */
export function findMatches(inventory: Inventory, plan: Plan): Matches {
  const listed = findListed(inventory, plan)
  if (listed) return { kind: 'list', ...listed }

  const count = blocksFor(inventory.positions.size)
  const ready = readyForBlocks(inventory, plan, plan.most)
  const words = inventory.scratch.dirty(count * BLOCK_WORDS)
  const found: Matches = { kind: 'bits', words, count: 0 }
  for (let block = 0; block < count; block += 1) {
    found.count += fillAndCount(ready, block, { words, base: block * BLOCK_WORDS })
  }
  return found
}

/** All matches, if going through a list of candidates is the shorter way. */
export function findListed(inventory: Inventory, plan: Plan): Found | null {
  if (plan.kind === 'none') return { list: new Uint32Array(0), count: 0 }
  const driver = driverOf(plan)
  const worthIt = driver !== null && driver.most * LIST_WITHIN <= inventory.positions.size
  return worthIt ? listMatches(inventory, plan, driver) : null
}

/** Writes a block of what matches a plan that is ready for blocks; returns how many do. */
export function fillAndCount(ready: Plan, block: number, target: Target): number {
  const met = fillMeeting(ready, block, target)
  if (met !== undefined) return met
  return fill(ready, block, target) ? countBits(target.words, target.base, target.base + BLOCK_WORDS) : 0
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
