import type { RATING_TAGS } from '../search/tag-categories.ts'

export { RATING_TAGS, TAG_CATEGORIES, TAG_NAMESPACES, type TagCategory } from '../search/tag-categories.ts'

/** How community libraries want their uploads tagged (Derpibooru's tagging pages); other uploads are free of it. */
export const communityTagLimits = {
  least: 3,
  most: 2000,
  nameChars: 75,
} as const

/** Names that say that somebody did not tag. */
export const forbiddenTags: ReadonlySet<string> = new Set([
  'tagme',
  'tag me',
  'not tagged',
  'no tag',
  'notag',
  'notags',
  'no tags',
  'upvotes galore',
  'downvotes galore',
])

/** Underscores stand for spaces, except after these: names of people are written as they write them. */
export const namespacesKeepingUnderscores: ReadonlySet<string> = new Set([
  'artist',
  'colorist',
  'commissioner',
  'editor',
  'oc',
  'photographer',
])

type Rating = (typeof RATING_TAGS)[number]

/** Of each group an item has at most one; of several the last one counts. `grotesque` goes with any of them. */
export const ratingGroups: readonly (readonly Rating[])[] = [
  ['suggestive', 'questionable', 'explicit'],
  ['semi-grimdark', 'grimdark'],
  ['grotesque'],
]

/** Excludes all the other ratings. */
export const mildestRating: Rating = 'safe'

/** What every tag of a namespace brings along, besides the implications that moderators make. */
export const impliedByNamespace: ReadonlyMap<string, readonly string[]> = new Map([['oc', ['oc']]])
