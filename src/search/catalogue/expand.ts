import { QueryError } from '../language/errors.ts'
import { isWithin, matchesPattern, type Pattern } from '../language/pattern.ts'
import type { Dictionary } from './dictionary.ts'

/** Names the values that a wildcard or fuzzy term stands for. */
export interface Expansion {
  dictionary: Dictionary
  /** Whether a value is still in use; what nothing has any more does not count. */
  isUsed: (value: number) => boolean
  /** How many values one term may stand for. */
  most: number
}

/**
 * The numbers of all values in use that fit the pattern.
 *
 * @throws QueryError if they are more than a term may stand for.
 */
export function expandPattern(pattern: Pattern, expansion: Expansion): number[] {
  const { dictionary, isUsed, most } = expansion
  const found: number[] = []
  const anchor = anchorOf(pattern)
  const fits = anchor?.isAll ? () => true : (value: number) => matchesPattern(pattern, dictionary.text(value))
  const visit = (value: number) => {
    if (isUsed(value) && fits(value)) found.push(value)
    return found.length <= most
  }
  if (anchor) dictionary.containing(anchor.text, anchor.where, visit)
  else for (let value = 0; value < dictionary.count && visit(value); value += 1);
  return checked(found, most)
}

/** The same for the values at most `distance` edits away from `text`. */
export function expandNear(text: string, distance: number, expansion: Expansion): number[] {
  const { dictionary, isUsed, most } = expansion
  const found: number[] = []
  for (const value of dictionary.candidates(text, distance)) {
    if (isUsed(value) && isWithin(distance, text, dictionary.text(value))) found.push(value)
    if (found.length > most) break
  }
  return checked(found, most)
}

/** The same for the values that a test says yes to. */
export function expandTest(fits: (text: string) => boolean, expansion: Expansion): number[] {
  const { dictionary, isUsed, most } = expansion
  const found: number[] = []
  for (let value = 0; value < dictionary.count && found.length <= most; value += 1) {
    if (isUsed(value) && fits(dictionary.text(value))) found.push(value)
  }
  return checked(found, most)
}

/** What a value must have in it to fit a pattern. */
interface Anchor {
  text: string
  where: 'start' | 'end' | 'anywhere'
  /** Whether that is enough. */
  isAll: boolean
}

/** The text of the pattern that fewest values are likely to have. */
function anchorOf(pattern: Pattern): Anchor | null {
  let best: Anchor | null = null
  const texts = pattern.filter(({ is }) => is === 'text')
  const isAll = texts.length === 1 && pattern.length > 1 && pattern.every(({ is }) => is !== 'one')
  for (const [index, part] of pattern.entries()) {
    if (part.is !== 'text') continue
    const where = index === 0 ? 'start' : index === pattern.length - 1 ? 'end' : 'anywhere'
    if (best === null || part.text.length > best.text.length) best = { text: part.text, where, isAll }
  }
  return best
}

function checked(found: number[], most: number): number[] {
  if (found.length <= most) return found
  throw new QueryError(
    0,
    'a narrower term',
    `A wildcard or fuzzy term may stand for no more than ${most} values.`,
  )
}
