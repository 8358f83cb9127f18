import { PostingSet } from './posting-set.ts'

/** Positions left free for ids that are skipped: transactions may commit in another order than they took their ids. */
const MOST_SKIPPED = 16
const WIDEST_NARROW = 2 ** 32 - 1

/**
 * The place of every item in the sets and columns. Positions are dense and in the order of ids, so the newest items
 * are at the end; a removed item leaves its position free.
 */
export class Positions {
  /** Positions given out, with and without an item. */
  size = 0
  /** Ascending; a free position carries the id that was there, or that of its predecessor. */
  ids: Uint32Array | Float64Array = new Uint32Array(64)
  readonly live = new PostingSet({ alwaysDense: true })

  idAt(position: number): number {
    return this.ids[position] ?? 0
  }

  /** The position of an item, or -1. */
  find(id: number): number {
    const at = this.firstAtLeast(id)
    return at < this.size && this.ids[at] === id && this.live.has(at) ? at : -1
  }

  /** The first position whose id is at least this, or `size`. */
  firstAtLeast(id: number): number {
    let low = 0
    let high = this.size
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.ids[middle] ?? 0) < id) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Takes the position for a new id; -1 if there is no room for it between its neighbours. */
  take(id: number): number {
    if (id > WIDEST_NARROW && this.ids instanceof Uint32Array) this.#resize(this.ids.length, id)
    const at = this.#freeFor(id)
    if (at !== -1) this.live.add(at)
    return at
  }

  /** Frees the position of an item. */
  free(position: number): void {
    this.live.delete(position)
  }

  /** Makes `by` (a multiple of 32) free positions where `id` belongs, and returns the first of them. */
  makeRoom(id: number, by: number): number {
    const from = this.firstAtLeast(id)
    this.#grow(this.size + by)
    this.ids.copyWithin(from + by, from, this.size)
    this.ids.fill(from === 0 ? 0 : this.idAt(from - 1), from, from + by)
    this.size += by
    this.live.shift(from, by)
    return from
  }

  #freeFor(id: number): number {
    const last = this.size === 0 ? 0 : this.idAt(this.size - 1)
    if (id > last || this.size === 0) return this.#append(id, last)

    const at = this.firstAtLeast(id)
    if (this.ids[at] === id) return at
    // The run of free positions before it, if any, all carry the id of the item before them.
    const before = at === 0 ? -1 : this.firstAtLeast(this.idAt(at - 1))
    const free = at - before - 1
    if (before !== -1 && free > 0) {
      const gap = this.idAt(at) - this.idAt(before) - 1
      // Where every id that may still come has its place, it goes there; else they are expected to come ascending.
      const chosen = before + (gap <= free ? id - this.idAt(before) : 1)
      this.ids.fill(id, chosen, at)
      return chosen
    }
    const chosen = before !== -1 && !this.live.has(before) ? before : at
    if (this.live.has(chosen)) return -1
    this.ids[chosen] = id
    return chosen
  }

  #append(id: number, last: number): number {
    const skipped = this.size === 0 ? 0 : Math.min(MOST_SKIPPED, id - last - 1)
    this.#grow(this.size + skipped + 1)
    this.ids.fill(last, this.size, this.size + skipped)
    this.size += skipped
    this.ids[this.size] = id
    this.size += 1
    return this.size - 1
  }

  #grow(size: number): void {
    if (size > this.ids.length) this.#resize(Math.max(size, Math.ceil(this.ids.length * 1.25)))
  }

  /** To the narrowest array that holds the ids there are and `largest`. */
  #resize(length: number, largest = 0): void {
    const wide = largest > WIDEST_NARROW || this.ids instanceof Float64Array
    const resized = wide ? new Float64Array(length) : new Uint32Array(length)
    resized.set(this.ids)
    this.ids = resized
  }
}
