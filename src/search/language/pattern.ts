import { tooMuch } from './errors.ts'
import type { Letter } from './letters.ts'

/** A text with gaps, from left to right. Of a run of wildcards the `one`s come first and at most one `any` follows. */
export type Pattern = readonly PatternPart[]

export type PatternPart =
  | { is: 'text'; text: string }
  /** `?`: exactly one character (a Unicode code point). */
  | { is: 'one' }
  /** `*`: any run of characters, also none. */
  | { is: 'any' }

type Wildcard = Exclude<PatternPart, { is: 'text' }>

/** Wildcards in one term; a run such as `**` or `???` counts as one. */
export const MAX_WILDCARDS = 4

const ONE: PatternPart = Object.freeze({ is: 'one' })
const ANY: PatternPart = Object.freeze({ is: 'any' })

/**
 * Reads a term as a pattern.
 *
 * @returns `null` if it has no wildcard that means one.
 * @throws QueryError if it has too many.
 */
export function readPattern(letters: readonly Letter[], fold: (text: string) => string): Pattern | null {
  const parts: PatternPart[] = []
  let text = ''
  let any = false
  let runs = 0

  const flush = () => {
    if (any) parts.push(ANY)
    if (text) parts.push(Object.freeze({ is: 'text', text: fold(text) }))
    any = false
    text = ''
  }

  let inRun = false
  for (const { char, at, plain } of letters) {
    const wild = plain && (char === '*' || char === '?')
    if (wild && !inRun) {
      runs += 1
      if (runs > MAX_WILDCARDS) throw tooMuch(at, `${MAX_WILDCARDS} wildcards in a term`)
    }
    if (wild !== inRun) flush()
    inRun = wild
    if (!wild) text += char
    else if (char === '*') any = true
    else parts.push(ONE)
  }
  flush()
  return runs === 0 ? null : Object.freeze(parts)
}

/** Only `*`: fits every value, and what has no value too. */
export function isAnything(pattern: Pattern): boolean {
  return pattern.length === 1 && pattern[0]?.is === 'any'
}

/**
 * Whether the pattern fits the whole text. Never goes back further than the last `*`, so the work is at most
 * pattern x text, and there is nothing to blow up.
 */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  const wanted = pattern.flatMap((part): (string | Wildcard)[] =>
    part.is === 'text' ? characters(part.text) : [part],
  )
  const given = characters(text)
  let at = 0
  let next = 0
  let retry: { at: number; next: number } | null = null

  while (at < given.length) {
    const want = wanted[next]
    if (typeof want === 'object' && want.is === 'any') {
      retry = { at, next }
      next += 1
    } else if (want !== undefined && (typeof want === 'object' || want === given[at])) {
      at += 1
      next += 1
    } else if (retry) {
      retry.at += 1
      at = retry.at
      next = retry.next + 1
    } else {
      return false
    }
  }
  return wanted.slice(next).every((want) => typeof want === 'object' && want.is === 'any')
}

/**
 * Whether at most `limit` edits turn one text into the other: a character (code point) added, left out, replaced, or
 * swapped with its neighbour, no character edited twice (optimal string alignment).
 */
export function isWithin(limit: number, left: string, right: string): boolean {
  const a = characters(left)
  const b = characters(right)
  if (Math.abs(a.length - b.length) > limit) return false

  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row += 1) {
    const line: number[] = Array.from({ length: b.length + 1 }, () => Infinity)
    line[0] = row
    let fewest = row
    // Further from the diagonal than the limit, there are more edits than the limit.
    for (let column = Math.max(1, row - limit); column <= Math.min(b.length, row + limit); column += 1) {
      const same = a[row - 1] === b[column - 1]
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const edits = Math.min(
        cell(last, column) + 1,
        cell(line, column - 1) + 1,
        cell(last, column - 1) + (same ? 0 : 1),
        swapped ? cell(beforeLast, column - 2) + 1 : Infinity,
      )
      line[column] = edits
      fewest = Math.min(fewest, edits)
    }
    if (fewest > limit) return false
    beforeLast = last
    last = line
  }
  return cell(last, b.length) <= limit
}

/** Its Unicode code points. */
function characters(text: string): string[] {
  return Array.from(text)
}

function cell(line: readonly number[], column: number): number {
  return line[column] ?? Infinity
}

/** No term looks further than this, whatever it asks for. */
const MAX_DISTANCE = 2

/**
 * The edits `term~near` allows: from 1 up `near` is the number of edits, below 1 it is a similarity, and the edits are
 * what remains of the length. 0 means the exact text.
 */
export function distanceOf(near: number, text: string): 0 | 1 | 2 {
  const rest = (1 - near) * characters(text).length
  const edits = near >= 1 ? near : rest + 1e-9 // (1 - 0.8) * 10 comes out just below 2
  if (edits >= MAX_DISTANCE) return MAX_DISTANCE
  return edits >= 1 ? 1 : 0
}
