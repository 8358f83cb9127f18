/** Numbers from 0 up to 1 that are the same for the same seed (sfc32). */
export function randomNumbers(seed: number): () => number {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, seed >>> 0]
  const next = () => {
    const mixed = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + mixed
    return (mixed >>> 0) / 2 ** 32
  }
  for (let round = 0; round < 16; round += 1) next()
  return next
}

/** A whole number from 0 up to `below`. */
export function whole(random: () => number, below: number): number {
  return Math.floor(random() * below)
}

/** A whole number from 0 up to `below`, small ones much more often, as with popularity. */
export function popular(random: () => number, below: number): number {
  return Math.floor(below * random() ** 3)
}

/** One of the list. */
export function pick<T>(random: () => number, list: readonly [T, ...T[]]): T {
  return list[whole(random, list.length)] ?? list[0]
}
