import { isIP } from 'node:net'
import { type FieldName, hasType, MY_SETS, type MySet } from '../fields.ts'
import { compareWith, readDate } from './dates.ts'
import { badValue, QueryError } from './errors.ts'
import type { ParseOptions } from './options.ts'
import { type Comparison, NOTHING, type Query, term } from './tree.ts'

/** A known field with what was asked of it. `at` is where the value stands in the query. */
export interface Asked {
  field: FieldName
  /** The field as typed, for the message of an error. */
  typed: string
  is: Comparison
  value: string
  /** The number after `~`. */
  near: number | null
  at: number
}

const WHOLE = /^-?\d{1,15}$/
const ID = /^\d{1,15}$/
const DECIMAL = /^-?(?:\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})$/

/**
 * Reads a value that is not text: a number, date, boolean, address, id or a word after `my:`.
 *
 * @throws QueryError if it is not what the field needs.
 */
export function valueQuery(asked: Asked, options: ParseOptions): Query {
  const { field } = asked
  if (hasType(field, 'integer', 'float')) return readNumber(asked, field)
  if (asked.near !== null) throw badValue(asked.at, asked.typed, 'an exact value (no `~`)')
  if (hasType(field, 'id')) return term({ op: 'id', field, value: readId(asked) })
  if (hasType(field, 'collection')) return term({ op: 'collection', id: readId(asked) })
  if (hasType(field, 'filter')) return term({ op: 'filter', id: readId(asked) })
  if (hasType(field, 'mine')) return readMine(asked, options)

  if (hasType(field, 'date')) {
    const period = readDate(asked.value, options.now)
    if (!period) throw badValue(asked.at, asked.typed, 'a date such as `2015-04-01` or `3 days ago`')
    // A period the calendar cuts to nothing holds no moment.
    if (asked.is === '=' && period.from >= period.to) return NOTHING
    return term({ op: 'during', field, ...compareWith(asked.is, period) })
  }
  if (hasType(field, 'boolean')) {
    const value = asked.value.toLowerCase()
    if (value !== 'true' && value !== 'false') throw badValue(asked.at, asked.typed, '`true` or `false`')
    return term({ op: 'flag', field, value: value === 'true' })
  }
  if (hasType(field, 'address')) return term({ op: 'address', field, ...readAddress(asked) })
  throw new Error(`${field} is read as text`)
}

function readNumber(asked: Asked, field: Parameters<typeof hasType>[0]): Query {
  if (!hasType(field, 'integer', 'float')) throw new Error(`${field} is not a number`)
  const { value, near, is, at, typed } = asked
  const whole = hasType(field, 'integer')
  if (!(whole ? WHOLE : DECIMAL).test(value)) {
    throw badValue(at, typed, whole ? 'a whole number of at most 15 digits' : 'a number of at most 15 digits')
  }
  const number = Number(value) + 0 // -0 is 0
  if (near === null) return term({ op: 'compare', field, is, value: number })
  if (is !== '=') throw badValue(at, typed, 'a number without `~` when compared')
  return term({ op: 'around', field, value: number, within: near })
}

function readId({ value, at, typed }: Asked): number {
  if (!ID.test(value)) throw badValue(at, typed, 'a whole number of at most 15 digits')
  return Number(value)
}

function readMine({ value, at, typed }: Asked, options: ParseOptions): Query {
  if (!options.viewer.signedIn) {
    if (options.anonymousMy !== 'refuse') return NOTHING
    // The words of the service's current API for this.
    throw new QueryError(at, 'somebody signed in', "You must be logged in to use `my' queries.")
  }
  const set = MY_SETS.find((name): name is MySet => name === value.toLowerCase())
  if (!set) throw badValue(at, typed, `one of ${MY_SETS.join(', ')}`)
  if (options.refusedSets?.has(set)) {
    throw new QueryError(at, 'another search', `${typed}:${set} may not be used here.`)
  }
  return term({ op: 'mine', set })
}

function readAddress({ value, at, typed }: Asked): { address: string; prefix: number } {
  const [address = '', length, ...rest] = value.toLowerCase().split('/')
  const longest = isIP(address) === 4 ? 32 : 128
  const prefix = length === undefined ? longest : Number(length)
  const valid =
    isIP(address) !== 0 && /^\d{1,3}$/.test(length ?? '0') && prefix <= longest && rest.length === 0
  if (!valid) throw badValue(at, typed, 'an IP address or a CIDR block')
  return { address, prefix }
}
