import { BLOCK, BLOCK_WORDS, clearBit, lowestBit, setBit, setRun } from './bits.ts'
import { copyBlock, intersectBlock, subtractBlock, type Target, uniteBlock } from './block-words.ts'
import type { Inventory } from './inventory.ts'
import { inRange } from './narrow.ts'
import { type BitsPlan, NONE, type Plan } from './plan.ts'
import { firstAtLeast } from './sorted.ts'
import { isAskedCheaper, spread } from './spread.ts'

/**
 * The plan with its ranges turned into bits, except where so few items are left by the other parts that looking at
 * each is less work.
 *
 * @param left How many positions are asked about at most.
 */
export function readyForBlocks(inventory: Inventory, plan: Plan, left: number): Plan {
  switch (plan.kind) {
    case 'range':
      return isAskedCheaper(plan, left) ? plan : spread(inventory, plan)
    case 'values':
      return spread(inventory, plan)
    case 'and': {
      const rest = Math.min(left, ...plan.of.filter(({ kind }) => kind !== 'range').map(({ most }) => most))
      const of = plan.of.map((part) => readyForBlocks(inventory, part, rest))
      const asked = of.filter(({ kind }) => kind === 'range')
      return { ...plan, of: [...of.filter((part) => !asked.includes(part)), ...asked] }
    }
    case 'or':
      return { ...plan, of: plan.of.map((part) => readyForBlocks(inventory, part, Infinity)) }
    case 'not':
      return { ...plan, of: readyForBlocks(inventory, plan.of, left) }
    case 'none':
    case 'between':
    case 'list':
    case 'bits':
    case 'tested':
      return plan
  }
}

/** Writes a block of what matches; false if nothing can. */
export function fill(plan: Plan, block: number, target: Target): boolean {
  const { words: out, base } = target
  if (plan.kind === 'bits' && mayHave(plan, block)) {
    copyBlock(plan.words, block * BLOCK_WORDS, target)
    return true
  }
  if (plan.kind === 'and') return fillAll(plan.of, block, target)
  if (plan.kind === 'or' || plan.kind === 'values') {
    for (const [index, part] of plan.of.entries()) {
      if (index === 0) fill(part, block, target)
      else unite(part, block, target)
    }
    return true
  }
  if (plan.kind === 'not') {
    out.fill(-1, base, base + BLOCK_WORDS)
    subtract(plan.of, block, target)
    return true
  }
  out.fill(0, base, base + BLOCK_WORDS)
  switch (plan.kind) {
    case 'none':
    case 'bits':
      return false
    case 'between':
    case 'list':
      unite(plan, block, target)
      return true
    case 'range':
      out.fill(-1, base, base + BLOCK_WORDS)
      keep(target, block, (position) => inRange(plan, position))
      return true
    case 'tested':
      if (!fill(plan.of, block, target)) return false
      keep(target, block, plan.test)
      return true
  }
}

function fillAll(parts: readonly Plan[], block: number, target: Target): boolean {
  const [first] = parts
  // A block that one part has nothing in needs no look at the others.
  const possible = parts.every((part) => part.kind !== 'bits' || mayHave(part, block))
  if (!first || !possible || !fill(first, block, target)) {
    target.words.fill(0, target.base, target.base + BLOCK_WORDS)
    return false
  }
  for (let index = 1; index < parts.length; index += 1) intersect(parts[index] ?? NONE, block, target)
  return true
}

/** Keeps what also matches. */
function intersect(plan: Plan, block: number, target: Target): void {
  switch (plan.kind) {
    case 'bits':
      intersectBlock(plan.words, block * BLOCK_WORDS, target)
      break
    case 'not':
      subtract(plan.of, block, target)
      break
    case 'range':
      keep(target, block, (position) => inRange(plan, position))
      break
    case 'tested':
      intersect(plan.of, block, target)
      keep(target, block, plan.test)
      break
    case 'and':
      for (const part of plan.of) intersect(part, block, target)
      break
    case 'none':
    case 'between':
    case 'list':
    case 'values':
    case 'or': {
      const other = borrow()
      fill(plan, block, other)
      intersectBlock(other.words, 0, target)
      giveBack(other)
    }
  }
}

/** Takes out what matches. */
function subtract(plan: Plan, block: number, target: Target): void {
  const { words: out, base } = target
  if (plan.kind === 'bits') {
    if (mayHave(plan, block)) subtractBlock(plan.words, block * BLOCK_WORDS, target)
  } else if (plan.kind === 'list') {
    const end = seek(plan, block)
    const shift = base * 32 - block * BLOCK
    for (let at = plan.at; at < end; at += 1) clearBit(out, (plan.list[at] ?? 0) + shift)
  } else if (plan.kind === 'values' || plan.kind === 'or') {
    for (const part of plan.of) subtract(part, block, target)
  } else {
    const other = borrow()
    if (fill(plan, block, other)) subtractBlock(other.words, 0, target)
    giveBack(other)
  }
}

/** Adds what matches. */
function unite(plan: Plan, block: number, target: Target): void {
  const { words: out, base } = target
  if (plan.kind === 'bits') {
    if (mayHave(plan, block)) uniteBlock(plan.words, block * BLOCK_WORDS, target)
  } else if (plan.kind === 'list') {
    const end = seek(plan, block)
    const shift = base * 32 - block * BLOCK
    for (let at = plan.at; at < end; at += 1) setBit(out, (plan.list[at] ?? 0) + shift)
  } else if (plan.kind === 'values' || plan.kind === 'or') {
    for (const part of plan.of) unite(part, block, target)
  } else if (plan.kind === 'between') {
    const start = block * BLOCK
    const [from, to] = [Math.max(0, plan.from - start), Math.min(BLOCK, plan.to - start)]
    setRun(out, base * 32 + from, base * 32 + to)
  } else {
    const other = borrow()
    if (fill(plan, block, other)) uniteBlock(other.words, 0, target)
    giveBack(other)
  }
}

/** Sets the cursor of a list to its first position in the block; returns where those of the block end. */
function seek(plan: Extract<Plan, { kind: 'list' }>, block: number): number {
  plan.at = firstAtLeast(plan.list, plan.most, block * BLOCK, plan.at)
  return firstAtLeast(plan.list, plan.most, (block + 1) * BLOCK, plan.at)
}

/** Keeps of a block what a test says yes to. */
function keep({ words: out, base }: Target, block: number, test: (position: number) => boolean): void {
  for (let at = 0; at < BLOCK_WORDS; at += 1) {
    let word = out[base + at] ?? 0
    let kept = word
    while (word !== 0) {
      const bit = lowestBit(word)
      if (!test(block * BLOCK + at * 32 + bit)) kept &= ~(1 << bit)
      word &= word - 1
    }
    out[base + at] = kept
  }
}

function mayHave({ words, blocks }: BitsPlan, block: number): boolean {
  return blocks ? (blocks[block] ?? 0) > 0 : block * BLOCK_WORDS < words.length
}

/** Blocks for what is put together on the way; at most as many as plans are deep. */
const idle: Target[] = []

function borrow(): Target {
  return idle.pop() ?? { words: new Int32Array(BLOCK_WORDS), base: 0 }
}

function giveBack(target: Target): void {
  idle.push(target)
}
