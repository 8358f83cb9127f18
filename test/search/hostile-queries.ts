import { FIELDS, type FieldName, hasType, MY_SETS } from '../../src/search/fields.ts'
import type { Chance } from '../helpers/random.ts'

/**
 * Searches as people type them, as they mistype them, and as somebody types them who wishes the library ill. The
 * words are those of the library of `generated.ts`, so that many of them find something.
 */

const NAMES = ['sea', 'seal', 'red rose', 'red_rose', 'artist:a_b', 'b', 'oc', 'oc:ab', 'explicit', 'ocean']
const WORDS = [...NAMES, 'é*[x', '😀', '_', 'a', 'ab', 'boat', 'nobody', 'İ', 'ß', 'a%b_*[c]']
const ANDS = [', ', ',', ' AND ', ' && ', ' ,  ']
const ORS = [' OR ', ' || ']
const NOTS = ['-', '!', 'NOT ', '- ', '!-']
const COMPARISONS = ['', '', '.lt', '.lte', '.gt', '.gte', '.eq']
const DATES = [
  [
    '2015',
    '2016-02',
    '2016-02-29',
    '2016-05-01T10',
    '2016-05-01T10:00',
    '2016-05-01T10:00:00Z',
    '2016-05+08:00',
  ],
  [
    '2015..2016',
    '2015-01-01..2016-02-29',
    '3 days ago',
    '1 year ago',
    '2016-02-30',
    'yesterday',
    '9999-12-31',
  ],
].flat()
const NUMBERS = [
  '0',
  '1',
  '2',
  '3',
  '5',
  '7',
  '12',
  '-1',
  '1.5',
  '0.25',
  '144',
  '2000',
  '999999999999999',
  '1e3',
]
const PROSE = [
  'boats',
  'boats at sea',
  'dont sail',
  'berry',
  'seas of berries',
  'İstanbul',
  '***',
  'the sea is',
]
const ADDRESSES = ['10.0.0.1', '10.0.0.0/8', '2001:db8::/32', '10.0.0.1/33', 'home']

/** Names of fields; some a service has for ours, and one that nobody has. */
const FIELD_NAMES = [...Object.keys(FIELDS), 'uploader', 'original_format', 'gallery_id', 'ip', 'no_field']

/** Those that people ask for most. */
const COMMON_FIELDS = [
  [
    'id',
    'width',
    'score',
    'faves',
    'aspect_ratio',
    'wilson_score',
    'comment_count',
    'tag_count',
    'created_at',
  ],
  ['faved_by_id', 'owner', 'source_url', 'format', 'file_name', 'animated', 'my', 'collection', 'updated_at'],
].flat()

const oneOf = (chance: Chance, list: readonly string[]): string => chance.oneOf(list) ?? ''

/** Usually a search that can be read. */
function written(chance: Chance, depth = 0): string {
  const operands = 1 + chance.below(depth === 0 ? 4 : 3)
  let text = operand(chance, depth)
  for (let made = 1; made < operands; made += 1) {
    text += oneOf(chance, chance.below(3) === 0 ? ORS : ANDS) + operand(chance, depth)
  }
  return text
}

function operand(chance: Chance, depth: number): string {
  const negation = chance.below(6) === 0 ? oneOf(chance, NOTS) : ''
  const boost = chance.below(12) === 0 ? oneOf(chance, ['^2', '^0.5', '^-1', '^0']) : ''
  if (depth < 4 && chance.below(6) === 0) return `${negation}(${written(chance, depth + 1)})${boost}`
  return negation + (chance.below(5) < 3 ? tagTerm(chance) : fieldTerm(chance)) + boost
}

function tagTerm(chance: Chance): string {
  const name = oneOf(chance, chance.below(3) === 0 ? WORDS : NAMES)
  switch (chance.below(10)) {
    case 0:
      return `"${name}"`
    case 1:
      return `${name}~${1 + chance.below(3)}`
    case 2:
      return wildcard(chance, name)
    case 3:
      return name.replaceAll(/[_*:[\]]/g, String.raw`\$&`)
    case 4:
      return name.toUpperCase()
    default:
      return name
  }
}

function wildcard(chance: Chance, name: string): string {
  const at = chance.below(name.length + 1)
  return (
    chance.oneOf([
      `${name.slice(0, at)}*`,
      `*${name.slice(at)}`,
      `${name.slice(0, at)}?${name.slice(at + 1)}`,
      `*${name.slice(at, at + 1)}*`,
    ]) ?? '*'
  )
}

function fieldTerm(chance: Chance): string {
  const name = oneOf(chance, chance.below(4) === 0 ? FIELD_NAMES : COMMON_FIELDS)
  const number = () => oneOf(chance, NUMBERS) + (chance.below(8) === 0 ? `~${oneOf(chance, NUMBERS)}` : '')
  if (!isField(name)) return `${name}:${oneOf(chance, [...NAMES, ...NUMBERS])}`
  if (hasType(name, 'integer', 'float')) return `${name}${oneOf(chance, COMPARISONS)}:${number()}`
  if (hasType(name, 'date')) return `${name}${oneOf(chance, COMPARISONS)}:${oneOf(chance, DATES)}`
  if (hasType(name, 'keyword')) return `${name}:${keywordValue(chance)}`
  if (hasType(name, 'text')) return `${name}:${oneOf(chance, PROSE)}`
  if (hasType(name, 'boolean')) return `${name}:${oneOf(chance, ['true', 'false', 'TRUE', 'maybe'])}`
  if (hasType(name, 'mine')) return `my:${oneOf(chance, [...MY_SETS, 'everything'])}`
  if (hasType(name, 'address')) return `${name}:${oneOf(chance, ADDRESSES)}`
  return `${name}:${number()}`
}

const isField = (name: string): name is FieldName => name in FIELDS

function keywordValue(chance: Chance): string {
  const value = oneOf(chance, [...NAMES, 'Seal', 'mina', 'É', 'abcd0123', 'abcd*', '0000ffff'])
  const kind = chance.below(6)
  return kind === 0 ? `${value}~1` : kind === 1 ? wildcard(chance, value) : value
}

/** Pieces that mean something somewhere. */
const PIECES = [
  [
    'a',
    'sea',
    ' ',
    '  ',
    '\t',
    '\u00a0',
    ',',
    ', ',
    ' AND ',
    ' OR ',
    '&&',
    ' || ',
    'NOT ',
    'NOT(',
    '-',
    '!',
    '(',
    ')',
  ],
  [
    '"',
    '\\',
    '\\"',
    '\\:',
    ':',
    '*',
    '?',
    '~',
    '~2',
    '~0.5',
    '^',
    '^2',
    '^-1',
    '.gt',
    '.lte',
    '5',
    '-5',
    '1.5',
    '..',
  ],
  [
    'width:',
    'created_at:',
    'my:faves',
    'description:',
    'É',
    'Σ',
    '😀',
    '\0',
    '\ud800',
    '\u202e',
    '\ufeff',
    '%',
    "'",
  ],
].flat()

/** Puts in, takes out, doubles and swaps words and signs. */
function withOtherTokens(chance: Chance, text: string): string {
  const tokens = text.match(/\\.|[\w.]+|\s+|[^]/gu) ?? []
  for (let left = 1 + chance.below(4); left > 0; left -= 1) {
    const at = chance.below(tokens.length + 1)
    const kind = chance.below(4)
    if (kind === 0) tokens.splice(at, 0, oneOf(chance, PIECES))
    else if (kind === 1) tokens.splice(at, 1)
    else if (kind === 2) tokens.splice(at, 0, tokens[at] ?? '')
    else tokens.splice(at, 1, tokens[chance.below(tokens.length)] ?? '')
  }
  return tokens.join('')
}

/** Changes bytes of the text's UTF-8, or its UTF-16 units, without regard to what they belong to. */
function withOtherBytes(chance: Chance, text: string): string {
  const encoding = chance.below(3) === 0 ? 'utf16le' : 'utf8'
  const bytes = [...Buffer.from(text, encoding)]
  for (let left = 1 + chance.below(4); left > 0; left -= 1) {
    const at = chance.below(bytes.length + 1)
    const byte = chance.below(2) === 0 ? chance.below(256) : 32 + chance.below(95)
    const kind = chance.below(3)
    if (kind === 0) bytes.splice(at, 0, byte)
    else bytes.splice(at, 1, ...(kind === 1 ? [byte] : []))
  }
  return Buffer.from(bytes).toString(encoding)
}

const PLANES = [0x80, 0x250, 0x700, 0x2100, 0xe000, 0x1_0000, 0x11_0000]

function anyLetters(chance: Chance): string {
  const most = chance.oneOf(PLANES) ?? 0
  const letters = Array.from({ length: 1 + chance.below(40) }, () =>
    chance.below(6) === 0 ? oneOf(chance, PIECES) : String.fromCodePoint(chance.below(most)),
  )
  return letters.join('')
}

/** Parentheses, negations and quotes inside each other, closed, half closed, or not at all. */
function nested(chance: Chance): string {
  const depth = chance.below(chance.below(8) === 0 ? 2000 : 40)
  const open = oneOf(chance, ['(', '-(', 'NOT(', '(a, ', '(sea || ', '( ', '!!(', '"(', 'a('])
  const close = oneOf(chance, [')', ')^2', ') ', ', b)', ')~2'])
  const left = chance.below(3) === 0 ? chance.below(depth + 2) : depth
  return open.repeat(depth) + tagTerm(chance) + close.repeat(left)
}

/** As many terms as are allowed, about, or words as long. */
function long(chance: Chance): string {
  const joined = (length: number, make: () => string, by: string) => Array.from({ length }, make).join(by)
  switch (chance.below(5)) {
    case 0:
      return joined(90 + chance.below(20), () => tagTerm(chance), oneOf(chance, [...ANDS, ...ORS]))
    case 1:
      return joined(60 + chance.below(40), () => operand(chance, 3), oneOf(chance, ORS))
    case 2:
      return oneOf(chance, PIECES).repeat(1000 + chance.below(4000))
    case 3:
      // What a pattern matcher that tries everything never finishes.
      return `${oneOf(chance, ['', 'file_name:', 'source_url:'])}${oneOf(chance, ['*a', 'a*', '?*', '*e?'])}`.repeat(
        1 + chance.below(60),
      )
    default:
      return written(chance).padEnd(4000 + chance.below(200), oneOf(chance, WORDS))
  }
}

/** One query text after another, the same for the same chance. */
export function* hostileQueries(chance: Chance): Generator<string, never> {
  for (;;) {
    const kind = chance.below(100)
    if (kind < 40) yield written(chance)
    else if (kind < 65) yield withOtherTokens(chance, written(chance))
    else if (kind < 85) yield withOtherBytes(chance, written(chance))
    else if (kind < 93) yield anyLetters(chance)
    else if (kind < 99 || chance.below(2) === 0) yield nested(chance)
    else yield long(chance)
  }
}
