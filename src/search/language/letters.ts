/** One UTF-16 unit of a term, knowing whether it may still mean something. */
export interface Letter {
  char: string
  /** Where it stands in the whole query, in UTF-16 units; for an escaped one, where its backslash stands. */
  at: number
  /** False once escaped or quoted: then it is text, whatever it looks like. */
  plain: boolean
}

/** White space of any script, for one UTF-16 unit. */
export function isSpace(char: string | undefined): boolean {
  if (char === undefined || char === '') return false
  return char === ' ' || ((char < '!' || char > '~') && char.trim() === '')
}

export function textOf(letters: readonly Letter[]): string {
  return letters.map((letter) => letter.char).join('')
}

/** Without white space at either end, escaped or not. */
export function trimLetters(letters: readonly Letter[]): readonly Letter[] {
  let start = 0
  let end = letters.length
  while (start < end && isSpace(letters[start]?.char)) start += 1
  while (end > start && isSpace(letters[end - 1]?.char)) end -= 1
  return letters.slice(start, end)
}

/** Every run of white space as one plain space. */
export function squeezeLetters(letters: readonly Letter[]): readonly Letter[] {
  return letters
    .filter(({ char }, index) => !isSpace(char) || !isSpace(letters[index - 1]?.char))
    .map((letter) => (isSpace(letter.char) ? { ...letter, char: ' ' } : letter))
}

const NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?$/

/**
 * Takes `^2` or `~0.8` off the end of a term.
 *
 * @returns `null` if there is none: the number must touch its mark, the mark must touch the term, and more text after
 *   the number makes all of it ordinary text (`a^b`, `two~2~two`).
 */
export function takeSuffix(letters: readonly Letter[], mark: '^' | '~'): Suffix | null {
  let start = letters.length
  while (/[\d.]/.test(plainChar(letters[start - 1]))) start -= 1
  if (mark === '^' && plainChar(letters[start - 1]) === '-') start -= 1

  const before = letters[start - 2]
  const number = textOf(letters.slice(start))
  if (plainChar(letters[start - 1]) !== mark || !before || isSpace(before.char)) return null
  return NUMBER.test(number) ? { rest: letters.slice(0, start - 1), value: Number(number) + 0 } : null
}

interface Suffix {
  rest: readonly Letter[]
  value: number
}

function plainChar(letter: Letter | undefined): string {
  return letter?.plain ? letter.char : ''
}
