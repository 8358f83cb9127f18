import { fieldFacts, hasType, type KeywordField, type TextField } from '../fields.ts'
import { stem, wordsOf } from '../language/words.ts'
import { Column } from './column.ts'
import type { CatalogueItem } from './facts.ts'
import { ensure, type Inventory } from './inventory.ts'
import { NumberLists } from './number-lists.ts'
import { Vocabulary } from './vocabulary.ts'

/** The room made between two items for many more, as a part of all positions: so that it is made seldom. */
const ROOM_SHARE = 16

type Given = Pick<CatalogueItem, 'numbers' | 'dates'>

/** Adds an item, or replaces what is known of it. */
export function putItem(inventory: Inventory, item: CatalogueItem): void {
  const position = takePosition(inventory, item.id)
  changeHeld(inventory, position, slotsOf(inventory, item, position))
  setNumbers(inventory, position, item)
}

/** Forgets an item; nothing happens if there is none. */
export function removeItem(inventory: Inventory, id: number): void {
  const position = inventory.positions.find(id)
  if (position === -1) return
  forgetPlaces(inventory, position)
  changeHeld(inventory, position, [])
  for (const { sequences } of inventory.prose.values()) sequences.set(position, [])
  setNumbers(inventory, position, {})
  inventory.positions.free(position)
}

function takePosition(inventory: Inventory, id: number): number {
  const { positions } = inventory
  if (!Number.isSafeInteger(id) || id < 1) throw new RangeError('an item id is a positive whole number')
  const found = positions.find(id)
  if (found !== -1) return found
  const taken = positions.take(id)
  if (taken !== -1) return taken
  makeRoom(inventory, id)
  return positions.take(id)
}

/** Moves everything behind an id up, so that there is room for it and many more. */
function makeRoom(inventory: Inventory, id: number): void {
  const { positions, postings, held, columns, prose, places } = inventory
  const by = Math.ceil(Math.max(64, positions.size / ROOM_SHARE) / 32) * 32
  const from = positions.makeRoom(id, by)
  postings.shift(from, by)
  held.shift(from, by)
  for (const column of columns.values()) column.shift(from, by)
  for (const { sequences } of prose.values()) sequences.shift(from, by)
  for (const [slot, placesIn] of places) {
    const moved = [...placesIn].map(([at, place]): [number, number] => [at < from ? at : at + by, place])
    places.set(slot, new Map(moved))
  }
}

/** Takes the item out of the sets it is no longer in and adds it to the new ones. Both lists are ascending. */
function changeHeld({ held, postings }: Inventory, position: number, wanted: readonly number[]): void {
  const old = held.get(position)
  let at = 0
  let changed = old.length !== wanted.length
  for (const slot of wanted) {
    while (at < old.length && (old[at] ?? 0) < slot) {
      postings.delete(old[at] ?? 0, position)
      at += 1
    }
    if (old[at] === slot) {
      at += 1
    } else {
      postings.add(slot, position)
      changed = true
    }
  }
  for (; at < old.length; at += 1) postings.delete(old[at] ?? 0, position)
  if (changed) held.set(position, wanted)
}

/** The posting sets an item belongs in, ascending and without repeats; also notes its words and places. */
function slotsOf(inventory: Inventory, item: CatalogueItem, position: number): number[] {
  const { postings, tags, flags, shown } = inventory
  const slots = item.tags.map((tag) => tags.slotOf(tag))
  slots.push(ensure(shown, item.shown, () => postings.create()))
  if (item.shown === 'listed' || item.shown === 'unlisted') {
    slots.push(ensure(shown, 'everybody', () => postings.create()))
  }
  for (const [field, value] of entriesOf(item.flags)) {
    if (value !== undefined) slots.push(ensure(flags, `${field}:${value}`, () => postings.create()))
  }
  for (const [field, values] of entriesOf(item.ids)) {
    const known = ensure(inventory.ids, field, () => new Map<number, number>())
    for (const value of values ?? []) slots.push(ensure(known, value, () => postings.create()))
  }
  for (const [field, values] of entriesOf(item.keywords)) {
    const vocabulary = ensure(inventory.keywords, field, () => new Vocabulary(postings))
    for (const value of values ?? []) slots.push(vocabulary.slotOf(vocabulary.add(folded(field, value))))
  }
  for (const [field, value] of entriesOf(item.addresses)) {
    if (value === undefined) continue
    const vocabulary = ensure(inventory.keywords, field, () => new Vocabulary(postings))
    slots.push(vocabulary.slotOf(vocabulary.add(value)))
  }
  for (const slot of wordSlots(inventory, item, position)) slots.push(slot)
  for (const slot of placeSlots(inventory, item, position)) slots.push(slot)
  slots.sort((left, right) => left - right)
  return slots.filter((slot, index) => slot !== slots[index - 1])
}

function wordSlots(inventory: Inventory, item: CatalogueItem, position: number): number[] {
  const given = new Map<TextField, string>()
  for (const [field, text] of entriesOf(item.texts)) if (text) given.set(field, text)
  for (const field of given.keys()) {
    ensure(inventory.prose, field, () => ({
      vocabulary: new Vocabulary(inventory.postings),
      sequences: new NumberLists({ ascending: false }),
    }))
  }
  const slots: number[] = []
  for (const [field, { vocabulary, sequences }] of inventory.prose) {
    const words = wordsOf(given.get(field) ?? '').map((word) => vocabulary.add(stem(word)))
    sequences.set(position, words)
    for (const word of words) slots.push(vocabulary.slotOf(word))
  }
  return slots
}

function placeSlots(inventory: Inventory, item: CatalogueItem, position: number): number[] {
  const { collections, places, postings } = inventory
  forgetPlaces(inventory, position)
  const slots: number[] = []
  for (const [id, place] of item.collections ?? []) {
    const slot = ensure(collections, id, () => postings.create())
    ensure(places, slot, () => new Map<number, number>()).set(position, place)
    slots.push(slot)
  }
  return slots
}

/** Must come before the sets that hold the item are changed. */
function forgetPlaces({ places, held }: Inventory, position: number): void {
  if (places.size === 0) return
  for (const slot of held.get(position)) places.get(slot)?.delete(position)
}

/** Sets every column; what is not given is blank. The id has no column: positions are in its order. */
function setNumbers({ columns }: Inventory, position: number, { numbers, dates }: Given): void {
  for (const [field, value] of entriesOf(numbers)) {
    if (field !== 'id' && value !== undefined && !columns.has(field)) columns.set(field, new Column())
  }
  for (const [field, value] of entriesOf(dates)) {
    if (value !== undefined && !columns.has(field)) columns.set(field, new Column())
  }
  for (const [field, column] of columns) {
    column.set(position, hasType(field, 'date') ? dates?.[field] : numbers?.[field])
  }
}

function folded(field: KeywordField, value: string): string {
  return fieldFacts(field).caseKept ? value : value.toLowerCase()
}

/** The entries of a partial record, with the keys its type names. */
function entriesOf<K extends string, V>(record: Partial<Record<K, V>> | undefined): [K, V | undefined][] {
  const keys: K[] = []
  for (const key in record) keys.push(key)
  return keys.map((key) => [key, record?.[key]])
}
