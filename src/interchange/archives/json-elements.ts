import { getManyValues, isMany, none } from 'stream-chain/defs.js'
import { Assembler } from 'stream-json/core/assembler.js'
import { jsonParser, type Token } from 'stream-json/core/parser.js'
import { longestRowChars } from './decode-text.ts'
import { ArchiveError } from './rows.ts'

/** An element of the array that a file is, or of one that stands in its object under `key`. Numbers count from 1. */
export interface JsonElement {
  key: string | null
  number: number
  value: unknown
}

/**
 * The elements of a JSON file one at a time, so that memory does not grow with it.
 *
 * @param file Named in the errors.
 * @throws ArchiveError where the JSON breaks, ends too early or is no list; what came before has been given out.
 */
export async function* jsonElements(texts: AsyncIterable<string>, file: string): AsyncGenerator<JsonElement> {
  const parse = jsonParser({ packValues: true, streamValues: false })
  const lists = elementReader()
  const where = () =>
    lists.count() === 0 ? `${file} at its beginning` : `${file} after row ${lists.count()}`
  let chars = 0
  function* feed(text: string | typeof none): Generator<JsonElement> {
    for (const token of tokensOf(parse, text, where)) {
      const element = lists.take(token)
      if (element === null) continue
      chars = 0
      yield element
    }
  }
  for await (const text of texts) {
    // The parser gives out nothing of a piece that holds an error, so a piece ends where an element can end.
    for (let from = 0; from < text.length;) {
      const end = text.indexOf('}', from)
      const piece = text.slice(from, end === -1 ? text.length : end + 1)
      from += piece.length
      chars += piece.length
      yield* feed(piece)
      if (chars > longestRowChars) throw new ArchiveError(`A row is too long to be one, in ${where()}.`)
    }
  }
  yield* feed(none)
  if (!lists.sawList()) throw new ArchiveError(`There is no list in ${file}.`)
}

function tokensOf(
  parse: ReturnType<typeof jsonParser>,
  text: string | typeof none,
  where: () => string,
): readonly Token[] {
  try {
    // The parser takes `none` for the end of the text, which its type leaves out.
    const answer = (parse as (text: string | typeof none) => ReturnType<typeof parse>)(text)
    return isMany(answer) ? getManyValues(answer) : []
  } catch {
    const what = text === none ? 'ends in the middle' : 'is broken'
    throw new ArchiveError(`The JSON ${what}, in ${where()}.`)
  }
}

interface ElementReader {
  /** The element that this token completes. */
  take: (token: Token) => JsonElement | null
  count: () => number
  sawList: () => boolean
}

const opening = new Set(['startObject', 'startArray'])
const closing = new Set(['endObject', 'endArray'])

/** Follows tokens to the lists of a file: the file itself, or what stands in its object. */
function elementReader(): ElementReader {
  let depth = 0
  let key: string | null = null
  /** The depth of what stands in a list; 0 outside of lists. */
  let inList = 0
  let number = 0
  let isThere = false
  let element: Assembler | null = null

  function outside(name: Token['name'], value: unknown): void {
    if (name === 'keyValue' && depth === 1) key = String(value)
    else if (name === 'startArray' && (depth === 0 || (depth === 1 && key !== null))) {
      inList = depth + 1
      isThere = true
    }
  }
  function inside(token: Token): JsonElement | null {
    if (depth === inList && closing.has(token.name)) {
      inList = 0
      return null
    }
    element ??= new Assembler()
    element.consume(token)
    if (!element.done) return null
    const value: unknown = element.current
    element = null
    number += 1
    return { key, number, value }
  }
  return {
    take(token) {
      const found = inList > 0 ? inside(token) : null
      if (inList === 0 && found === null) outside(token.name, 'value' in token ? token.value : null)
      if (opening.has(token.name)) depth += 1
      if (closing.has(token.name)) depth -= 1
      return found
    },
    count: () => number,
    sawList: () => isThere,
  }
}

/** The members of an object of the file; nothing of anything else. */
export function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

/** A text of the file; null for anything else, and for one of nothing but spaces. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
