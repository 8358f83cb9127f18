/**
 * Where `value` is, or would be, among the first `count` of an ascending list. Looks around `hint` first, so that
 * going through a list step by step costs little.
 */
export function firstAtLeast(list: Uint32Array, count: number, value: number, hint = 0): number {
  let low = 0
  let high = count
  let step = 1
  if (hint < count && (list[hint] ?? 0) < value) {
    low = hint + 1
    while (low + step < count && (list[low + step - 1] ?? 0) < value) {
      low += step
      step *= 2
    }
    high = Math.min(count, low + step)
  } else {
    high = Math.min(hint, count)
    while (high - step >= 0 && (list[high - step] ?? 0) >= value) {
      high -= step
      step *= 2
    }
    low = Math.max(0, high - step)
  }
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((list[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}

/** A list of at least this length with the same beginning, and with room to grow, so that adding one by one is cheap. */
export function roomFor(list: Uint32Array, length: number): Uint32Array {
  if (length <= list.length) return list
  const grown = new Uint32Array(Math.max(length, 4, Math.ceil(list.length * (list.length < 1024 ? 2 : 1.25))))
  grown.set(list)
  return grown
}
