import { uniteBlock } from './block-words.ts'
import { BLOCK_WORDS, blocksFor, setBits } from './bits.ts'
import type { Inventory } from './inventory.ts'
import type { BitsPlan, RangePlan, ValuesPlan } from './plan.ts'

/** Asking one item costs about as much as marking this many positions: its value is seldom in a near cache. */
const ASKING_COST = 30
/** A range costs about as much as marking this many, thanks to the marks along its order … */
const RANGE_COST = 200_000
/** … and bits for all positions as much as marking this many. */
const WORDS_COST = 30_000

/** Whether asking so many items one by one is less work than {@link spread}. */
export function isAskedCheaper(plan: RangePlan | ValuesPlan, items: number): boolean {
  const most = plan.kind === 'range' ? Math.min(plan.most, RANGE_COST) : plan.most
  return items * ASKING_COST < most + WORDS_COST
}

/** The same with one bit for every position. */
export function spread({ positions, scratch }: Inventory, plan: RangePlan | ValuesPlan): BitsPlan {
  const words = scratch.words(blocksFor(positions.size) * BLOCK_WORDS)
  if (plan.kind === 'range') {
    plan.order.flipRange(words, plan.from, plan.to)
  } else {
    for (const part of plan.of) {
      if (part.kind === 'list') setBits(words, part.list, 0, part.most)
      else uniteAll(part.words, words)
    }
  }
  return { kind: 'bits', words, blocks: null, most: plan.most }
}

function uniteAll(words: Int32Array, out: Int32Array): void {
  const length = Math.min(words.length, out.length)
  for (let base = 0; base < length; base += BLOCK_WORDS) uniteBlock(words, base, { words: out, base })
}
