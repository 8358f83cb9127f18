import { type FieldName, fieldFacts, type FieldTable, hasType, type KeywordField } from '../fields.ts'
import { badValue, missingOperand, QueryError } from './errors.ts'
import { type Letter, squeezeLetters, textOf, trimLetters } from './letters.ts'
import type { TermToken } from './lexer.ts'
import type { ParseOptions } from './options.ts'
import { distanceOf, isAnything, readPattern } from './pattern.ts'
import { boosted, type Comparison, EVERYTHING, NOTHING, type Query, term } from './tree.ts'
import { valueQuery } from './values.ts'
import { wordsOf } from './words.ts'

/**
 * What one term asks for: a field's value if it names a known field, else a tag.
 *
 * @throws QueryError if the value does not suit the field, or the term is empty.
 */
export function termQuery(token: TermToken, options: ParseOptions): Query {
  const query = fieldQuery(token, options) ?? tagQuery(token, options)
  return token.boost === null ? query : boosted(query, token.boost)
}

const QUALIFIERS: ReadonlyMap<string, Comparison> = new Map([
  ['eq', '='],
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
])

/** The field and comparison that `width` or `width.gte` means, in any case; `null` if that is no field. */
export function findField(name: string, fields: FieldTable): { field: FieldName; is: Comparison } | null {
  const lower = name.toLowerCase()
  const field = fields.get(lower)
  if (field) return { field, is: '=' }

  const dot = lower.lastIndexOf('.')
  const qualified = fields.get(lower.slice(0, Math.max(0, dot)))
  const is = QUALIFIERS.get(lower.slice(dot + 1))
  const comparable = qualified !== undefined && hasType(qualified, 'integer', 'float', 'date')
  return comparable && is ? { field: qualified, is } : null
}

function fieldQuery({ at, letters, near }: TermToken, options: ParseOptions): Query | null {
  const colon = letters.findIndex(({ char, plain }) => plain && char === ':')
  if (colon === -1) return null
  const typed = textOf(letters.slice(0, colon))
  const found = findField(typed, options.fields)
  if (!found) return null
  const { field, is } = found
  if (fieldFacts(field).role === 'moderator' && !options.viewer.moderator) return null
  if (options.refusedFields?.has(field)) {
    throw new QueryError(at, 'another search', `${typed} may not be used here.`)
  }

  const value = trimLetters(letters.slice(colon + 1))
  const position = value[0]?.at ?? (letters[colon]?.at ?? at) + 1
  if (value.length === 0) throw badValue(position, typed, 'a value')
  if (near === null && value.every(({ char, plain }) => plain && char === '*')) return EVERYTHING

  if (hasType(field, 'keyword')) return keywordQuery(field, value, near)
  if (hasType(field, 'text')) {
    // Wildcards and `~` mean nothing in prose: what is no letter or digit only separates words.
    const words = Object.freeze(wordsOf(textOf(value)))
    return words.length === 0 ? NOTHING : term({ op: 'phrase', field, words })
  }
  return valueQuery({ field, typed, is, value: textOf(value), near, at: position }, options)
}

function keywordQuery(field: KeywordField, letters: readonly Letter[], near: number | null): Query {
  const fold = (text: string) => (fieldFacts(field).caseKept ? text : text.toLowerCase())
  const value = fold(textOf(letters))
  if (near !== null) {
    const distance = distanceOf(near, value)
    return distance === 0
      ? term({ op: 'keyword', field, value })
      : term({ op: 'keyword_near', field, value, distance })
  }
  const pattern = readPattern(letters, fold)
  return pattern ? term({ op: 'keyword_pattern', field, pattern }) : term({ op: 'keyword', field, value })
}

/** Wildcards of a fuzzy term are literal: there is no distance to a pattern (our reading). */
function tagQuery({ at, letters, near }: TermToken, options: ParseOptions): Query {
  const text = squeezeLetters(trimLetters(letters))
  const name = textOf(text).toLowerCase()
  if (name === '') throw missingOperand(at)

  const distance = near === null ? 0 : distanceOf(near, name)
  if (distance !== 0) return term({ op: 'tag_near', name, distance })

  const pattern = near === null ? readPattern(text, (part) => part.toLowerCase()) : null
  if (!pattern) return term({ op: 'tag', name, cleaned: options.cleanTag(name) })
  return isAnything(pattern) ? EVERYTHING : term({ op: 'tag_pattern', pattern })
}
