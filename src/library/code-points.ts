/** Compares texts by Unicode code points, which is also the order of their UTF-8 bytes. */
export function byCodePoint(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let at = 0; at < shorter; at += 1) {
    const difference = rank(a.charCodeAt(at)) - rank(b.charCodeAt(at))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Surrogates stand for what lies above every other unit. */
const rank = (unit: number) => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)

/** Half surrogate pairs become U+FFFD: they have no UTF-8 form. */
export const wellFormed = (text: string) => Buffer.from(text).toString()
