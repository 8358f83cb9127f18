import type { Column } from './column.ts'

/** Bits of one pass of the sort. */
const DIGIT_BITS = 11
const DIGITS = 2 ** DIGIT_BITS

/** The positions that have a value in the column, by value and then by position. A radix sort: no comparisons. */
export function sortByValue(column: Column): Uint32Array {
  let positions: Uint32Array = new Uint32Array(column.count)
  let count = 0
  for (let position = 0; position < column.values.length; position += 1) {
    if (!column.has(position)) continue
    positions[count] = position
    count += 1
  }

  for (const keys of sortKeys(column)) {
    const largest = keys.reduce((most, key) => (key > most ? key : most), 0)
    for (let shift = 0; shift < 32 && largest / 2 ** shift >= 1; shift += DIGIT_BITS) {
      positions = passOver(positions, keys, shift)
    }
  }
  return positions
}

/** Moves the positions into the order of one digit of their keys, keeping the order of equal ones. */
function passOver(positions: Uint32Array, keys: Uint32Array, shift: number): Uint32Array {
  const next = new Uint32Array(DIGITS + 1)
  for (let at = 0; at < positions.length; at += 1) {
    const digit = ((keys[positions[at] ?? 0] ?? 0) >>> shift) & (DIGITS - 1)
    next[digit + 1] = (next[digit + 1] ?? 0) + 1
  }
  if (next.includes(positions.length)) return positions // one digit for all
  for (let digit = 0; digit < DIGITS; digit += 1)
    next[digit + 1] = (next[digit + 1] ?? 0) + (next[digit] ?? 0)

  const sorted = new Uint32Array(positions.length)
  for (let at = 0; at < positions.length; at += 1) {
    const position = positions[at] ?? 0
    const digit = ((keys[position] ?? 0) >>> shift) & (DIGITS - 1)
    const to = next[digit] ?? 0
    sorted[to] = position
    next[digit] = to + 1
  }
  return sorted
}

/** Keys by position that sort as the values do, the least significant 32 bits first. */
function* sortKeys({ kind, values }: Column): Generator<Uint32Array> {
  const keys = new Uint32Array(values.length)
  if (kind !== 'float64') {
    for (let at = 0; at < values.length; at += 1) keys[at] = (values[at] ?? 0) - SMALLEST[kind]
    yield keys
    return
  }
  // The bits of a double sort like the number once those of negative ones are turned over.
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  for (let at = 0; at < values.length; at += 1) {
    keys[at] = (bits[2 * at + 1] ?? 0) >>> 31 === 1 ? ~(bits[2 * at] ?? 0) : (bits[2 * at] ?? 0)
  }
  yield keys
  for (let at = 0; at < values.length; at += 1) {
    const high = bits[2 * at + 1] ?? 0
    keys[at] = high >>> 31 === 1 ? ~high : high | 0x8000_0000
  }
  yield keys
}

const SMALLEST = { int8: -(2 ** 7), int16: -(2 ** 15), int32: -(2 ** 31) }
