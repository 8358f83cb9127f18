import type { AddressField, DateField, IdField, KeywordField, NumberField, TextField } from '../fields.ts'
import { Column } from './column.ts'
import type { Shown } from './facts.ts'
import { NumberLists } from './number-lists.ts'
import { Positions } from './positions.ts'
import { Postings } from './postings.ts'
import { Scratch } from './scratch.ts'
import { TagNames } from './tag-names.ts'
import { Vocabulary } from './vocabulary.ts'

/** A field of prose: which items have a word, and the words of every item one after the other. */
export interface Prose {
  /** Of words cut down to their stems. */
  vocabulary: Vocabulary
  /** Numbers of values of `vocabulary`. */
  sequences: NumberLists
}

/** All there is in a catalogue. A field nobody has a value for has no entry. */
export interface Inventory {
  positions: Positions
  postings: Postings
  /** The posting sets that hold each item. */
  held: NumberLists
  tags: TagNames
  columns: Map<NumberField | DateField, Column>
  ids: Map<IdField, Map<number, number>>
  keywords: Map<KeywordField | AddressField, Vocabulary>
  prose: Map<TextField, Prose>
  /** By `field:true` and `field:false`. */
  flags: Map<string, number>
  /** `everybody`: what is listed and what is unlisted. */
  shown: Map<Shown | 'everybody', number>
  collections: Map<number, number>
  /** Of every collection, by its posting set: the places of its items, by position. */
  places: Map<number, Map<number, number>>
  scratch: Scratch
}

export function openInventory(): Inventory {
  const postings = new Postings()
  return {
    positions: new Positions(),
    postings,
    held: new NumberLists({ ascending: true }),
    tags: new TagNames(postings),
    columns: new Map(),
    ids: new Map(),
    keywords: new Map(),
    prose: new Map(),
    flags: new Map(),
    shown: new Map(),
    collections: new Map(),
    places: new Map(),
    scratch: new Scratch(),
  }
}

/** The value of a key, made when it is first asked for. */
export function ensure<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
