/** Words lent out for one search and used again by the next, so that a search makes no garbage of their size. */
export class Scratch {
  #idle: Int32Array[] = []
  #lent: Int32Array[] = []

  /** So many words, all zero. */
  words(length: number): Int32Array {
    return this.dirty(length).fill(0)
  }

  /** So many words with anything in them, for who writes them all. */
  dirty(length: number): Int32Array {
    const found = this.#idle.pop()
    const words = found?.length === length ? found : new Int32Array(length)
    this.#lent.push(words)
    return words
  }

  /** Takes everything back. */
  reset(): void {
    for (const words of this.#lent) if (this.#idle.length < MOST_KEPT) this.#idle.push(words)
    this.#lent.length = 0
  }
}

const MOST_KEPT = 8
