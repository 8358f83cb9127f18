import { categoryOfTag, splitTagName, TAG_CATEGORIES, TAG_NAMESPACES } from '../search/tag-categories.ts'
import { byCodePoint } from './code-points.ts'
import type { Problem } from './errors.ts'
import {
  communityTagLimits,
  forbiddenTags,
  mildestRating,
  namespacesKeepingUnderscores,
  ratingGroups,
} from './tag-rules.ts'
import { cleanTagName } from './tags.ts'

export { categoryOfTag, splitTagName } from '../search/tag-categories.ts'

/** What a slug writes for the characters that mean something in a path or a search. */
const written = new Map([
  ['-', '-dash-'],
  ['/', '-fwslash-'],
  ['\\', '-bwslash-'],
  [':', '-colon-'],
  ['.', '-dot-'],
  ['+', '-plus-'],
])
const meant = new Map([...written].map(([char, text]) => [text, char]))

/** A tag's name as it stands in a URL, already encoded: `artist:mina r.` is `artist-colon-mina+r-dot-`. */
export function tagSlug(name: string): string {
  const plain = name.replaceAll(/[-/\\:.+]/g, (char) => written.get(char) ?? char)
  return encoded(plain)
}

/** The name a slug stands for, encoded or decoded by a router before. Every slug stands for one name. */
export function nameOfSlug(slug: string): string {
  const plain = decoded(slug.replaceAll('+', ' '))
  return plain.replaceAll(/-(?:dash|fwslash|bwslash|colon|dot|plus)-/g, (text) => meant.get(text) ?? text)
}

/** The name behind a plain URL encoding, with `+` for a space. */
export const nameOfEncoded = (text: string) => decoded(text.replaceAll('+', ' '))

/** As forms encode: a space is `+`, and all but letters, digits, `_`, `.` and `-` is percent-encoded. */
function encoded(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * A tag name as uploads to a community library store it: the general cleaning, no space after the colon of a known
 * namespace, and spaces for underscores except in the names of people.
 *
 * @returns '' when nothing is left.
 */
export function cleanCommunityTag(name: string): string {
  const tidy = cleanTagName(name).replace(/^([^:]+?) ?: ?/, (whole, namespace: string) =>
    TAG_NAMESPACES.has(namespace) ? `${namespace}:` : whole,
  )
  const { namespace } = splitTagName(tidy)
  if (namespace !== null && namespacesKeepingUnderscores.has(namespace)) return tidy
  return cleanTagName(tidy.replaceAll('_', ' '))
}

/** The order in which a list of tags is shown: by category, those without one last, and A to Z in each. */
export function inDisplayOrder<T extends { name: string; category?: string | null }>(
  tags: readonly T[],
): T[] {
  const place = ({ name, category }: T) => {
    const found = categoryOfTag(name, category)
    return found === null ? TAG_CATEGORIES.length : TAG_CATEGORIES.indexOf(found)
  }
  return tags
    .map((tag) => ({ tag, at: place(tag) }))
    .toSorted((one, other) => one.at - other.at || byCodePoint(one.tag.name, other.tag.name))
    .map(({ tag }) => tag)
}

/**
 * Settles ratings that exclude each other, by dropping the weaker: of each group the strongest stays, and `safe`
 * stays only alone. Names that are no ratings pass.
 *
 * @returns The names that stay, in their order, and those that were dropped; or the problem that there is no rating.
 */
export function resolveRatings(names: readonly string[]): { names: string[]; dropped: string[] } | Problem {
  const given = new Set(names)
  const strongest = ratingGroups.flatMap((group) => group.findLast((rating) => given.has(rating)) ?? [])
  if (strongest.length === 0 && !given.has(mildestRating))
    return { field: 'tags', problem: 'must have a rating' }

  const kept = new Set<string>(strongest.length === 0 ? [mildestRating] : strongest)
  const ratings = new Set<string>([mildestRating, ...ratingGroups.flat()])
  const stays = (name: string) => !ratings.has(name) || kept.has(name)
  return { names: names.filter(stays), dropped: names.filter((name) => !stays(name)) }
}

/** What a community library has against a set of cleaned names, besides their ratings. */
export function communityTagProblems(names: readonly string[]): Problem[] {
  const { least, most, nameChars } = communityTagLimits
  const problems: string[] = []
  if (names.length < least) problems.push(`has too few entries (at least ${least})`)
  if (names.length > most) problems.push(`has too many entries (at most ${most})`)
  if (names.some((name) => Array.from(name).length > nameChars))
    problems.push(`has an entry of more than ${nameChars} characters`)
  const forbidden = names.find((name) => forbiddenTags.has(name))
  if (forbidden !== undefined) problems.push(`has an entry that is not allowed: ${forbidden}`)
  return problems.map((problem) => ({ field: 'tags', problem }))
}
