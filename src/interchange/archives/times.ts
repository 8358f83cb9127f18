/** The last moment that a year of four digits has. */
const lastMs = Date.UTC(9999, 11, 31)

/**
 * A time as archives write it: seconds since 1970 (some browsers write milliseconds or microseconds), or words with or
 * without a zone, UTC where there is none.
 *
 * @returns Milliseconds; null for nothing that can be read as a time, and for 0, which stands for no time.
 */
export function timeOf(given: unknown): number | null {
  const number = typeof given === 'number' ? given : /^\d{1,17}$/.test(String(given)) ? Number(given) : null
  if (number !== null) return within(number >= 1e14 ? number / 1000 : number >= 1e11 ? number : number * 1000)
  // Without a year the engine's own reading of dates makes one up.
  if (typeof given !== 'string' || !/\d{4}/.test(given)) return null
  const text = given.trim()
  const isZoneless = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text)
  return within(Date.parse(isZoneless ? `${text.replace(' ', 'T')}Z` : text))
}

const within = (ms: number) => (ms > 0 && ms <= lastMs ? Math.floor(ms) : null)
