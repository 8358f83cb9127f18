import { inPieces } from './decode-html.ts'
import { lineOf } from './document.ts'
import type { DocumentFacts } from './facts.ts'
import { KeptText } from './kept-text.ts'

/** Where text goes: to what is kept, to nothing, or to one of the lines about the document. */
type Destination = 'text' | 'nothing' | 'info' | 'title' | 'author'

interface Group {
  destination: Destination
  /** Characters that stand in for each `\u` where a reader does not know it. */
  stand: number
}

/** Destinations whose text is no part of the document's (RTF 1.9.1, "Contents of an RTF File"). */
const silent = new Set(
  `fonttbl colortbl stylesheet listtable listoverridetable revtbl rsidtbl filetbl generator pict object objdata
  themedata colorschememapping datastore latentstyles xmlnstbl fldinst bkmkstart bkmkend template`.split(
    /\s+/,
  ),
)
const lines = new Set(['par', 'line', 'row', 'sect', 'page'])
const spaces = new Set(['tab', 'cell', 'emspace', 'enspace'])
const signs: Readonly<Record<string, string>> = {
  lquote: '‘', rquote: '’', ldblquote: '“', rdblquote: '”', endash: '–', emdash: '—', bullet: '•',
} // prettier-ignore

const codePages: Readonly<Record<number, string>> = {
  932: 'shift_jis', 936: 'gbk', 949: 'euc-kr', 950: 'big5', 866: 'ibm866', 10000: 'macintosh', 65001: 'utf-8',
} // prettier-ignore

/** A control word with its number, a byte, a control symbol, a brace, or plain text. */
const token = /\\([a-z]{1,32})(-?\d{1,9})? ?|\\'([\da-f]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)|[\\\r\n]/gis

/** The text of an RTF file, read as Latin 1. */
export function readRtf(file: string): DocumentFacts {
  const reader = new RtfReader()
  token.lastIndex = 0
  for (let found = token.exec(file); found && !reader.kept.isFull; found = token.exec(file)) {
    const [, word, number, byte, symbol, brace, plain] = found
    if (word === 'bin') token.lastIndex += Math.max(0, Number(number ?? 0))
    else if (word !== undefined) reader.word(word, number === undefined ? null : Number(number))
    else if (byte !== undefined) reader.bytes(String.fromCharCode(Number.parseInt(byte, 16)))
    else if (symbol !== undefined) reader.symbol(symbol)
    else if (brace !== undefined) reader.brace(brace)
    else if (plain !== undefined) reader.bytes(plain)
  }
  return reader.facts()
}

class RtfReader {
  readonly kept = new KeptText()
  readonly #groups: Group[] = []
  readonly #said = { title: '', author: '' }
  #group: Group = { destination: 'text', stand: 1 }
  #decoder = new TextDecoder('windows-1252')
  /** Bytes of characters, decoded together because some are of two. */
  #bytes = ''
  /** Characters still to leave out after a `\u`. */
  #left = 0

  facts(): DocumentFacts {
    this.#flush()
    const { title, author } = this.#said
    return { title: lineOf(title, 500), author: lineOf(author, 500), text: this.kept.toString() }
  }

  bytes(bytes: string): void {
    const left = Math.min(this.#left, bytes.length)
    this.#left -= left
    this.#bytes += bytes.slice(left)
  }

  brace(brace: string): void {
    this.#flush()
    this.#left = 0
    if (brace === '{') this.#groups.push({ ...this.#group })
    else this.#group = this.#groups.pop() ?? this.#group
  }

  symbol(symbol: string): void {
    if (symbol === '*') {
      this.#flush()
      this.#group.destination = 'nothing'
    } else if (symbol === '~') this.bytes(' ')
    else if (/[\\{}]/.test(symbol)) this.bytes(symbol)
    else if (/[\r\n]/.test(symbol)) this.#add('\n')
  }

  word(word: string, number: number | null): void {
    if (word === 'u' && number !== null) {
      this.#add(String.fromCharCode(number & 0xffff))
      this.#left = this.#group.stand
    } else if (word === 'uc') this.#group.stand = Math.min(Math.max(number ?? 1, 0), 8)
    else if (word === 'ansicpg') this.#setCodePage(number ?? 1252)
    else if (lines.has(word)) this.#add('\n')
    else if (spaces.has(word)) this.#add(' ')
    else if (signs[word] !== undefined) this.#add(signs[word])
    else this.#setDestination(word)
  }

  #setDestination(word: string): void {
    this.#flush()
    const { destination } = this.#group
    if (destination === 'info' && (word === 'title' || word === 'author')) this.#group.destination = word
    else if (destination === 'text' && word === 'info') this.#group.destination = 'info'
    else if (silent.has(word)) this.#group.destination = 'nothing'
  }

  #setCodePage(number: number): void {
    this.#flush()
    try {
      this.#decoder = new TextDecoder(codePages[number] ?? `windows-${number}`)
    } catch {
      this.#decoder = new TextDecoder('windows-1252')
    }
  }

  #flush(): void {
    if (this.#bytes === '') return
    const text = this.#decoder.decode(Buffer.from(this.#bytes, 'latin1'), inPieces)
    this.#bytes = ''
    this.#put(text)
  }

  #add(text: string): void {
    this.#flush()
    this.#put(text)
  }

  #put(text: string): void {
    const { destination } = this.#group
    if (destination === 'text') this.kept.add(text)
    else if (destination === 'title' || destination === 'author')
      this.#said[destination] = (this.#said[destination] + text).slice(0, 2_000)
  }
}
