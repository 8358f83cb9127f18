import type { Dictionary } from './dictionary.ts'
import type { NumberLists } from './number-lists.ts'
import { PostingSet } from './posting-set.ts'
import type { Postings } from './postings.ts'
import { firstAtLeast } from './sorted.ts'
import type { SectionReader, SectionWriter } from './snapshot-file.ts'

/** Several positions as a list, or as bits. */
const LIST = 0
const BITS = 1

export function writePostings(to: SectionWriter, postings: Postings): void {
  const singles = postings.singles()
  const slots = Uint32Array.from(slotsOfSets(singles))
  const sets = Array.from(slots, (slot) => postings.read(slot))
  to.write('set singles', [singles])
  to.write('set slots', [slots])
  to.write('set counts', [Uint32Array.from(sets, ({ count }) => count)])
  to.write('set kinds', [Uint8Array.from(sets, ({ words }) => (words ? BITS : LIST))])
  to.write('set sizes', [Uint32Array.from(sets, ({ words, count }) => words?.length ?? count)])
  to.write('set lists', inOnes(sets.map(({ list, count, words }) => list.subarray(0, words ? 0 : count))))
  to.write(
    'set bits',
    sets.flatMap(({ words }) => (words ? [words] : [])),
  )
}

function* slotsOfSets(singles: Int32Array): Generator<number> {
  for (let slot = 0; slot < singles.length; slot += 1) if (singles[slot] === -2) yield slot
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
  const slots = from.wholes('set slots')
  const counts = from.wholes('set counts')
  const kinds = from.bytes('set kinds')
  const sizes = from.wholes('set sizes')
  const lists = from.wholes('set lists')
  const bits = from.ints('set bits')
  /** Where each set starts, in the array of its kind. */
  const starts = new Uint32Array(slots.length)
  const next = [0, 0]
  for (let at = 0; at < slots.length; at += 1) {
    const kind = kinds[at] ?? LIST
    starts[at] = next[kind] ?? 0
    next[kind] = (next[kind] ?? 0) + (sizes[at] ?? 0)
  }
  const find = (slot: number) => firstAtLeast(slots, slots.length, slot, slots.length >>> 1)
  postings.useStored(from.ints('set singles'), {
    count: (slot) => counts[find(slot)] ?? 0,
    make: (slot) => {
      const at = find(slot)
      const start = starts[at] ?? 0
      const end = start + (sizes[at] ?? 0)
      const set = new PostingSet()
      if (kinds[at] === LIST) set.useList(lists.subarray(start, end))
      else set.useWords(bits.subarray(start, end))
      return set
    },
  })
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
