const SYLLABLES = [
  [
    'ba',
    'be',
    'bi',
    'bo',
    'bu',
    'da',
    'de',
    'di',
    'do',
    'du',
    'fa',
    'fe',
    'fi',
    'fo',
    'fu',
    'ga',
    'ge',
    'gi',
  ],
  [
    'go',
    'gu',
    'ka',
    'ke',
    'ki',
    'ko',
    'ku',
    'la',
    'le',
    'li',
    'lo',
    'lu',
    'ma',
    'me',
    'mi',
    'mo',
    'mu',
    'na',
  ],
  [
    'ne',
    'ni',
    'no',
    'nu',
    'pa',
    'pe',
    'pi',
    'po',
    'pu',
    'ra',
    're',
    'ri',
    'ro',
    'ru',
    'sa',
    'se',
    'si',
    'so',
  ],
].flat()

/** An invented word, a different one for every number. */
export function wordOf(number: number): string {
  let word = ''
  let rest = number
  do {
    word += SYLLABLES[rest % SYLLABLES.length] ?? ''
    rest = Math.floor(rest / SYLLABLES.length)
  } while (rest > 0)
  return word
}

/** The name of a tag by its place in popularity: one in five an artist, one in ten a character, others one or two words. */
export function tagName(rank: number): string {
  // Spread over the alphabet, so that names that begin alike are not alike in popularity; 49,999 has no factor in common.
  const word = wordOf(54 + ((rank * 49_999) % 157_410))
  if (rank > 30 && rank % 5 === 0) return `artist:${word}`
  if (rank > 30 && rank % 10 === 1) return `oc:${word}`
  return rank % 3 === 0 ? `${wordOf(rank % 40)} ${word}` : word
}
