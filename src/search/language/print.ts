import type { FieldName, FieldTable } from '../fields.ts'
import { printMoment, printPeriod } from './dates.ts'
import { isSpace } from './letters.ts'
import type { Pattern } from './pattern.ts'
import { findField } from './terms.ts'
import { type Comparison, isTerm, type Query, type Term } from './tree.ts'

/**
 * Writes a search so that reading it gives the same tree, whoever reads it with the same field names and rights.
 *
 * @throws Error if it uses a field that the service has no name for.
 */
export function printQuery(query: Query, fields: FieldTable): string {
  if (isTerm(query)) return printTerm(query, fields)
  switch (query.op) {
    case 'not':
      return `-${printOperand(query.of, fields)}`
    case 'boost': {
      const text = printQuery(query.of, fields)
      // `nothing` is written as a negation, so nothing can be hung on it.
      const bare = isTerm(query.of) && query.of.op !== 'nothing'
      return `${bare ? text : `(${text})`}^${decimal(query.by)}`
    }
    case 'and':
      return query.of.map((part) => printOperand(part, fields)).join(', ')
    case 'or':
      return query.of
        .map((part) => (part.op === 'and' ? printQuery(part, fields) : printOperand(part, fields)))
        .join(' || ')
  }
}

/** With parentheses where it would otherwise be taken apart. */
function printOperand(query: Query, fields: FieldTable): string {
  const text = printQuery(query, fields)
  return query.op === 'and' || query.op === 'or' ? `(${text})` : text
}

const COMPARISONS: Record<Comparison, string> = {
  '=': '',
  '<': '.lt',
  '<=': '.lte',
  '>': '.gt',
  '>=': '.gte',
}

function printTerm(term: Term, fields: FieldTable): string {
  const named = (field: FieldName, value: string, qualifier = '') =>
    `${nameOf(field, fields)}${qualifier}:${value}`

  switch (term.op) {
    case 'everything':
      return '*'
    case 'nothing':
      return '-*'
    case 'tag':
      return printTag(escape(term.name), fields)
    case 'tag_pattern':
      return printTag(printPattern(term.pattern), fields)
    case 'tag_near':
      return `${printTag(escape(term.name), fields)}~${term.distance}`
    case 'keyword':
      return named(term.field, escape(term.value))
    case 'keyword_pattern':
      return named(term.field, printPattern(term.pattern))
    case 'keyword_near':
      return named(term.field, `${escape(term.value)}~${term.distance}`)
    case 'compare':
      return named(term.field, decimal(term.value), COMPARISONS[term.is])
    case 'around':
      return named(term.field, `${decimal(term.value)}~${decimal(term.within)}`)
    case 'during':
      return printDuring(term, nameOf(term.field, fields))
    case 'phrase':
      return named(term.field, escape(term.words.join(' ')))
    case 'flag':
      return named(term.field, String(term.value))
    case 'address':
      return named(term.field, `${term.address}/${term.prefix}`)
    case 'mine':
      return `${nameOf('my', fields)}:${term.set}`
    case 'id':
      return named(term.field, decimal(term.value))
    case 'collection':
    case 'filter':
      return named(term.op, decimal(term.id))
  }
}

function nameOf(field: FieldName, fields: FieldTable): string {
  for (const [name, meant] of fields) if (meant === field) return name
  throw new Error(`no name for the field ${field}`)
}

function printDuring({ from, to }: { from: number | null; to: number | null }, name: string): string {
  if (from !== null && to !== null) return `${name}:${printPeriod({ from, to })}`
  const moment = printMoment(from ?? to ?? 0)
  if ('start' in moment) return `${name}.${from === null ? 'lt' : 'gte'}:${moment.start}`
  return `${name}.${from === null ? 'lte' : 'gt'}:${moment.end}`
}

function printPattern(pattern: Pattern): string {
  const marks = { one: '?', any: '*' }
  return pattern.map((part) => (part.is === 'text' ? escape(part.text) : marks[part.is])).join('')
}

/** A tag whose text looks like a known field, or starts like a negation, says that it is not one. */
function printTag(text: string, fields: FieldTable): string {
  const colon = text.indexOf(':')
  const field = colon === -1 ? null : findField(text.slice(0, colon).replaceAll('\\', ''), fields)
  const safe = field ? `${text.slice(0, colon)}\\${text.slice(colon)}` : text
  return /^[-!]/.test(safe) ? `\\${safe}` : safe
}

/** A backslash before everything that could mean something in a term. */
function escape(text: string): string {
  const marked = text.replaceAll(/[\\,()*?"~^&|]/g, '\\$&')
  return marked.replaceAll(/(AND|OR)/g, (word: string, _: string, at: number) =>
    isSpace(marked[at - 1]) ? `\\${word}` : word,
  )
}

/** A number as the language reads it: never with an exponent. At most 15 digits stand after the point. */
function decimal(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(15).replace(/0+$/, '') : text
}
