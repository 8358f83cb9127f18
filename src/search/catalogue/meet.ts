import { BLOCK_WORDS, popcount } from './bits.ts'
import type { Target } from './block-words.ts'
import type { BitsPlan, Plan } from './plan.ts'

/** Words from `from` on; turned over if `mask` is -1. */
interface Side {
  words: Int32Array
  from: number
  mask: number
}

/**
 * Writes a block of what is in all of some sets, and in none of others, and counts it on the way: most searches of many
 * items are this, and three sets at once take half the time of one after the other.
 *
 * @returns How many there are; nothing if the plan is another.
 */
export function fillMeeting(plan: Plan, block: number, target: Target): number | undefined {
  if (plan.kind !== 'and') return undefined
  const sides: Side[] = []
  for (const part of plan.of) {
    const bits = part.kind === 'not' ? part.of : part
    if (bits.kind !== 'bits') return undefined
    if (!isEmpty(bits, block)) {
      sides.push({ words: bits.words, from: block * BLOCK_WORDS, mask: part === bits ? 0 : -1 })
    } else if (part === bits) {
      target.words.fill(0, target.base, target.base + BLOCK_WORDS)
      return 0
    }
  }
  const [first, second = first, third = second] = sides
  if (!first || !second || !third) return undefined
  let count = meet([first, second, third], target)
  const sofar = { words: target.words, from: target.base, mask: 0 }
  for (let next = 3; next < sides.length; next += 2) {
    count = meet([sofar, sides[next] ?? sofar, sides[next + 1] ?? sofar], target)
  }
  return count
}

function isEmpty({ words, blocks }: BitsPlan, block: number): boolean {
  return blocks ? (blocks[block] ?? 0) === 0 : block * BLOCK_WORDS >= words.length
}

/** Four words at a time, counted as `countBits` does. The `| 0` spares checks for places too large for 32 bits. */
function meet([a, b, c]: [Side, Side, Side], { words: out, base }: Target): number {
  const { words: x, from: atX, mask: turnX } = a
  const { words: y, from: atY, mask: turnY } = b
  const { words: z, from: atZ, mask: turnZ } = c
  let count = 0
  let ones = 0
  let twos = 0
  for (let at = 0; at < BLOCK_WORDS; at += 4) {
    const i = (atX + at) | 0
    const j = (atY + at) | 0
    const k = (atZ + at) | 0
    const to = (base + at) | 0
    const p = ((x[i] ?? 0) ^ turnX) & ((y[j] ?? 0) ^ turnY) & ((z[k] ?? 0) ^ turnZ)
    const q = ((x[i + 1] ?? 0) ^ turnX) & ((y[j + 1] ?? 0) ^ turnY) & ((z[k + 1] ?? 0) ^ turnZ)
    const r = ((x[i + 2] ?? 0) ^ turnX) & ((y[j + 2] ?? 0) ^ turnY) & ((z[k + 2] ?? 0) ^ turnZ)
    const s = ((x[i + 3] ?? 0) ^ turnX) & ((y[j + 3] ?? 0) ^ turnY) & ((z[k + 3] ?? 0) ^ turnZ)
    out[to] = p
    out[to + 1] = q
    out[to + 2] = r
    out[to + 3] = s
    const firstHalf = ones ^ p
    const firstTwos = (ones & p) | (firstHalf & q)
    ones = firstHalf ^ q
    const secondHalf = ones ^ r
    const secondTwos = (ones & r) | (secondHalf & s)
    ones = secondHalf ^ s
    const half = twos ^ firstTwos
    count += popcount((twos & firstTwos) | (half & secondTwos))
    twos = half ^ secondTwos
  }
  return 4 * count + 2 * popcount(twos) + popcount(ones)
}
