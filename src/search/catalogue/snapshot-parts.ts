import type { Dictionary } from './dictionary.ts'
import type { NumberLists } from './number-lists.ts'
import { PostingSet } from './posting-set.ts'
import type { Postings } from './postings.ts'
import type { SectionReader, SectionWriter } from './snapshot-file.ts'

/** How a posting set is kept: not at all, as its only position, as a list, or as bits. */
const EMPTY = 0
const SINGLE = 1
const LIST = 2
const BITS = 3

export function writePostings(to: SectionWriter, postings: Postings): void {
  const kinds = new Uint8Array(postings.length)
  const sizes = new Uint32Array(postings.length)
  const counts = new Uint32Array(postings.length)
  const lists: Uint32Array[] = []
  const bits: Int32Array[] = []
  for (let slot = 0; slot < postings.length; slot += 1) {
    const held = postings.held(slot)
    counts[slot] = postings.count(slot)
    if (typeof held === 'number') {
      kinds[slot] = held === -1 ? EMPTY : SINGLE
      sizes[slot] = Math.max(0, held)
    } else if (held.words) {
      kinds[slot] = BITS
      sizes[slot] = held.words.length
      bits.push(held.words)
    } else {
      kinds[slot] = LIST
      sizes[slot] = held.count
      lists.push(held.list.subarray(0, held.count))
    }
  }
  to.write('slot kinds', [kinds])
  to.write('slot sizes', [sizes])
  to.write('slot counts', [counts])
  to.write('slot lists', inOnes(lists))
  to.write('slot bits', bits)
}

/** Small arrays put together, so that each write to the file is worth it. */
function* inOnes(lists: readonly Uint32Array[]): Generator<Uint32Array> {
  const most = 2 ** 18
  const together = new Uint32Array(most)
  let used = 0
  for (const list of lists) {
    if (used + list.length > most) {
      yield together.slice(0, used)
      used = 0
    }
    if (list.length > most) {
      yield list
      continue
    }
    together.set(list, used)
    used += list.length
  }
  yield together.slice(0, used)
}

export function readPostings(from: SectionReader, postings: Postings): void {
  const kinds = from.bytes('slot kinds')
  const sizes = from.wholes('slot sizes')
  const counts = from.wholes('slot counts')
  const lists = from.wholes('slot lists')
  const bits = from.ints('slot bits')
  /** Where each set starts, in the array of its kind. */
  const starts = new Uint32Array(kinds.length)
  const next = { [LIST]: 0, [BITS]: 0 }
  for (let slot = 0; slot < kinds.length; slot += 1) {
    const kind = kinds[slot] ?? EMPTY
    if (kind !== LIST && kind !== BITS) continue
    starts[slot] = next[kind]
    next[kind] += sizes[slot] ?? 0
  }
  const make = (slot: number) => {
    const set = new PostingSet()
    const start = starts[slot] ?? 0
    const end = start + (sizes[slot] ?? 0)
    if (kinds[slot] === LIST) set.useList(lists.subarray(start, end))
    else set.useWords(bits.subarray(start, end))
    return set
  }
  const slots = Array.from(kinds, (kind, slot) => {
    if (kind === EMPTY) return -1
    return kind === SINGLE ? (sizes[slot] ?? 0) : null
  })
  postings.useStored({ count: (slot) => counts[slot] ?? 0, make }, slots)
}

export function writeLists(to: SectionWriter, name: string, lists: NumberLists): void {
  to.write(`${name} starts`, [lists.starts])
  to.write(`${name} bytes`, lists.wholeChunks())
}

/** The lists must have been told their sizes already. */
export function readLists(from: SectionReader, name: string, lists: NumberLists): void {
  lists.starts = from.wholes(`${name} starts`)
  lists.useBytes(from.bytes(`${name} bytes`))
}

export function writeDictionary(to: SectionWriter, name: string, dictionary: Dictionary): void {
  to.write(`${name} text`, [dictionary.bytes.subarray(0, dictionary.used)])
  to.write(`${name} starts`, [dictionary.starts.subarray(0, dictionary.count)])
  to.write(`${name} letters`, [dictionary.letters.subarray(0, dictionary.count)])
  to.write(`${name} lengths`, [dictionary.lengths.subarray(0, dictionary.count)])
}

export function readDictionary(from: SectionReader, name: string, dictionary: Dictionary): void {
  const bytes = from.bytes(`${name} text`)
  dictionary.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  dictionary.used = bytes.length
  dictionary.starts = from.wholes(`${name} starts`)
  dictionary.letters = from.ints(`${name} letters`)
  dictionary.lengths = from.bytes(`${name} lengths`)
  dictionary.count = dictionary.starts.length
  dictionary.rebuild()
}

export function writeMap(to: SectionWriter, name: string, map: ReadonlyMap<number, number>): void {
  to.write(`${name} keys`, [Float64Array.from(map.keys())])
  to.write(`${name} values`, [Uint32Array.from(map.values())])
}

export function readMap(from: SectionReader, name: string): Map<number, number> {
  const values = from.wholes(`${name} values`)
  const map = new Map<number, number>()
  for (const [at, key] of from.doubles(`${name} keys`).entries()) map.set(key, values[at] ?? 0)
  return map
}
