import { imbalanced } from './errors.ts'
import { isSpace, type Letter, takeSuffix } from './letters.ts'

/** The pieces of a query. `at` is the UTF-16 offset of a piece's first character. */
export type Token =
  | { kind: 'and' | 'or' | 'not' | 'open'; at: number }
  | { kind: 'close'; at: number; boost: number | null }
  | TermToken

export interface TermToken {
  kind: 'term'
  at: number
  /** What was typed, without quotes and suffixes. */
  letters: readonly Letter[]
  /** The number after `~`. */
  near: number | null
  /** The number after `^`. */
  boost: number | null
}

interface Input {
  readonly text: string
  at: number
  /** Characters looked at so far; a test keeps this below a small multiple of the length. */
  steps: number
}

/**
 * Cuts a query into pieces, reading no character more than a fixed number of times. Judges nothing but the
 * parentheses inside terms: the order of the pieces is the parser's business.
 *
 * @throws QueryError if a term has a parenthesis that is not closed before the term ends.
 */
export function lex(query: string): { tokens: readonly Token[]; steps: number } {
  const text = query.trimEnd() // white space at the end does not make the word before it an operator
  const input: Input = { text, at: 0, steps: 0 }
  const tokens: Token[] = []
  for (;;) {
    input.at = skipSpace(input, input.at)
    if (input.at >= text.length) return { tokens, steps: input.steps }
    tokens.push(readToken(input, tokens.length === 0))
  }
}

function readToken(input: Input, isFirst: boolean): Token {
  const { text, at } = input
  const char = text[at]
  const operator = operatorAt(text, at)
  if (operator && !(isFirst && char !== ',')) {
    input.at += operator.length
    return { kind: operator.kind, at }
  }
  if (char === '-' || char === '!' || notWordAt(text, at)) {
    input.at += char === 'N' ? 3 : 1
    return { kind: 'not', at }
  }
  if (char === '(') {
    input.at += 1
    return { kind: 'open', at }
  }
  if (char === ')') {
    const suffix = suffixAfter(input, at + 1, GROUP_SUFFIX)
    input.at = suffix?.end ?? at + 1
    return { kind: 'close', at, boost: suffix?.boost ?? null }
  }
  return readQuoted(input) ?? readPlain(input)
}

const WORDS = [
  { word: 'AND', kind: 'and' },
  { word: '&&', kind: 'and' },
  { word: 'OR', kind: 'or' },
  { word: '||', kind: 'or' },
] as const

/** A comma always; a word only with white space after it and white space or a closing parenthesis before it. */
function operatorAt(text: string, at: number): { kind: 'and' | 'or'; length: number } | null {
  if (text[at] === ',') return { kind: 'and', length: 1 }
  if (!isSpace(text[at - 1]) && text[at - 1] !== ')') return null
  const found = WORDS.find(({ word }) => text.startsWith(word, at) && isSpace(text[at + word.length]))
  return found ? { kind: found.kind, length: found.word.length } : null
}

/** `NOT ` before a term. `NOT(` is read the same way: it can only be meant so. */
function notWordAt(text: string, at: number): boolean {
  return text.startsWith('NOT', at) && (isSpace(text[at + 3]) || text[at + 3] === '(')
}

/** An unquoted term: up to a comma, an operator word, or a parenthesis that closes something opened before it. */
function readPlain(input: Input): TermToken {
  const { text, at: start } = input
  const letters: Letter[] = []
  const opened: number[] = []
  let operatorMayFollow = false

  while (input.at < text.length) {
    const { at } = input
    const char = text.charAt(at)
    input.steps += 1
    if (char === ',' || (char === ')' && opened.length === 0)) break
    if (operatorMayFollow && operatorAt(text, at)) break

    const escaped = char === '\\' && at + 1 < text.length
    letters.push({ char: escaped ? text.charAt(at + 1) : char, at, plain: !escaped })
    if (char === '(') opened.push(at)
    if (char === ')') opened.pop()
    operatorMayFollow = isSpace(char) || char === ')'
    input.at += escaped ? 2 : 1
  }

  const unclosed = opened.pop()
  if (unclosed !== undefined) throw imbalanced(unclosed, '(')
  return { kind: 'term', at: start, ...withoutSuffixes(letters) }
}

function withoutSuffixes(letters: Letter[]): Omit<TermToken, 'kind' | 'at'> {
  while (letters.at(-1)?.plain && isSpace(letters.at(-1)?.char)) letters.pop()
  const boost = takeSuffix(letters, '^')
  const near = takeSuffix(boost?.rest ?? letters, '~')
  return {
    letters: near?.rest ?? boost?.rest ?? letters,
    near: near?.value ?? null,
    boost: boost?.value ?? null,
  }
}

/**
 * A term in quotes, in which only `\"` is an escape and only a colon keeps its meaning.
 *
 * @returns `null` if the quotes do not hold the whole term: then they are ordinary text.
 */
function readQuoted(input: Input): TermToken | null {
  const { text, at: start } = input
  if (text[start] !== '"') return null

  const letters: Letter[] = []
  let at = start + 1
  while (at < text.length && text[at] !== '"') {
    input.steps += 1
    const escaped = text[at] === '\\' && text[at + 1] === '"'
    const char = escaped ? '"' : text.charAt(at)
    letters.push({ char, at, plain: char === ':' })
    at += escaped ? 2 : 1
  }

  const suffix = at < text.length ? suffixAfter(input, at + 1, TERM_SUFFIX) : null
  if (!suffix) return null
  input.at = suffix.end
  return { kind: 'term', at: start, letters, near: suffix.near, boost: suffix.boost }
}

const TERM_SUFFIX = /(?:~(\d{1,15}(?:\.\d{1,15})?))?(?:\^(-?\d{1,15}(?:\.\d{1,15})?))?/y
const GROUP_SUFFIX = /()(?:\^(-?\d{1,15}(?:\.\d{1,15})?))?/y

/** The suffixes at `at`, if nothing of the same operand stands behind them. */
function suffixAfter(input: Input, at: number, suffix: RegExp) {
  const { text } = input
  suffix.lastIndex = at
  const [all = '', near, boost] = suffix.exec(text) ?? []
  const end = at + all.length
  const next = skipSpace(input, end)
  const done = next >= text.length || text[next] === ')' || operatorAt(text, next) !== null
  return done ? { end, near: numberOrNull(near), boost: numberOrNull(boost) } : null
}

function numberOrNull(text: string | undefined): number | null {
  return text ? Number(text) + 0 : null
}

/** The first place from `at` on that is not white space. */
function skipSpace(input: Input, at: number): number {
  let next = at
  while (isSpace(input.text[next])) {
    input.steps += 1
    next += 1
  }
  return next
}
