/** A blank value stands behind all others. */
export function lastIfBlank(rank: number): number {
  return Number.isNaN(rank) ? Infinity : rank
}

/** Positions with a key each, in parallel. */
export interface Keyed {
  keys: Float64Array
  positions: Uint32Array
}

/**
 * The positions that would stand from `from` up to `to` if all were sorted by key and, among equal keys, by position
 * (`ties` 1) or backwards (-1). Changes the arrays; takes time in proportion to their length.
 */
export function sortedWindow(keyed: Keyed, from: number, to: number, ties: 1 | -1): number[] {
  const { keys, positions } = keyed
  const end = Math.min(to, keys.length)
  if (from >= end) return []
  divide(keyed, { low: 0, high: keys.length - 1, at: end - 1 }, ties)
  if (from > 0) divide(keyed, { low: 0, high: end - 1, at: from }, ties)
  const places = Array.from({ length: end - from }, (_, index) => from + index)
  places.sort((left, right) => compare(keyed, ties, left, right))
  return places.map((place) => positions[place] ?? 0)
}

/** Whether what is at one place stands before what is at another. */
export function isBefore(keyed: Keyed, ties: 1 | -1, left: number, right: number): boolean {
  return compare(keyed, ties, left, right) < 0
}

function compare({ keys, positions }: Keyed, ties: 1 | -1, left: number, right: number): number {
  const a = keys[left] ?? 0
  const b = keys[right] ?? 0
  if (a !== b) return a < b ? -1 : 1
  return ties * ((positions[left] ?? 0) - (positions[right] ?? 0))
}

/** Puts at `at` what belongs there, with all that comes before it on its left (Hoare's selection). */
function divide(
  keyed: Keyed,
  { low, high, at }: { low: number; high: number; at: number },
  ties: 1 | -1,
): void {
  const { keys, positions } = keyed
  let left = low
  let right = high
  while (left < right) {
    const middle = (left + right) >>> 1
    const key = keys[middle] ?? 0
    const position = (positions[middle] ?? 0) * ties
    let i = left
    let j = right
    while (i <= j) {
      while ((keys[i] ?? 0) < key || (keys[i] === key && (positions[i] ?? 0) * ties < position)) i += 1
      while ((keys[j] ?? 0) > key || (keys[j] === key && (positions[j] ?? 0) * ties > position)) j -= 1
      if (i <= j) {
        swap(keyed, i, j)
        i += 1
        j -= 1
      }
    }
    if (at <= j) right = j
    else if (at >= i) left = i
    else return
  }
}

export function swap({ keys, positions }: Keyed, i: number, j: number): void {
  const key = keys[i] ?? 0
  const position = positions[i] ?? 0
  keys[i] = keys[j] ?? 0
  positions[i] = positions[j] ?? 0
  keys[j] = key
  positions[j] = position
}
