import { FIELDS } from '../../src/search/fields.ts'
import { QueryError } from '../../src/search/language/errors.ts'
import { tagName } from './names.ts'
import { parse } from './queries.ts'
import { pick, randomNumbers, whole } from './random.ts'

const SIGNS: readonly [string, ...string[]] = [
  '(',
  ')',
  '-',
  '"',
  ',',
  ', ',
  ' AND ',
  ' || ',
  '~2',
  '^',
  '\\',
  ':',
  '*',
  '\0',
  '5',
  '\ud800',
]
/** Two times as long as a query may be. */
const LONGEST = 8192

/** Texts that cannot be read, the same for the same seed: names and signs in any order, short, and as long as can be. */
export function generateMalformed(count: number, seed: number): string[] {
  const random = randomNumbers(seed)
  const fields = Object.keys(FIELDS)
  const piece = () =>
    pick(random, [
      () => tagName(whole(random, 3000)),
      () => `${fields[whole(random, fields.length)]}:${pick(random, SIGNS)}`,
      () => pick(random, SIGNS),
      () => pick(random, SIGNS),
    ])()
  const texts: string[] = []
  while (texts.length < count) {
    const most = random() < 0.1 ? whole(random, LONGEST) : 60
    let text = piece()
    while (text.length < most) text += piece()
    if (refusalTime(text) !== null) texts.push(text)
  }
  return texts
}

/** Milliseconds until a text is refused; null if it is not. */
export function refusalTime(text: string): number | null {
  const start = performance.now()
  try {
    parse(text)
  } catch (error) {
    const time = performance.now() - start
    if (error instanceof QueryError) return time
    throw error
  }
  return null
}
