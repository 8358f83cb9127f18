import { flipBits } from './bits.ts'

/** Values marked along an order, so that few places lie between any value and a marked one. */
const MARKS = 8
/** Orders shorter than this need no marks. */
export const MARKED_FROM = 2 ** 10

/** One bit for every position whose value is smaller than `value`. */
export interface Mark {
  value: number
  words: Int32Array
}

/** What marks are made from. */
interface Places {
  count: number
  valueAt: (place: number) => number
  placeOf: (value: number) => number
  flip: (words: Int32Array, from: number, to: number) => void
}

/** Marks at values an even number of places apart, and one behind all. */
export function makeMarks(places: Places, length: number): Mark[] {
  const marks: Mark[] = []
  let done = 0
  let words = new Int32Array(length)
  for (let index = 1; index <= MARKS; index += 1) {
    const value = index < MARKS ? places.valueAt(Math.floor((index * places.count) / MARKS)) : Infinity
    const place = places.placeOf(value)
    if (place === done) continue
    words = words.slice()
    places.flip(words, done, place)
    marks.push({ value, words })
    done = place
  }
  return marks
}

/** Keeps marks right when a position gets, changes or loses its value (NaN is none). */
export function followMarks(marks: readonly Mark[], position: number, old: number, value: number): void {
  const at = Uint32Array.of(position)
  for (const mark of marks) if (old < mark.value !== value < mark.value) flipBits(mark.words, at, 0, 1)
}

/** Turns over, in words with as many, the bits of everything before a place, by way of the nearest mark. */
export function flipBefore(marks: readonly Mark[], places: Places, words: Int32Array, place: number): void {
  let best = 0
  let nearest: Mark | null = null
  for (const mark of marks) {
    const at = places.placeOf(mark.value)
    if (Math.abs(at - place) >= Math.abs(best - place)) continue
    best = at
    nearest = mark
  }
  if (nearest) flipAll(words, nearest.words)
  places.flip(words, Math.min(best, place), Math.max(best, place))
}

/** Four words at a time: the loop itself would else cost as much as the words. */
function flipAll(words: Int32Array, others: Int32Array): void {
  for (let at = 0; at < words.length; at += 4) {
    words[at] = (words[at] ?? 0) ^ (others[at] ?? 0)
    words[at + 1] = (words[at + 1] ?? 0) ^ (others[at + 1] ?? 0)
    words[at + 2] = (words[at + 2] ?? 0) ^ (others[at + 2] ?? 0)
    words[at + 3] = (words[at + 3] ?? 0) ^ (others[at + 3] ?? 0)
  }
}
