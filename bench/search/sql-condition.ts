import { matchesPattern } from '../../src/search/language/pattern.ts'
import { isTerm, type Query, type Term } from '../../src/search/language/tree.ts'
import type { Library } from './generate.ts'

/** The columns that searches of the benchmark compare. */
export const NUMBERS = ['score', 'faves', 'width', 'aspect_ratio', 'comment_count', 'tag_count'] as const

/** A search of the benchmark as a condition over tag arrays and columns. Its values are numbers only. */
export function conditionOf(query: Query, library: Library): string {
  if (isTerm(query)) return termCondition(query, library)
  switch (query.op) {
    case 'not':
      return `not ${conditionOf(query.of, library)}`
    case 'and':
    case 'or':
      return `(${query.of.map((part) => conditionOf(part, library)).join(` ${query.op} `)})`
    case 'boost':
      return conditionOf(query.of, library)
  }
}

function termCondition(term: Term, library: Library): string {
  if (term.op === 'tag') {
    const id = library.tags.find(({ name }) => name === term.name)?.id
    return id === undefined ? 'false' : `tags @> array[${id}]`
  }
  if (term.op === 'tag_pattern') {
    const fits = (name: string) => matchesPattern(term.pattern, name)
    const ids = library.tags
      .filter(({ name, aliases }) => fits(name) || aliases.some(fits))
      .map(({ id }) => id)
    return `tags && array[${ids.join(', ')}]::int[]`
  }
  if (term.op === 'compare') return `${term.field} ${term.is} ${term.value}`
  if (term.op === 'during') {
    const bounds = [
      ...(term.from === null ? [] : [`${term.field} >= ${term.from}`]),
      ...(term.to === null ? [] : [`${term.field} < ${term.to}`]),
    ]
    return `(${bounds.join(' and ')})`
  }
  throw new Error(`the benchmark does not ask for ${term.op}`)
}
