import { BOUND_PIECE } from './bounds.ts'
import type { Found } from './narrow.ts'
import { isBefore, type Keyed, lastIfBlank, sortedWindow, swap } from './select.ts'

/** What positions are ranked by: the smallest first, blank (NaN) ones last. */
export interface Ranks {
  of: (position: number) => number
  /** The rank of no position in the same piece of `BOUND_PIECE` is below this, which is quicker to know. */
  least: (position: number) => number
}

/** The best of what is offered, in a heap whose top is the worst of them. */
export class Best {
  readonly #heap: Keyed
  readonly #ties: 1 | -1
  #size = 0
  /** The rank that what is offered must not pass; none while there is room for anything. */
  worst = Infinity

  /** @param room How many to keep. @param ties 1 if equal ones stand in the order of positions, -1 if backwards. */
  constructor(room: number, ties: 1 | -1) {
    this.#heap = { keys: new Float64Array(room), positions: new Uint32Array(room) }
    this.#ties = ties
  }

  isFull(): boolean {
    return this.#size === this.#heap.keys.length
  }

  offer(position: number, rank: number): void {
    const { keys, positions } = this.#heap
    const key = lastIfBlank(rank)
    if (!this.isFull()) {
      keys[this.#size] = key
      positions[this.#size] = position
      this.#size += 1
      if (!this.isFull()) return
      for (let top = this.#size >>> 1; top >= 0; top -= 1) this.#sink(top)
    } else {
      if (key > this.worst || (key === this.worst && (position - (positions[0] ?? 0)) * this.#ties > 0))
        return
      keys[0] = key
      positions[0] = position
      this.#sink(0)
    }
    this.worst = keys[0] ?? Infinity
  }

  /** Those from place `from` on, in order. */
  from(from: number): number[] {
    const [keys, positions] = [this.#heap.keys, this.#heap.positions]
    const kept = { keys: keys.subarray(0, this.#size), positions: positions.subarray(0, this.#size) }
    return sortedWindow(kept, from, this.#size, this.#ties)
  }

  /** Moves what is at `top` down until nothing below it is worse. */
  #sink(top: number): void {
    for (let at = top; ;) {
      let worst = at
      for (let child = 2 * at + 1; child <= 2 * at + 2 && child < this.#size; child += 1)
        if (isBefore(this.#heap, this.#ties, worst, child)) worst = child
      if (worst === at) return
      swap(this.#heap, at, worst)
      at = worst
    }
  }
}

/** Offers a list. @param backwards Begin at its end; quickest if the best are looked at first. */
export function offerList(best: Best, { list, count }: Found, ranks: Ranks, backwards: boolean): void {
  for (let step = 0; step < count; step += 1) {
    const position = list[backwards ? count - 1 - step : step] ?? 0
    if (best.isFull() && ranks.least(position) > best.worst) continue
    best.offer(position, ranks.of(position))
  }
}

/**
 * The same for bits, if it is worth it: once full, it is known in how many pieces there may be better ones.
 *
 * @param most How many positions may have to be looked at.
 * @returns Whether all that count have been offered.
 */
export function offerBits(
  best: Best,
  { words, count }: { words: Int32Array; count: number },
  ranks: Ranks,
  { backwards, most }: { backwards: boolean; most: number },
): boolean {
  const pieces = (words.length * 32) / BOUND_PIECE
  const pieceAt = (step: number) => BOUND_PIECE * (backwards ? pieces - 1 - step : step)
  let step = 0
  for (; step < pieces && !best.isFull(); step += 1) offerPiece(best, words, pieceAt(step), ranks)

  let left = 0
  for (let next = step; next < pieces; next += 1) if (ranks.least(pieceAt(next)) <= best.worst) left += 1
  if ((left * count) / pieces > most) return false
  for (; step < pieces; step += 1)
    if (ranks.least(pieceAt(step)) <= best.worst) offerPiece(best, words, pieceAt(step), ranks)
  return true
}

/** All of a piece; from its end, because the newest are asked for most. */
function offerPiece(best: Best, words: Int32Array, start: number, { of: rank }: Ranks): void {
  for (let index = (start + BOUND_PIECE) / 32 - 1; index >= start / 32; index -= 1) {
    for (let word = words[index] ?? 0; word !== 0;) {
      const bit = 31 - Math.clz32(word)
      best.offer(index * 32 + bit, rank(index * 32 + bit))
      word &= ~(1 << bit)
    }
  }
}
