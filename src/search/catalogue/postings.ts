import { PostingSet } from './posting-set.ts'

/** The only position of a set with one, -1 for none, or the set: most values of some fields belong to one item. */
type Slot = PostingSet | number

/** A set that a snapshot has and nobody has asked for yet. */
const STORED = -2

/** Sets kept elsewhere, made when they are first asked for. */
export interface Stored {
  count: (slot: number) => number
  make: (slot: number) => PostingSet
}

/** All posting sets of a library, numbered. A number stays with its meaning for good. */
export class Postings {
  readonly #slots: Slot[] = []
  #stored: Stored | null = null

  get length(): number {
    return this.#slots.length
  }

  /** A new empty set. */
  create(): number {
    this.#slots.push(-1)
    return this.#slots.length - 1
  }

  /** Takes over the sets of a snapshot: the only position of each, -1 for none, `null` for a stored set. */
  useStored(stored: Stored, slots: Iterable<number | null>): void {
    this.#stored = stored
    for (const slot of slots) this.#slots.push(slot ?? STORED)
  }

  /** The set, its only position, or -1 if it is empty. */
  held(slot: number): Slot {
    const held = this.#slots[slot] ?? -1
    if (held !== STORED) return held
    const made = this.#stored?.make(slot) ?? -1
    this.#slots[slot] = made
    return made
  }

  add(slot: number, position: number): void {
    const held = this.held(slot)
    if (typeof held !== 'number') {
      held.add(position)
    } else if (held === -1) {
      this.#slots[slot] = position
    } else if (held !== position) {
      const set = new PostingSet()
      set.add(held)
      set.add(position)
      this.#slots[slot] = set
    }
  }

  delete(slot: number, position: number): void {
    const held = this.held(slot)
    if (typeof held !== 'number') held.delete(position)
    else if (held === position) this.#slots[slot] = -1
  }

  count(slot: number): number {
    const held = this.#slots[slot] ?? -1
    if (typeof held !== 'number') return held.count
    if (held === STORED) return this.#stored?.count(slot) ?? 0
    return held === -1 ? 0 : 1
  }

  /** The set as it is now; for reading only. */
  read(slot: number): PostingSet {
    const held = this.held(slot)
    if (typeof held !== 'number') return held
    const set = new PostingSet()
    if (held !== -1) set.add(held)
    return set
  }

  /** See {@link PostingSet.shift}. */
  shift(from: number, by: number): void {
    for (let slot = 0; slot < this.#slots.length; slot += 1) {
      const held = this.held(slot)
      if (typeof held !== 'number') held.shift(from, by)
      else if (held >= from) this.#slots[slot] = held + by
    }
  }

  trim(): void {
    for (const held of this.#slots) if (typeof held !== 'number') held.trim()
  }
}
