import { BLOCK_WORDS } from './bits.ts'

/** `BLOCK_WORDS` words, from `base` on. */
export interface Target {
  words: Int32Array
  base: number
}

// Four words at a time: the loop itself would else cost as much as the words. The `| 0` spares checks for places too
// large for 32 bits.

export function copyBlock(words: Int32Array, from: number, { words: out, base }: Target): void {
  out.set(words.subarray(from, from + BLOCK_WORDS), base)
}

/** Keeps what is also in the words from `from` on. */
export function intersectBlock(words: Int32Array, from: number, { words: out, base }: Target): void {
  for (let step = 0; step < BLOCK_WORDS; step += 4) {
    const to = (base + step) | 0
    const at = (from + step) | 0
    out[to] = (out[to] ?? 0) & (words[at] ?? 0)
    out[to + 1] = (out[to + 1] ?? 0) & (words[at + 1] ?? 0)
    out[to + 2] = (out[to + 2] ?? 0) & (words[at + 2] ?? 0)
    out[to + 3] = (out[to + 3] ?? 0) & (words[at + 3] ?? 0)
  }
}

/** Takes out what is in the words from `from` on. */
export function subtractBlock(words: Int32Array, from: number, { words: out, base }: Target): void {
  for (let step = 0; step < BLOCK_WORDS; step += 4) {
    const to = (base + step) | 0
    const at = (from + step) | 0
    out[to] = (out[to] ?? 0) & ~(words[at] ?? 0)
    out[to + 1] = (out[to + 1] ?? 0) & ~(words[at + 1] ?? 0)
    out[to + 2] = (out[to + 2] ?? 0) & ~(words[at + 2] ?? 0)
    out[to + 3] = (out[to + 3] ?? 0) & ~(words[at + 3] ?? 0)
  }
}

/** Adds what is in the words from `from` on. */
export function uniteBlock(words: Int32Array, from: number, { words: out, base }: Target): void {
  for (let step = 0; step < BLOCK_WORDS; step += 4) {
    const to = (base + step) | 0
    const at = (from + step) | 0
    out[to] = (out[to] ?? 0) | (words[at] ?? 0)
    out[to + 1] = (out[to + 1] ?? 0) | (words[at + 1] ?? 0)
    out[to + 2] = (out[to + 2] ?? 0) | (words[at + 2] ?? 0)
    out[to + 3] = (out[to + 3] ?? 0) | (words[at + 3] ?? 0)
  }
}
