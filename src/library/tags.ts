import { byCodePoint, wellFormed } from './code-points.ts'
import { limits } from './limits.ts'
import type { Problem } from './errors.ts'

const typographic: [RegExp, string][] = [
  [/[\u2018\u2019\u201a\u201b\u2032]/g, "'"],
  [/[\u201c\u201d\u201e\u201f\u2033]/g, '"'],
]

/**
 * A tag name as uploads store it: lower case, plain quotes, single spaces, none around it, in normal form C.
 *
 * @returns '' when nothing is left.
 */
export function cleanTagName(name: string): string {
  let clean = wellFormed(name).normalize('NFC').toLowerCase()
  for (const [quote, plain] of typographic) clean = clean.replaceAll(quote, plain)
  return clean.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
}

/** Cleaned names, each once, in the order of their code points. A comma separates tags in every face, so it does here. */
export function cleanTagNames(names: readonly string[]): string[] {
  const clean = names.flatMap((name) => name.split(',')).map((name) => cleanTagName(name))
  return distinct(clean.filter((name) => name !== ''))
}

export function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted(byCodePoint)
}

/** What is wrong with a set of cleaned names. */
export function tagProblems(names: readonly string[]): Problem[] {
  if (names.length > limits.tags)
    return [{ field: 'tags', problem: `has too many entries (at most ${limits.tags})` }]
  const long = names.some((name) => Buffer.byteLength(name) > limits.tagBytes)
  return long ? [{ field: 'tags', problem: `has an entry of more than ${limits.tagBytes} bytes` }] : []
}
