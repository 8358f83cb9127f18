/**
 * The categories of tags, in the order in which a list of tags shows them; tags without one come last. All of this is
 * the vocabulary of community libraries (Derpibooru's tagging pages, "Tag categories" and "Namespaces"), kept as data.
 */
export const TAG_CATEGORIES = [
  'error',
  'rating',
  'origin',
  'character',
  'oc',
  'species',
  'body-type',
  'content-fanmade',
  'content-official',
  'spoiler',
] as const
export type TagCategory = (typeof TAG_CATEGORIES)[number]

/** What may stand before the colon of a name, and the category it gives; null for those that give none. */
export const TAG_NAMESPACES: ReadonlyMap<string, TagCategory | null> = new Map([
  ['artist', 'origin'],
  ['art pack', 'content-fanmade'],
  ['ask', null],
  ['blog', null],
  ['colorist', 'origin'],
  ['comic', 'content-fanmade'],
  ['commissioner', null],
  ['editor', 'origin'],
  ['fanfic', 'content-fanmade'],
  ['oc', 'oc'],
  ['parent', null],
  ['parents', null],
  ['photographer', 'origin'],
  ['series', 'content-fanmade'],
  ['species', 'species'],
  ['spoiler', 'spoiler'],
  ['video', 'content-fanmade'],
])

/** The tags that rate what a picture shows. */
export const RATING_TAGS = [
  'safe',
  'suggestive',
  'questionable',
  'explicit',
  'semi-grimdark',
  'grimdark',
  'grotesque',
] as const

/** Other names that have a category by themselves. */
const named = new Map<string, TagCategory>([
  ...RATING_TAGS.map((name) => [name, 'rating'] as const),
  ['oc', 'oc'],
])

/** The known namespace of a name and what follows it; the whole name and null when it has none. */
export function splitTagName(name: string): { namespace: string | null; nameInNamespace: string } {
  const colon = name.indexOf(':')
  const namespace = colon > 0 ? name.slice(0, colon) : ''
  const rest = name.slice(colon + 1)
  return TAG_NAMESPACES.has(namespace) && rest !== ''
    ? { namespace, nameInNamespace: rest }
    : { namespace: null, nameInNamespace: name }
}

/** The category of a tag: the one set by hand (`tag.category`), else what its name says, else null. */
export function categoryOfTag(name: string, stored: string | null = null): TagCategory | null {
  const set = TAG_CATEGORIES.find((category) => category === stored)
  if (set !== undefined) return set
  const { namespace } = splitTagName(name)
  return namespace === null ? (named.get(name) ?? null) : (TAG_NAMESPACES.get(namespace) ?? null)
}
