/** Chance that can be repeated: the same seed gives the same run of numbers. */
export interface Chance {
  seed: number
  /** A number from `least` up to `most`. */
  between: (least: number, most: number) => number
  /** A whole number from 0 up to `count`, without it. */
  below: (count: number) => number
  oneOf: <T>(list: readonly T[]) => T | undefined
}

/** Mulberry32. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number) => Math.floor(next() * count)
  return {
    seed,
    between: (least, most) => least + next() * (most - least),
    below,
    oneOf: (list) => list[below(list.length)],
  }
}
