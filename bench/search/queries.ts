import { FIELDS, type FieldName, type FieldTable } from '../../src/search/fields.ts'
import { parseQuery } from '../../src/search/language/parser.ts'
import { simplify } from '../../src/search/language/rewrite.ts'
import type { Query } from '../../src/search/language/tree.ts'
import { tagName } from './names.ts'
import { pick, randomNumbers, whole } from './random.ts'

export interface BenchQuery {
  kind: string
  text: string
  query: Query
  /** Items on the page asked for, 15 to 50. */
  limit: number
}

type Random = () => number
/** Names of tags of a sort: among the 100 most used, the next 3,000, or the rest. */
interface Names {
  common: () => string
  middle: () => string
  rare: () => string
  any: () => string
}

const KINDS: readonly (readonly [
  kind: string,
  write: (names: Names, random: Random, size: number) => string,
])[] = [
  ['two terms', ({ common, any }) => `${common()}, ${any()}`],
  ['two common', ({ common }) => `${common()}, ${common()}`],
  ['three terms', ({ common, any }) => `${common()}, ${any()}, ${any()}`],
  ['three common', ({ common }) => `${common()}, ${common()}, ${common()}`],
  ['common with rare', ({ common, rare }) => `${common()}, ${rare()}`],
  ['negation', ({ common, any }) => `${any()}, -${common()}`],
  ['two negations', ({ common, middle }) => `${common()}, -${common()}, -${middle()}`],
  ['or', ({ common, any }) => `${common()} || ${any()}`],
  ['or in and', ({ common, any }) => `(${any()} || ${common()}), ${common()}`],
  ['range', ({ any }, random, size) => `${any()}, ${range(random, size)}`],
  ['ranges', ({ common }, random, size) => `${common()}, ${range(random, size)}, ${range(random, size)}`],
  ['date', ({ common, any }, random) => `${common()}, ${any()}, ${date(random)}`],
  ['wildcard', ({ common, any }, random) => `${common()}, ${wildcard(any(), random)}`],
  ['wildcard alone', ({ any }, random) => wildcard(any(), random)],
  ['one term', ({ any }) => any()],
]

/** What the searches are made for: how many tags there are, and items. */
export interface Extent {
  tags: number
  items: number
}

/** So many searches, of every kind as many, the same for the same seed. */
export function generateQueries({ tags, items }: Extent, count: number, seed: number): BenchQuery[] {
  const random = randomNumbers(seed)
  const among = (from: number, to: number) => {
    const last = Math.min(to, tags)
    return tagName(Math.min(from, last - 1) + whole(random, Math.max(1, last - from)))
  }
  const common = () => among(0, 100)
  const middle = () => among(100, 3100)
  const rare = () => among(3100, tags)
  const names: Names = { common, middle, rare, any: () => pick(random, [common, middle, rare])() }
  return Array.from({ length: count }, (_, index) => {
    const [kind, write] = KINDS[index % KINDS.length] ?? ['', () => '']
    const text = write(names, random, items)
    return { kind, text, query: parse(text), limit: 15 + whole(random, 36) }
  })
}

/** Every field under its own name. */
const fields: FieldTable = new Map(
  Object.keys(FIELDS)
    .filter((name): name is FieldName => name in FIELDS)
    .map((name): [string, FieldName] => [name, name]),
)

export function parse(text: string): Query {
  const options = {
    fields,
    now: new Date('2024-12-01T00:00:00Z'),
    viewer: { signedIn: false, moderator: false },
    cleanTag: (name: string) => name.replaceAll('_', ' '),
  }
  return simplify(parseQuery(text, options))
}

function range(random: Random, size: number): string {
  return pick(random, [
    () => `score.gte:${whole(random, 300)}`,
    () => `score.lt:${whole(random, 100)}`,
    () => `faves.gt:${whole(random, 60)}`,
    () => `width.gte:${500 + whole(random, 3000)}`,
    () => `aspect_ratio.lt:${(0.5 + random() * 2).toFixed(2)}`,
    () => `comment_count.gte:${whole(random, 10)}`,
    () => `tag_count.lte:${5 + whole(random, 25)}`,
    () => `id.gt:${whole(random, size)}`,
  ])()
}

function date(random: Random): string {
  const year = 2012 + whole(random, 13)
  const month = String(1 + whole(random, 12)).padStart(2, '0')
  return pick(random, [
    `created_at:${year}`,
    `created_at.gte:${year}-${month}`,
    `updated_at.lt:${year}-${month}`,
  ])
}

/** The beginning of a name, or a piece from its middle, as a pattern. */
function wildcard(name: string, random: Random): string {
  const colon = name.indexOf(':') + 1
  const letters = Math.min(name.length, colon + 4 + whole(random, 3))
  return random() < 0.7 ? `${name.slice(0, letters)}*` : `*${name.slice(name.length - 4, name.length - 1)}*`
}
