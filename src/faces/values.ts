import type { Parameter, Parameters } from '../http/form.ts'
import { lastOf } from '../http/parameters.ts'
import { LibraryError, type Problem } from '../library/errors.ts'

/** A text longer than this cannot be meant; no field of ours takes as much. */
const LONGEST_TEXT = 100_000

/**
 * Reads the parameters of one method, collecting what is wrong with them. Every reader answers `undefined` for
 * "not said": the name is absent, or stands without a value (`title&tags`), as form clients send fields they leave
 * alone.
 */
export class Values {
  readonly problems: Problem[] = []
  readonly #values: Parameters['values']

  constructor({ values }: Parameters) {
    this.#values = values
  }

  /** Null for an explicit null. An empty text stays empty: what it means is the method's matter. */
  text(name: string): string | null | undefined {
    const value = this.#one(name)
    if (value === undefined || value === null) return value
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    if (typeof value !== 'string') return this.#wrong(name, 'is not a string')
    if (value.length > LONGEST_TEXT) return this.#wrong(name, 'is too long')
    return value
  }

  /** Booleans come as JSON, as words, as digits and as a ticked box's `on`. */
  flag(name: string): boolean | undefined {
    const value = this.#one(name)
    if (value === undefined || value === null || value === '') return undefined
    if (value === true || value === 1) return true
    if (value === false || value === 0) return false
    const word = typeof value === 'string' ? value.toLowerCase() : ''
    if (word === 'true' || word === '1' || word === 'on' || word === 'yes') return true
    if (word === 'false' || word === '0' || word === 'off' || word === 'no') return false
    return this.#wrong(name, 'is not a boolean')
  }

  /** An id. Null for an explicit null or an empty text ("any empty value", Update a shot, `team_id`). */
  id(name: string): number | null | undefined {
    const value = this.#one(name)
    if (value === undefined) return undefined
    if (value === null || value === '') return null
    const number =
      typeof value === 'number' ? value : typeof value === 'string' ? Number(value.trim()) : Number.NaN
    return Number.isSafeInteger(number) && number > 0 ? number : this.#wrong(name, 'is not an id')
  }

  /** A list of texts: JSON array, repeated `name[]` or `name`, or one text with commas. */
  list(name: string): string[] | undefined {
    const value = this.#values[name]
    if (value === undefined) return undefined
    if (value === null) return []
    if (Array.isArray(value)) {
      // A form repeats the name with one text each, and a form may also hold `a,b` once.
      const texts = value.filter((one) => typeof one === 'string' || typeof one === 'number')
      if (texts.length < value.length) return this.#wrong(name, 'is not an array of strings')
      return texts.map(String)
    }
    if (typeof value === 'object') return this.#wrong(name, 'is not an array of strings')
    return String(value).split(',')
  }

  /** A point in time in ISO 8601, with a zone or in UTC. Null for an explicit null or an empty text. */
  time(name: string): Date | null | undefined {
    const value = this.text(name)
    if (value === undefined || value === null) return value
    if (value.trim() === '') return null
    return parseTimestamp(value.trim()) ?? this.#wrong(name, 'is not an ISO 8601 timestamp')
  }

  refuse(field: string, problem: string): void {
    this.problems.push({ field, problem })
  }

  /** @throws LibraryError `invalid` with everything that was wrong. */
  finish(): void {
    if (this.problems.length > 0) throw new LibraryError({ kind: 'invalid', problems: this.problems })
  }

  /** Where a name counts once, the last one wins. */
  #one(name: string): Parameter | undefined {
    return lastOf(this.#values[name])
  }

  #wrong(name: string, problem: string): undefined {
    this.problems.push({ field: name, problem })
    return undefined
  }
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d|[+-]\d\d)?)?$/i

/** ISO 8601 as clients write it: a date alone is midnight, no zone means UTC. Null for anything else or no such day. */
export function parseTimestamp(text: string): Date | null {
  const parts = ISO.exec(text)
  if (parts === null) return null
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = parts
  const offset = /^z$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0')
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${offset}`)
  if (Number.isNaN(at.getTime())) return null
  // Some engines roll the 30th of February over: the day must be in its month.
  return Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate() ? at : null
}
