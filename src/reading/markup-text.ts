import type { Readable } from 'node:stream'
import type { Parser } from 'htmlparser2'
import { inPieces, markupDecoder } from './decode-html.ts'
import { lineOf } from './document.ts'
import type { KeptText } from './kept-text.ts'

type Attributes = Readonly<Record<string, string>>

/** Which elements of a language hold text. Names are local ones, without a prefix. */
export interface Vocabulary {
  /** HTML of any quality, with its entities; XML otherwise. */
  isHtml?: boolean
  /** Text counts inside of these … */
  inside: ReadonlySet<string>
  /** … unless it is inside of one of these as well. */
  skips?: (name: string, attributes: Attributes) => boolean
  /** Each of these is a line. */
  lines: ReadonlySet<string>
  /** Words before and after one of these are not the same word. */
  spaces?: ReadonlySet<string>
  /** Text that an attribute holds. */
  says?: (name: string, attributes: Attributes) => string | undefined
}

/** Adds the text of a file to `kept`, until that is full. No entities of a file's own are known. */
export async function addMarkup(bytes: Readable, language: Vocabulary, kept: KeptText): Promise<void> {
  const { inside, lines, spaces, skips, says } = language
  let depth = 0
  let skipped = 0
  await readElements(bytes, language.isHtml === true, {
    opened(name, attributes) {
      if (skipped > 0 || skips?.(name, attributes)) skipped += 1
      else if (inside.has(name)) depth += 1
      if (lines.has(name)) kept.end()
      else if (spaces?.has(name)) kept.space()
      const said = says?.(name, attributes)
      if (said) kept.add(`${said}\n`)
    },
    text(text) {
      if (depth > 0 && skipped === 0) kept.add(text)
    },
    closed(name) {
      if (skipped > 0) skipped -= 1
      else if (inside.has(name)) depth -= 1
      if (lines.has(name)) kept.end()
      return kept.isFull
    },
  })
}

/** The text of the first of each of these elements, in one line; wherever they are. */
export async function firstTexts<Name extends string>(
  bytes: Readable,
  names: readonly Name[],
): Promise<Record<Name, string | null>> {
  const found = new Map<string, string>()
  let current: string | null = null
  await readElements(bytes, false, {
    opened(name) {
      if (names.some((one) => one === name) && !found.has(name)) found.set((current = name), '')
    },
    text(text) {
      if (current !== null) found.set(current, ((found.get(current) ?? '') + text).slice(0, 2_000))
    },
    closed(name) {
      if (name === current) current = null
    },
  })
  return Object.fromEntries(names.map((name) => [name, lineOf(found.get(name), 500)])) as Record<
    Name,
    string | null
  >
}

export interface ElementReader {
  opened: (name: string, attributes: Attributes) => void
  text?: (text: string) => void
  /** Returns true when nothing more is wanted. */
  closed?: (name: string) => boolean | void
}

/** Reads a file of markup piece by piece. */
export async function readElements(bytes: Readable, isHtml: boolean, reader: ElementReader): Promise<void> {
  const { Parser } = await import('htmlparser2')
  let isDone = false
  const parser: Parser = new Parser(
    {
      onopentag: (name, attributes) => reader.opened(localName(name), attributes),
      ontext: (text) => reader.text?.(text),
      onclosetag: (name) => {
        if (reader.closed?.(localName(name)) === true) isDone = true
      },
    },
    isHtml ? { recognizeSelfClosing: true } : { xmlMode: true },
  )
  let decoder: TextDecoder | null = null
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    decoder ??= markupDecoder(chunk)
    parser.write(decoder.decode(chunk, inPieces))
    if (isDone) return
  }
  parser.end()
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1)
