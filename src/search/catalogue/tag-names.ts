import { Dictionary } from './dictionary.ts'
import type { CatalogueTag } from './facts.ts'
import type { Postings } from './postings.ts'

/** Tags by id and by any of their names. Items know tags by id only, so a new name or alias is one small change. */
export class TagNames {
  readonly dictionary = new Dictionary()
  readonly slots = new Map<number, number>()
  /**
   * The tag (its id) that has each name, by the name's number; several only while an alias has a tag's name. Plain
   * numbers, because there are many.
   */
  readonly #owners: (number | readonly number[] | undefined)[] = []
  /** The tags that have names. */
  readonly #named = new Set<number>()
  readonly #postings: Postings

  constructor(postings: Postings) {
    this.#postings = postings
  }

  /** The posting set of a tag, known or not. */
  slotOf(id: number): number {
    const known = this.slots.get(id)
    if (known !== undefined) return known
    const slot = this.#postings.create()
    this.slots.set(id, slot)
    return slot
  }

  put({ id, name, aliases }: CatalogueTag): void {
    this.remove(id)
    this.slotOf(id)
    for (const text of new Set([name, ...aliases])) this.own(this.dictionary.add(text), id)
  }

  /** Gives a tag one more name, by the name's number. */
  own(name: number, id: number): void {
    const others = this.ownersOf(name)
    this.#owners[name] = others.length === 0 ? id : [...others, id]
    this.#named.add(id)
  }

  /** Takes all names off a tag. Looks through all names: tags change seldom. */
  remove(id: number): void {
    if (!this.#named.delete(id)) return
    for (const [name, owner] of this.#owners.entries()) {
      if (owner === id) this.#owners[name] = undefined
      else if (typeof owner === 'object') this.#owners[name] = owner.filter((other) => other !== id)
    }
  }

  isKnown(name: string): boolean {
    return this.isUsed(this.dictionary.find(name))
  }

  isUsed(name: number): boolean {
    const owner = this.#owners[name]
    return typeof owner === 'number' || (owner !== undefined && owner.length > 0)
  }

  ownersOf(name: number): readonly number[] {
    const owner = this.#owners[name]
    if (owner === undefined) return []
    return typeof owner === 'number' ? [owner] : owner
  }

  /** The posting sets of the tags with any of these names. */
  slotsOf(names: readonly number[]): number[] {
    return names.flatMap((name) => this.ownersOf(name).map((id) => this.slotOf(id)))
  }

  /** Every name's number with a tag that has it. */
  *owned(): Generator<[name: number, id: number]> {
    for (let name = 0; name < this.#owners.length; name += 1) {
      for (const id of this.ownersOf(name)) yield [name, id]
    }
  }
}
