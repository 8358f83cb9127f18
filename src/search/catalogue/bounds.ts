import type { Column } from './column.ts'

const PIECE_BITS = 12
/** So many positions next to each other have bounds in common; a whole number of these is in a block. */
export const BOUND_PIECE = 2 ** PIECE_BITS

/**
 * Between which values those of neighbouring positions lie. Where values grow with the ids, as dates do, a search for
 * the newest need not look at the values of the others, each of which is in another place of the memory.
 *
 * A value that goes leaves the bounds as wide as they were.
 */
export class Bounds {
  #lowest: Float64Array
  #highest: Float64Array

  constructor(column: Column) {
    const pieces = Math.ceil(column.values.length / BOUND_PIECE)
    this.#lowest = new Float64Array(pieces).fill(Infinity)
    this.#highest = new Float64Array(pieces).fill(-Infinity)
    for (let position = 0; position < column.values.length; position += 1) {
      const value = column.at(position)
      if (!Number.isNaN(value)) this.include(position, value)
    }
  }

  include(position: number, value: number): void {
    const piece = position >>> PIECE_BITS
    if (piece >= this.#lowest.length) {
      this.#lowest = grown(this.#lowest, piece + 1, Infinity)
      this.#highest = grown(this.#highest, piece + 1, -Infinity)
    }
    if (value < (this.#lowest[piece] ?? 0)) this.#lowest[piece] = value
    if (value > (this.#highest[piece] ?? 0)) this.#highest[piece] = value
  }

  /** No value at the position, or near it, is below this. */
  lowestAt(position: number): number {
    return this.#lowest[position >>> PIECE_BITS] ?? Infinity
  }

  /** None is above this. */
  highestAt(position: number): number {
    return this.#highest[position >>> PIECE_BITS] ?? -Infinity
  }
}

function grown(old: Float64Array, length: number, empty: number): Float64Array {
  const array = new Float64Array(length).fill(empty)
  array.set(old)
  return array
}
