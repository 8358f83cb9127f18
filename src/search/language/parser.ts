import { imbalanced, missingOperand, missingOperator, QueryError, tooMuch } from './errors.ts'
import { lex, type Token } from './lexer.ts'
import type { ParseOptions } from './options.ts'
import { termQuery } from './terms.ts'
import { allOf, anyOf, boosted, negate, NOTHING, type Query } from './tree.ts'

/** What one query may cost. */
export const MAX_BYTES = 4096
export const MAX_TERMS = 100
export const MAX_DEPTH = 32

/** An open parenthesis, or the query itself, with what has been read inside it. */
interface Group {
  at: number
  /** Whether the next operand is negated. */
  negated: boolean
  /** Finished alternatives, and the parts of the unfinished one. */
  alternatives: Query[]
  parts: Query[]
}

interface State {
  /** The innermost group last; the query itself is the first. */
  groups: Group[]
  current: Group
  operandNext: boolean
  terms: number
}

/**
 * Reads a search: `,` `AND` `&&`, `OR` `||`, `NOT` `-` `!`, parentheses; NOT binds before AND, AND before OR. An empty
 * query matches nothing. The work is in proportion to the length, and no input makes it recurse.
 *
 * @throws QueryError if it cannot be read, or is longer or deeper than a query may be.
 */
export function parseQuery(text: string, options: ParseOptions): Query {
  checkText(text)
  const { tokens } = lex(text)
  if (tokens.length === 0) return NOTHING

  const whole = openGroup(0)
  const state: State = { groups: [whole], current: whole, operandNext: true, terms: 0 }
  for (const token of tokens) accept(state, token, options)

  if (state.groups.length > 1) throw imbalanced(state.current.at, '(')
  if (state.operandNext) throw missingOperand(text.length)
  return finish(whole)
}

/** Databases refuse NUL and halves of a surrogate pair; no name has either. */
function checkText(text: string): void {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw tooMuch(Math.min(text.length, MAX_BYTES), `${MAX_BYTES} bytes`)
  }
  const unreadable = text.search(/[\0\p{Surrogate}]/u)
  if (unreadable !== -1) throw new QueryError(unreadable, 'readable text', 'Unreadable character.')
}

function accept(state: State, token: Token, options: ParseOptions): void {
  const { current, operandNext } = state
  const isOperator = token.kind === 'and' || token.kind === 'or'
  if (token.kind === 'close') {
    closeGroup(state, token.at, token.boost)
    return
  }
  if (isOperator && operandNext) throw missingOperand(token.at)
  if (!isOperator && !operandNext) throw missingOperator(token.at)

  switch (token.kind) {
    case 'not':
      current.negated = !current.negated
      break
    case 'open':
      if (state.groups.length > MAX_DEPTH)
        throw tooMuch(token.at, `${MAX_DEPTH} parentheses inside each other`)
      state.current = openGroup(token.at)
      state.groups.push(state.current)
      break
    case 'term':
      state.terms += 1
      if (state.terms > MAX_TERMS) throw tooMuch(token.at, `${MAX_TERMS} terms`)
      addOperand(state, termQuery(token, options))
      break
    case 'or':
      current.alternatives.push(allOf(current.parts))
      current.parts = []
      state.operandNext = true
      break
    case 'and':
      state.operandNext = true
      break
  }
}

function openGroup(at: number): Group {
  return { at, negated: false, alternatives: [], parts: [] }
}

function closeGroup(state: State, at: number, boost: number | null): void {
  const closed = state.current
  const outer = state.groups.at(-2)
  if (!outer) throw imbalanced(at, ')')
  if (state.operandNext) throw missingOperand(at)

  state.groups.pop()
  state.current = outer
  const query = finish(closed)
  addOperand(state, boost === null ? query : boosted(query, boost))
}

function addOperand(state: State, query: Query): void {
  const { current } = state
  current.parts.push(current.negated ? negate(query) : query)
  current.negated = false
  state.operandNext = false
}

function finish({ alternatives, parts }: Group): Query {
  return anyOf([...alternatives, allOf(parts)])
}
