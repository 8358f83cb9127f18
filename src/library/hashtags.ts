import { cleanTagName } from './tags.ts'

/** Letters, digits, `_` and `-` of any script, after the start, a space or opening punctuation. */
const hashtag = /(?<=^|[\s\p{Ps}\p{Pi}"'¿¡])[#＃]([\p{L}\p{M}\p{N}_-]+)/gu

/**
 * The tags in a description, in the order in which they appear, each once, in lower case. A number alone is none, nor
 * is what follows a `#` in an address.
 */
export function hashtagsOf(description: string | null | undefined): string[] {
  const found = [...(description ?? '').matchAll(hashtag)].map(([, name = '']) =>
    cleanTagName(name.replaceAll(/^-+|-+$/g, '')),
  )
  return [...new Set(found.filter((name) => /\p{L}/u.test(name)))]
}
