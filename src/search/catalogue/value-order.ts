import { flipBits } from './bits.ts'
import { flipBefore, followMarks, makeMarks, type Mark, MARKED_FROM } from './marks.ts'
import type { Column } from './column.ts'
import { sortByValue } from './sort-by-value.ts'

/** Positions in one piece of the order when it is made, and the most before a piece is cut in two. */
const PIECE = 2048
const LARGEST = 2 * PIECE

/**
 * The positions that have a value in a column, by value and then by position: a list in many pieces, so that a change
 * moves little. A place in it is a whole number from 0.
 */
export class ValueOrder {
  readonly #column: Column
  #pieces: { list: Uint32Array; count: number }[] = []
  /** The place each piece starts at; made again after a change. */
  #starts: Uint32Array | null = null
  /** Made when first asked for. */
  #marks: readonly Mark[] | null = null
  count: number

  /** @param sorted What {@link pieces} gave before, put together. */
  constructor(column: Column, sorted: Uint32Array = sortByValue(column)) {
    this.#column = column
    this.count = sorted.length
    for (let at = 0; at < sorted.length; at += PIECE) {
      const list = sorted.subarray(at, at + PIECE)
      this.#pieces.push({ list, count: list.length })
    }
  }

  pieces(): Uint32Array[] {
    return this.#pieces.map(({ list, count }) => list.subarray(0, count))
  }

  /** How many places hold a smaller value, or this value at an earlier position. */
  placeOf(value: number, position = 0): number {
    const piece = this.#pieceOf(value, position)
    const found = this.#pieces[piece]
    return found ? this.#startOf(piece) + this.#within(found, value, position) : 0
  }

  /** The place after the last one with this value. */
  endOf(value: number): number {
    return this.placeOf(value, Infinity)
  }

  /**
   * Calls `visit` for the places from `from` up to `to`, or backwards, until it returns false; says whether it never
   * did.
   */
  visit(from: number, to: number, backwards: boolean, visit: (position: number) => boolean): boolean {
    if (from >= to) return true
    let piece = this.#pieceAt(backwards ? to - 1 : from)
    while (piece >= 0 && piece < this.#pieces.length) {
      const { list, count } = this.#pieces[piece] ?? NOTHING
      const start = this.#startOf(piece)
      const low = Math.max(0, from - start)
      const high = Math.min(count, to - start)
      if (low >= high) return true
      if (backwards) {
        for (let at = high - 1; at >= low; at -= 1) if (!visit(list[at] ?? 0)) return false
      } else {
        for (let at = low; at < high; at += 1) if (!visit(list[at] ?? 0)) return false
      }
      piece += backwards ? -1 : 1
    }
    return true
  }

  /** Turns over the bits of all positions at the places from `from` up to `to`. */
  flip(words: Int32Array, from: number, to: number): void {
    if (from >= to) return
    for (let piece = this.#pieceAt(from); piece < this.#pieces.length; piece += 1) {
      const { list, count } = this.#pieces[piece] ?? NOTHING
      const start = this.#startOf(piece)
      if (start >= to) return
      flipBits(words, list, Math.max(0, from - start), Math.min(count, to - start))
    }
  }

  /**
   * Turns over the bits of all positions at the places from `from` up to `to`.
   *
   * @param words One bit for every position there is, in whole blocks.
   */
  flipRange(words: Int32Array, from: number, to: number): void {
    if (this.count < MARKED_FROM) {
      this.flip(words, from, to)
      return
    }
    if (this.#marks?.[0]?.words.length !== words.length) this.#marks = makeMarks(this, words.length)
    flipBefore(this.#marks, this, words, from)
    flipBefore(this.#marks, this, words, to)
  }

  valueAt(place: number): number {
    const piece = this.#pieceAt(place)
    return this.#column.at((this.#pieces[piece] ?? NOTHING).list[place - this.#startOf(piece)] ?? 0)
  }

  /** The column must hold the value already. */
  insert(value: number, position: number): void {
    this.#starts = null
    this.#follow(position, Number.NaN, value)
    this.count += 1
    const index = this.#pieceOf(value, position)
    const piece = this.#pieces[index]
    if (!piece) {
      this.#pieces.push({ list: Uint32Array.of(position), count: 1 })
      return
    }
    const at = this.#within(piece, value, position)
    if (piece.count === piece.list.length) {
      const list = new Uint32Array(Math.min(LARGEST, Math.max(8, Math.ceil(piece.count * 1.5))))
      list.set(piece.list)
      piece.list = list
    }
    piece.list.copyWithin(at + 1, at, piece.count)
    piece.list[at] = position
    piece.count += 1
    if (piece.count === LARGEST) this.#cut(index, piece)
  }

  /** The column must hold the value still. */
  delete(value: number, position: number): void {
    this.#starts = null
    this.#follow(position, value, Number.NaN)
    this.count -= 1
    const index = this.#pieceOf(value, position)
    const piece = this.#pieces[index]
    if (!piece) return
    const at = this.#within(piece, value, position)
    piece.list.copyWithin(at, at + 1, piece.count)
    piece.count -= 1
    if (piece.count === 0) this.#pieces.splice(index, 1)
  }

  /** See `PostingSet.shift`. */
  shift(from: number, by: number): void {
    this.#marks = null
    for (const { list, count } of this.#pieces) {
      for (let at = 0; at < count; at += 1) if ((list[at] ?? 0) >= from) list[at] = (list[at] ?? 0) + by
    }
  }

  #follow(position: number, old: number, value: number): void {
    if (!this.#marks) return
    // Marks have a bit for every position there was when they were made.
    if (position >>> 5 >= (this.#marks[0]?.words.length ?? 0)) this.#marks = null
    else followMarks(this.#marks, position, old, value)
  }

  #cut(index: number, { list, count }: { list: Uint32Array; count: number }): void {
    const middle = count >>> 1
    const halves = [list.slice(0, middle), list.slice(middle, count)]
    this.#pieces.splice(index, 1, ...halves.map((half) => ({ list: half, count: half.length })))
  }

  /** The piece where this value at this position is or belongs: the last that does not start behind it. */
  #pieceOf(value: number, position: number): number {
    let low = 0
    let high = this.#pieces.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      const first = (this.#pieces[middle] ?? NOTHING).list[0] ?? 0
      if (this.#isBefore(first, value, position + 1)) low = middle
      else high = middle - 1
    }
    return low
  }

  #within({ list, count }: { list: Uint32Array; count: number }, value: number, position: number): number {
    let low = 0
    let high = count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#isBefore(list[middle] ?? 0, value, position)) low = middle + 1
      else high = middle
    }
    return low
  }

  #isBefore(held: number, value: number, position: number): boolean {
    const other = this.#column.at(held)
    return other < value || (other === value && held < position)
  }

  #pieceAt(place: number): number {
    const starts = this.#allStarts()
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((starts[middle] ?? 0) <= place) low = middle
      else high = middle - 1
    }
    return low
  }

  #startOf(piece: number): number {
    return this.#allStarts()[piece] ?? 0
  }

  #allStarts(): Uint32Array {
    if (this.#starts) return this.#starts
    const starts = new Uint32Array(this.#pieces.length)
    let place = 0
    for (const [index, { count }] of this.#pieces.entries()) {
      starts[index] = place
      place += count
    }
    this.#starts = starts
    return starts
  }
}

const NOTHING = { list: new Uint32Array(0), count: 0 }
