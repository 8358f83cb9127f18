import {
  BLOCK,
  BLOCK_BITS,
  BLOCK_WORDS,
  blocksFor,
  clearBit,
  countBits,
  hasBit,
  listBits,
  setBit,
} from './bits.ts'
import { firstAtLeast, roomFor } from './sorted.ts'

const NO_POSITIONS = new Uint32Array(0)
const NO_WORDS = new Int32Array(0)

/** Fewer positions than this always stay a list. */
const SMALLEST_DENSE = 1024
/** A list becomes bits when at least one position in this many is in it … */
const DENSE_WITHIN = 64
/** … and bits become a list again when fewer than one in this many are. */
const SPARSE_WITHIN = 256

/**
 * The positions of the items that have one tag, one value of a field, or the like. A sorted list while they are few,
 * one bit per position when they are many.
 */
export class PostingSet {
  count = 0
  /** Ascending, the first `count` of them; empty while dense. */
  list: Uint32Array = NO_POSITIONS
  /** Null while sparse. Always whole blocks; what lies behind them is not in the set. */
  words: Int32Array | null = null
  /** How many there are in each block, while dense. */
  blocks: Uint32Array = NO_POSITIONS
  readonly #alwaysDense: boolean

  constructor({ alwaysDense = false } = {}) {
    this.#alwaysDense = alwaysDense
    if (alwaysDense) this.words = NO_WORDS
  }

  has(position: number): boolean {
    if (this.words) return hasBit(this.words, position)
    const at = firstAtLeast(this.list, this.count, position)
    return at < this.count && this.list[at] === position
  }

  add(position: number): void {
    if (this.words) this.#addBit(this.words, position)
    else this.#addToList(position)
  }

  delete(position: number): void {
    if (this.words) {
      if (!hasBit(this.words, position)) return
      clearBit(this.words, position)
      this.count -= 1
      this.blocks[position >>> BLOCK_BITS] = (this.blocks[position >>> BLOCK_BITS] ?? 0) - 1
      if (!this.#alwaysDense && this.count * SPARSE_WITHIN < this.words.length * 32) this.#becomeSparse()
      return
    }
    const at = firstAtLeast(this.list, this.count, position)
    if (at === this.count || this.list[at] !== position) return
    this.list.copyWithin(at, at + 1, this.count)
    this.count -= 1
  }

  /** Every position from `from` up moves up by `by`, a multiple of 32. */
  shift(from: number, by: number): void {
    if (!this.words) {
      for (let at = firstAtLeast(this.list, this.count, from); at < this.count; at += 1) {
        this.list[at] = (this.list[at] ?? 0) + by
      }
      return
    }
    const old = this.words
    const moved = new Int32Array(blocksFor(old.length * 32 + by) * BLOCK_WORDS)
    const first = from >>> 5
    const stays = (1 << (from & 31)) - 1
    moved.set(old.subarray(0, first))
    for (let index = first; index < old.length; index += 1) moved[index + by / 32] = old[index] ?? 0
    const split = old[first] ?? 0
    moved[first + by / 32] = split & ~stays
    moved[first] = split & stays
    this.useWords(moved)
  }

  /** Gives back the room kept for what might be added. */
  trim(): void {
    if (!this.words && this.list.length > this.count) this.list = this.list.slice(0, this.count)
  }

  useList(list: Uint32Array): void {
    this.words = null
    this.blocks = NO_POSITIONS
    this.list = list
    this.count = list.length
  }

  /** @param words Whole blocks. */
  useWords(words: Int32Array): void {
    this.words = words
    this.list = NO_POSITIONS
    this.blocks = new Uint32Array(words.length / BLOCK_WORDS)
    this.count = 0
    for (let block = 0; block < this.blocks.length; block += 1) {
      const count = countBits(words, block * BLOCK_WORDS, (block + 1) * BLOCK_WORDS)
      this.blocks[block] = count
      this.count += count
    }
  }

  #addToList(position: number): void {
    const { count } = this
    const last = count === 0 ? -1 : (this.list[count - 1] ?? 0)
    const at = position > last ? count : firstAtLeast(this.list, count, position)
    if (at < count && this.list[at] === position) return
    this.list = roomFor(this.list, count + 1)
    if (at < count) this.list.copyWithin(at + 1, at, count)
    this.list[at] = position
    this.count += 1
    if (this.count >= SMALLEST_DENSE && this.count * DENSE_WITHIN > Math.max(position, last))
      this.#becomeDense()
  }

  #addBit(words: Int32Array, position: number): void {
    if (position >>> 5 >= words.length) {
      const blocks = blocksFor(Math.max(position + 1, (words.length + words.length / 4) * 32))
      if (!this.#alwaysDense && this.count * SPARSE_WITHIN < blocks * BLOCK) {
        this.#becomeSparse()
        this.#addToList(position)
        return
      }
      const grown = new Int32Array(blocks * BLOCK_WORDS)
      grown.set(words)
      const counts = new Uint32Array(blocks)
      counts.set(this.blocks)
      this.words = grown
      this.blocks = counts
      this.#addBit(grown, position)
      return
    }
    if (hasBit(words, position)) return
    setBit(words, position)
    this.count += 1
    this.blocks[position >>> BLOCK_BITS] = (this.blocks[position >>> BLOCK_BITS] ?? 0) + 1
  }

  #becomeDense(): void {
    const last = this.list[this.count - 1] ?? 0
    const words = new Int32Array(blocksFor(last + 1) * BLOCK_WORDS)
    for (let at = 0; at < this.count; at += 1) setBit(words, this.list[at] ?? 0)
    this.useWords(words)
  }

  #becomeSparse(): void {
    const words = this.words ?? NO_WORDS
    const list = new Uint32Array(this.count)
    listBits(words, 0, words.length, list)
    this.useList(list)
  }
}
