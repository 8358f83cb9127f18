const MOST_KEPT = 8

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
    const at = this.#idle.findIndex((words) => words.length === length)
    const words = this.#idle[at] ?? new Int32Array(length)
    if (at !== -1) this.#idle.splice(at, 1)
    this.#lent.push(words)
    return words
  }

  /** Takes everything back; what was lent last stays longest. */
  reset(): void {
    this.#idle = [...this.#lent, ...this.#idle].slice(0, MOST_KEPT)
    this.#lent = []
  }
}
