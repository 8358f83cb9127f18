import { PostingSet } from './posting-set.ts'

/** What a set is when it is not its only position. */
const NONE = -1
/** In a snapshot; nobody has asked for it yet. */
const STORED = -2
const MADE = -3

/** Sets kept elsewhere, made when they are first asked for. */
export interface Stored {
  count: (slot: number) => number
  make: (slot: number) => PostingSet
}

/**
 * All posting sets of a library, numbered. A number stays with its meaning for good. Most values of some fields belong
 * to one item, so a set of one position is only that.
 */
export class Postings {
  length = 0
  /** The only position of each set, or one of the above. */
  #singles: Int32Array = new Int32Array(64)
  readonly #made = new Map<number, PostingSet>()
  #stored: Stored | null = null

  /** A new empty set. */
  create(): number {
    if (this.length === this.#singles.length) {
      const grown = new Int32Array(Math.max(64, Math.ceil(this.length * 1.5)))
      grown.set(this.#singles)
      this.#singles = grown
    }
    this.#singles[this.length] = NONE
    this.length += 1
    return this.length - 1
  }

  /** Takes over the sets of a snapshot: what {@link singles} gave, and the others. */
  useStored(singles: Int32Array, stored: Stored): void {
    this.#singles = singles
    this.length = singles.length
    this.#stored = stored
  }

  /** The only position of every set; -1 for an empty one, -2 for one of several positions. */
  singles(): Int32Array {
    return this.#singles.slice(0, this.length).map((held) => (held === MADE ? STORED : held))
  }

  add(slot: number, position: number): void {
    const held = this.#held(slot)
    if (held === MADE) {
      this.#set(slot)?.add(position)
    } else if (held === NONE) {
      this.#singles[slot] = position
    } else if (held !== position) {
      const set = new PostingSet()
      set.add(held)
      set.add(position)
      this.#keep(slot, set)
    }
  }

  delete(slot: number, position: number): void {
    const held = this.#held(slot)
    if (held === MADE) this.#set(slot)?.delete(position)
    else if (held === position) this.#singles[slot] = NONE
  }

  count(slot: number): number {
    const held = this.#singles[slot] ?? NONE
    if (held === MADE) return this.#set(slot)?.count ?? 0
    if (held === STORED) return this.#stored?.count(slot) ?? 0
    return held === NONE ? 0 : 1
  }

  /** The set as it is now; for reading only. */
  read(slot: number): PostingSet {
    const held = this.#held(slot)
    const made = held === MADE ? this.#set(slot) : undefined
    if (made) return made
    const set = new PostingSet()
    if (held >= 0) set.add(held)
    return set
  }

  /** See {@link PostingSet.shift}. */
  shift(from: number, by: number): void {
    for (let slot = 0; slot < this.length; slot += 1) {
      const held = this.#held(slot)
      if (held === MADE) this.#set(slot)?.shift(from, by)
      else if (held >= from) this.#singles[slot] = held + by
    }
  }

  trim(): void {
    for (const set of this.#made.values()) set.trim()
  }

  #set(slot: number): PostingSet | undefined {
    return this.#made.get(slot)
  }

  #keep(slot: number, set: PostingSet): void {
    this.#made.set(slot, set)
    this.#singles[slot] = MADE
  }

  #held(slot: number): number {
    const held = this.#singles[slot] ?? NONE
    if (held !== STORED || !this.#stored) return held
    this.#keep(slot, this.#stored.make(slot))
    return MADE
  }
}
