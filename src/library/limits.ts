import type { Problem } from './errors.ts'

/** What the library itself can hold. A face may allow less; none allows more. */
export const limits = {
  titleChars: 1000,
  descriptionChars: 50_000,
  fileNameBytes: 255,
  contentBytes: 1_000_000,
  collectedTextChars: 100_000,
  tags: 2000,
  tagBytes: 255,
  idempotencyKeyChars: 255,
} as const

/** What is wrong with a text, if anything. Characters are Unicode code points. */
export function textProblems(field: string, value: string, mostChars: number): Problem[] {
  // PostgreSQL cannot store it, and no face has a use for it.
  if (value.includes('\0')) return [{ field, problem: 'contains a character that cannot be stored' }]
  if (!isLongerThan(value, mostChars)) return []
  return [{ field, problem: `is too long (at most ${mostChars} characters)` }]
}

function isLongerThan(value: string, mostChars: number): boolean {
  if (value.length <= mostChars) return false
  // A code point takes one or two units: only in between must they be counted.
  return value.length > 2 * mostChars || Array.from(value).length > mostChars
}
