import { BLOCK, BLOCK_WORDS, blocksFor, lowestBit, popcount } from './bits.ts'
import { readyForBlocks } from './blocks.ts'
import type { Inventory } from './inventory.ts'
import { fillAndCount, findListed } from './matches.ts'
import type { Found } from './narrow.ts'
import type { Plan } from './plan.ts'

/** A page in the order of ids. */
export interface IdPage {
  offset: number
  limit: number
  /** Newest first. */
  backwards: boolean
  /** Look no further than the page. */
  only?: boolean
}

/**
 * The positions of a page in the order of ids, and how many match. Positions are in that order already, so matches are
 * counted block by block and only those of the page are ever written down.
 */
export function findById(
  inventory: Inventory,
  plan: Plan,
  page: IdPage,
): { positions: number[]; count: number } {
  const listed = findListed(inventory, plan)
  if (listed) return { positions: pageOfList(listed, page), count: listed.count }

  const { offset, limit, backwards, only = false } = page
  const blocks = blocksFor(inventory.positions.size)
  const ready = readyForBlocks(inventory, plan, plan.most)
  const target = { words: inventory.scratch.dirty(BLOCK_WORDS), base: 0 }
  const positions: number[] = []
  let count = 0
  const enough = only ? offset + limit : Infinity
  for (let step = 0; step < blocks && count < enough; step += 1) {
    const block = backwards ? blocks - 1 - step : step
    const inBlock = fillAndCount(ready, block, target)
    if (count + inBlock > offset && positions.length < limit) {
      const from = Math.max(0, offset - count)
      const to = Math.min(inBlock, offset + limit - count)
      const found = backwards
        ? numbered(target.words, inBlock - to, inBlock - from).toReversed()
        : numbered(target.words, from, to)
      for (const bit of found) positions.push(block * BLOCK + bit)
    }
    count += inBlock
  }
  return { positions, count }
}

function pageOfList({ list, count }: Found, { offset, limit, backwards }: IdPage): number[] {
  const end = Math.min(count, offset + limit)
  if (offset >= end) return []
  if (!backwards) return Array.from(list.subarray(offset, end))
  return Array.from(list.subarray(count - end, count - offset)).toReversed()
}

/** The bits that are 1, from the one with number `from` up to that with number `to`, counted from 0. */
function numbered(words: Int32Array, from: number, to: number): number[] {
  const found: number[] = []
  let number = 0
  for (let index = 0; index < words.length && number < to; index += 1) {
    let word = words[index] ?? 0
    const count = popcount(word)
    if (number + count > from) {
      for (let at = number; word !== 0; at += 1) {
        if (at >= from && at < to) found.push(index * 32 + lowestBit(word))
        word &= word - 1
      }
    }
    number += count
  }
  return found
}
