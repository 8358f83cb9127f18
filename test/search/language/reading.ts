import type { FieldName, FieldTable } from '../../../src/search/fields.ts'
import { FIELDS } from '../../../src/search/fields.ts'
import { QueryError } from '../../../src/search/language/errors.ts'
import type { ParseOptions } from '../../../src/search/language/options.ts'
import { parseQuery } from '../../../src/search/language/parser.ts'
import { isTerm, type Query } from '../../../src/search/language/tree.ts'

/** A service that has other names for some fields, two for one of them, and our own for the rest. */
export const fields: FieldTable = new Map<string, FieldName>([
  ['uploader', 'owner'],
  ['original_format', 'format'],
  ['gallery_id', 'collection'],
  ['filter_id', 'filter'],
  ['ip', 'upload_address'],
  ...Object.keys(FIELDS)
    .filter((name): name is FieldName => name in FIELDS)
    .map((name): [string, FieldName] => [name, name]),
])

export const options: ParseOptions = {
  fields,
  now: new Date('2016-05-31T12:00:00.250Z'),
  viewer: { signedIn: true, moderator: true },
  cleanTag: (name) => (name.startsWith('artist:') ? name : name.replaceAll('_', ' ')),
}

export function read(text: string, changes: Partial<ParseOptions> = {}): Query {
  return parseQuery(text, { ...options, ...changes })
}

/** What reading says: the tree, or where and how it failed. */
export function attempt(text: string): Query | { position: number; message: string } {
  try {
    return read(text)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    return { position: error.position, message: error.message }
  }
}

/** A tree in one line: `and(a, not(b))`; a tag is its name. */
export function brief(query: Query): string {
  if (query.op === 'tag') return query.name
  if (query.op === 'tag_near') return `near(${query.name}, ${query.distance})`
  if (isTerm(query)) return query.op
  switch (query.op) {
    case 'not':
      return `not(${brief(query.of)})`
    case 'boost':
      return `boost(${brief(query.of)}, ${query.by})`
    case 'and':
    case 'or':
      return `${query.op}(${query.of.map(brief).join(', ')})`
  }
}
