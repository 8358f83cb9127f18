/** Slugs that have a meaning of their own: the collection of all public items of an account. */
const reserved = new Set(['firehose'])

/** A title as it stands in a URL: lower case, letters and digits of any script, hyphens between; never empty. */
export function slugOf(title: string): string {
  const words =
    title
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  const slug = Array.from(words.join('-')).slice(0, 80).join('').replace(/-$/, '')
  return slug === '' ? 'untitled' : slug
}

/** The first of `slug`, `slug-2`, `slug-3` … that is not taken. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug) && !reserved.has(slug)) return slug
  let number = 2
  while (taken.has(`${slug}-${number}`)) number += 1
  return `${slug}-${number}`
}
