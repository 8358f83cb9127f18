/** The words of a text, in order: lower case, letters and digits only; an apostrophe joins (`don't` is `dont`). */
export function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll(/['’]/g, '')
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  )
}

/**
 * Cuts an English word down to what its forms share: plurals, `-ed`, `-ing`, a last `e`. Deliberately small; it need
 * only be the same wherever a text is indexed and wherever it is searched. Other scripts pass unchanged.
 */
export function stem(word: string): string {
  if (word.length <= 3 || !/^[a-z]+$/.test(word)) return word
  const single = singular(word)
  const bare = withoutEnding(single, 'ing') ?? withoutEnding(single, 'ed') ?? single
  return bare.length > 3 && bare.endsWith('e') ? bare.slice(0, -1) : bare
}

function singular(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (/(?:s|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2)
  return /[^siu]s$/.test(word) ? word.slice(0, -1) : word
}

/** Without the ending, if a word of three letters and a vowel remains; a doubled last letter becomes one. */
function withoutEnding(word: string, ending: string): string | null {
  if (!word.endsWith(ending)) return null
  const rest = word.slice(0, -ending.length)
  if (rest.length < 3 || !/[aeiouy]/.test(rest)) return null
  return /([^aeiouylsz])\1$/.test(rest) ? rest.slice(0, -1) : rest
}

/** Whether the words stand in the text one after the other, compared by {@link stem}. */
export function hasPhrase(text: string, words: readonly string[]): boolean {
  const wanted = words.map(stem)
  const given = wordsOf(text).map(stem)
  return given.some((_, start) => wanted.every((word, index) => given[start + index] === word))
}
