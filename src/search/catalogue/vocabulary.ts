import { Dictionary } from './dictionary.ts'
import type { Postings } from './postings.ts'
import { roomFor } from './sorted.ts'

/** The different texts of a field, each with the set of items that have it. */
export class Vocabulary {
  readonly dictionary = new Dictionary()
  /** The posting set of each value, by its number. */
  slots: Uint32Array = new Uint32Array(0)
  /** How many values have a set. */
  #known = 0
  readonly #postings: Postings

  constructor(postings: Postings) {
    this.#postings = postings
  }

  /** The number of a value, new or not. */
  add(text: string): number {
    const value = this.dictionary.add(text)
    if (value < this.#known) return value
    this.slots = roomFor(this.slots, value + 1)
    this.slots[value] = this.#postings.create()
    this.#known = value + 1
    return value
  }

  slotOf(value: number): number {
    return value < this.#known ? (this.slots[value] ?? -1) : -1
  }

  /** Takes over the sets of the values that the dictionary has. */
  useSlots(slots: Uint32Array): void {
    this.slots = slots
    this.#known = slots.length
  }

  isUsed(value: number): boolean {
    return this.#postings.count(this.slotOf(value)) > 0
  }
}
