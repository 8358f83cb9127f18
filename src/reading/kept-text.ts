import { cut } from './document.ts'

/** Characters of searchable text, as of pages. */
const longest = 100_000

/** The text of a document as it is found, without the spaces that only lay it out, up to its limit. */
export class KeptText {
  readonly #parts: string[] = []
  #length = 0
  /** What goes before the next word. */
  #gap = ''

  /** Whether nothing more is wanted. */
  get isFull(): boolean {
    return this.#length > longest
  }

  add(text: string): void {
    const words = text.trim()
    const start = words === '' ? text.length : text.indexOf(words)
    this.#widen(text.slice(0, start))
    if (words === '' || this.isFull) return
    const inner = words.replaceAll(/[^\S\n]+/g, ' ').replaceAll(/ ?\n[ \n]*/g, '\n')
    this.#parts.push(this.#length === 0 ? '' : this.#gap, inner)
    this.#length += this.#gap.length + inner.length
    this.#gap = ''
    this.#widen(text.slice(start + words.length))
  }

  space(): void {
    this.#widen(' ')
  }

  /** Ends a line, so that the words on both sides do not become one. */
  end(): void {
    this.#widen('\n')
  }

  toString(): string {
    return cut(this.#parts.join(''), longest)
  }

  #widen(spaces: string): void {
    if (spaces !== '') this.#gap = this.#gap === '\n' || spaces.includes('\n') ? '\n' : ' '
  }
}
