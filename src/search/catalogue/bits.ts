/**
 * Sets of positions as bits, 32 to a word, and blocks of positions: the unit in which a search works its way through
 * the library and skips what cannot match. The words of a block fit the processor's nearest cache.
 */

export const BLOCK_BITS = 16
/** Positions in a block. */
export const BLOCK = 2 ** BLOCK_BITS
export const BLOCK_WORDS = BLOCK / 32

/** Bits that are 1 in a word. */
export function popcount(word: number): number {
  const pairs = (word - ((word >>> 1) & 0x5555_5555)) | 0
  const fours = ((pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333)) | 0
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}

/**
 * Bits that are 1 in the words from `from` up to `to`, which must be a multiple of 8 further. Eight words are added up
 * bit by bit first, so that only two of them are counted (a carry-save adder).
 */
export function countBits(words: Int32Array, from: number, to: number): number {
  let count = 0
  let ones = 0
  let twos = 0
  for (let at = from; at < to; at += 8) {
    let a = words[at] ?? 0
    let b = words[at + 1] ?? 0
    let half = ones ^ a
    const carry1 = (ones & a) | (half & b)
    ones = half ^ b
    a = words[at + 2] ?? 0
    b = words[at + 3] ?? 0
    half = ones ^ a
    const carry2 = (ones & a) | (half & b)
    ones = half ^ b
    half = twos ^ carry1
    const fours = (twos & carry1) | (half & carry2)
    twos = half ^ carry2
    a = words[at + 4] ?? 0
    b = words[at + 5] ?? 0
    half = ones ^ a
    const carry3 = (ones & a) | (half & b)
    ones = half ^ b
    a = words[at + 6] ?? 0
    b = words[at + 7] ?? 0
    half = ones ^ a
    const carry4 = (ones & a) | (half & b)
    ones = half ^ b
    half = twos ^ carry3
    count += popcount(fours) + popcount((twos & carry3) | (half & carry4))
    twos = half ^ carry4
  }
  return 4 * count + 2 * popcount(twos) + popcount(ones)
}

export function hasBit(words: Int32Array, position: number): boolean {
  return (((words[position >>> 5] ?? 0) >>> (position & 31)) & 1) === 1
}

export function setBit(words: Int32Array, position: number): void {
  const index = position >>> 5
  words[index] = (words[index] ?? 0) | (1 << (position & 31))
}

export function clearBit(words: Int32Array, position: number): void {
  const index = position >>> 5
  words[index] = (words[index] ?? 0) & ~(1 << (position & 31))
}

/** Sets the bits of the positions from the one at `from` up to that at `to`. */
export function setBits(words: Int32Array, positions: Uint32Array, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    const position = positions[at] ?? 0
    const index = position >>> 5
    words[index] = (words[index] ?? 0) | (1 << (position & 31))
  }
}

/** Turns over the bits of the positions from the one at `from` up to that at `to`. */
export function flipBits(words: Int32Array, positions: Uint32Array, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    const position = positions[at] ?? 0
    const index = position >>> 5
    words[index] = (words[index] ?? 0) ^ (1 << (position & 31))
  }
}

/** Where the lowest 1 of a word stands; the word must have one. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word)
}

/** Sets the bits from `from` up to `to`, and no other bit of the words between them. */
export function setRun(words: Int32Array, from: number, to: number): void {
  if (from >= to) return
  const first = from >>> 5
  const last = (to - 1) >>> 5
  const head = -1 << (from & 31)
  const tail = -1 >>> (31 - ((to - 1) & 31))
  if (first === last) {
    words[first] = (words[first] ?? 0) | (head & tail)
    return
  }
  words[first] = (words[first] ?? 0) | head
  words.fill(-1, first + 1, last)
  words[last] = (words[last] ?? 0) | tail
}

/** The positions of all bits of the words from `from` up to `to`, ascending, written to `out`; returns how many. */
export function listBits(words: Int32Array, from: number, to: number, out: Uint32Array): number {
  let count = 0
  for (let index = from; index < to; index += 1) {
    let word = words[index] ?? 0
    while (word !== 0) {
      out[count] = index * 32 + lowestBit(word)
      count += 1
      word &= word - 1
    }
  }
  return count
}

/** How many blocks hold so many positions. */
export function blocksFor(positions: number): number {
  return Math.ceil(positions / BLOCK)
}

/** The nearest bit that is 1 above (1) or below (-1) a position; null if there is none. */
export function nearestBit(words: Int32Array, position: number, step: 1 | -1): number | null {
  const shift = position & 31
  const index = position >>> 5
  // In the word of the position itself, only the bits on that side of it.
  const side = step === 1 ? (shift === 31 ? 0 : -1 << (shift + 1)) : ~(-1 << shift)
  let word = (words[index] ?? 0) & side
  for (let at = index; at >= 0 && at < words.length; word = words[at] ?? 0) {
    if (word !== 0) return at * 32 + (step === 1 ? lowestBit(word) : 31 - Math.clz32(word))
    at += step
  }
  return null
}
