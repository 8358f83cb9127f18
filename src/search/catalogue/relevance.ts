import { isTerm, type Query, type Term } from '../language/tree.ts'
import { BLOCK, BLOCK_BITS, BLOCK_WORDS, lowestBit, setBit } from './bits.ts'
import { fill, readyForBlocks } from './blocks.ts'
import type { Inventory } from './inventory.ts'
import { bitsOf, type Matches } from './matches.ts'
import type { Plan } from './plan.ts'
import { type Asking, planOf } from './resolve.ts'

/** A query as relevance sees it: terms that count, what multiplies them, what is summed. Negations count nothing. */
type Weighing =
  | { kind: 'term'; plan: Plan }
  | { kind: 'sum'; of: readonly Weighing[] }
  | { kind: 'times'; of: Weighing; by: number }

/**
 * The relevance of every match, as `relevance` of the language counts it, number for number. Worked out block by
 * block, term by term.
 */
export function relevances(
  inventory: Inventory,
  asked: { query: Query; asking: Asking; matches: Matches; also?: number | undefined },
): (position: number) => number | null {
  const { query, asking, matches, also } = asked
  const wanted = bitsOf(inventory, matches).slice()
  if (also !== undefined) setBit(wanted, also)

  const weighing = weighingOf(query, (term) =>
    readyForBlocks(inventory, planOf(inventory, term, asking), Infinity),
  )
  const blocks = new Map<number, Float64Array>()
  for (let block = 0; block * BLOCK_WORDS < wanted.length; block += 1) {
    const words = wanted.subarray(block * BLOCK_WORDS, (block + 1) * BLOCK_WORDS)
    if (words.some((word) => word !== 0)) blocks.set(block, weigh(weighing, block, words))
  }
  return (position) => blocks.get(position >>> BLOCK_BITS)?.[position & (BLOCK - 1)] ?? null
}

function weighingOf(query: Query, planOfTerm: (term: Term) => Plan): Weighing {
  if (isTerm(query)) return { kind: 'term', plan: planOfTerm(query) }
  switch (query.op) {
    case 'not':
      return { kind: 'sum', of: [] }
    case 'boost':
      return { kind: 'times', of: weighingOf(query.of, planOfTerm), by: query.by }
    case 'and':
    case 'or':
      return { kind: 'sum', of: query.of.map((part) => weighingOf(part, planOfTerm)) }
  }
}

function weigh(weighing: Weighing, block: number, wanted: Int32Array): Float64Array {
  switch (weighing.kind) {
    case 'term': {
      const weights = new Float64Array(BLOCK)
      addTerm(weighing.plan, block, wanted, weights)
      return weights
    }
    case 'times': {
      const weights = weigh(weighing.of, block, wanted)
      for (let at = 0; at < BLOCK; at += 1) weights[at] = weighing.by * (weights[at] ?? 0)
      return weights
    }
    case 'sum': {
      const weights = new Float64Array(BLOCK)
      for (const part of weighing.of) {
        if (part.kind === 'term') {
          addTerm(part.plan, block, wanted, weights)
        } else {
          const others = weigh(part, block, wanted)
          for (let at = 0; at < BLOCK; at += 1) weights[at] = (weights[at] ?? 0) + (others[at] ?? 0)
        }
      }
      return weights
    }
  }
}

/** Adds 1 for every wanted position that matches the term. */
function addTerm(plan: Plan, block: number, wanted: Int32Array, weights: Float64Array): void {
  const found = new Int32Array(BLOCK_WORDS)
  if (!fill(plan, block, { words: found, base: 0 })) return
  for (let index = 0; index < BLOCK_WORDS; index += 1) {
    let word = (found[index] ?? 0) & (wanted[index] ?? 0)
    while (word !== 0) {
      const at = index * 32 + lowestBit(word)
      weights[at] = (weights[at] ?? 0) + 1
      word &= word - 1
    }
  }
}
