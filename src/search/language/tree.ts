import type {
  AddressField,
  BooleanField,
  DateField,
  IdField,
  KeywordField,
  MySet,
  NumberField,
  TextField,
} from '../fields.ts'
import type { Pattern } from './pattern.ts'

/** A search, parsed. Plain frozen data: it can be printed, compared, cached and rewritten. */
export type Query = Term | Combination

/** A question that one item answers by itself. An item without a value for a field never matches a term on it. */
export type Term =
  | { op: 'everything' }
  | { op: 'nothing' }
  /**
   * Has this tag. `name` is the text as typed (lower case, single spaces); `cleaned` is how an upload would spell it.
   * The literal comes first: if any tag or alias is called `name`, that one is meant; if none is, `cleaned` is.
   */
  | { op: 'tag'; name: string; cleaned: string }
  /** Has a tag (or one with an alias) whose whole name fits. */
  | { op: 'tag_pattern'; pattern: Pattern }
  /** Has a tag (or one with an alias) at most `distance` edits away; see `isWithin`. */
  | { op: 'tag_near'; name: string; distance: 1 | 2 }
  /** One of the field's values is this text. Lower case, and so must the values be, unless the field keeps its case. */
  | { op: 'keyword'; field: KeywordField; value: string }
  | { op: 'keyword_pattern'; field: KeywordField; pattern: Pattern }
  | { op: 'keyword_near'; field: KeywordField; value: string; distance: 1 | 2 }
  /** Compares a number. Values may be far outside what a column holds: up to 15 digits. */
  | { op: 'compare'; field: NumberField; is: Comparison; value: number }
  /** `value - within <= x <= value + within`. */
  | { op: 'around'; field: NumberField; value: number; within: number }
  /** One of the field's ids is this. */
  | { op: 'id'; field: IdField; value: number }
  /** `from <= t < to` in milliseconds since 1970 UTC; `null` leaves that side open, but never both. */
  | { op: 'during'; field: DateField; from: number | null; to: number | null }
  /** These words, one after the other. Lower case, not stemmed; see `hasPhrase`. Never empty. */
  | { op: 'phrase'; field: TextField; words: readonly string[] }
  | { op: 'flag'; field: BooleanField; value: boolean }
  /** The address lies in this block; a single address has a prefix of its full length (32 or 128). */
  | { op: 'address'; field: AddressField; address: string; prefix: number }
  /** In a set of the person searching. */
  | { op: 'mine'; set: MySet }
  | { op: 'collection'; id: number }
  /** Shown by this filter. For the library to replace by what that filter says before executing. */
  | { op: 'filter'; id: number }

/** How terms are put together. */
export type Combination =
  | { op: 'not'; of: Query }
  | { op: 'and' | 'or'; of: readonly Query[] }
  /** Matches what `of` matches; counts `by` times in the order by relevance, and nowhere else. May be negative. */
  | { op: 'boost'; of: Query; by: number }

export type Comparison = '=' | '<' | '<=' | '>' | '>='

export const EVERYTHING: Query = Object.freeze({ op: 'everything' })
export const NOTHING: Query = Object.freeze({ op: 'nothing' })

/** Freezes a term; its lists must be frozen already. */
export function term(node: Term): Query {
  return Object.freeze(node)
}

/** All of these; one alone is itself, none at all is everything. */
export function allOf(of: readonly Query[]): Query {
  const [only] = of
  if (only === undefined) return EVERYTHING
  return of.length === 1 ? only : Object.freeze({ op: 'and', of: Object.freeze([...of]) })
}

/** Any of these; one alone is itself, none at all is nothing. */
export function anyOf(of: readonly Query[]): Query {
  const [only] = of
  if (only === undefined) return NOTHING
  return of.length === 1 ? only : Object.freeze({ op: 'or', of: Object.freeze([...of]) })
}

/** The opposite. Two negations are none, so a tree never holds `not` right inside `not`. */
export function negate(query: Query): Query {
  if (query.op === 'not') return query.of
  if (query.op === 'everything') return NOTHING
  if (query.op === 'nothing') return EVERYTHING
  return Object.freeze({ op: 'not', of: query })
}

export function boosted(of: Query, by: number): Query {
  return Object.freeze({ op: 'boost', of, by })
}

export function isTerm(query: Query): query is Term {
  return query.op !== 'not' && query.op !== 'and' && query.op !== 'or' && query.op !== 'boost'
}

/** Every term of a search, from left to right. */
export function* termsOf(query: Query): Generator<Term> {
  if (isTerm(query)) {
    yield query
    return
  }
  switch (query.op) {
    case 'not':
    case 'boost':
      yield* termsOf(query.of)
      break
    case 'and':
    case 'or':
      for (const part of query.of) yield* termsOf(part)
      break
  }
}
