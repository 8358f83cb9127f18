import * as fc from 'fast-check'
import type {
  BooleanField,
  DateField,
  FieldName,
  FieldsOf,
  FieldType,
  IdField,
  KeywordField,
  NumberField,
} from '../../../src/search/fields.ts'
import { fieldFacts, FIELDS, hasType, MY_SETS } from '../../../src/search/fields.ts'
import type { ItemFacts } from '../../../src/search/language/match.ts'
import type { PatternPart } from '../../../src/search/language/pattern.ts'
import type { Query } from '../../../src/search/language/tree.ts'
import {
  allOf,
  anyOf,
  boosted,
  EVERYTHING,
  negate,
  NOTHING,
  term,
} from '../../../src/search/language/tree.ts'
import { options } from './reading.ts'

/** Trees of the shapes that a parser makes, over few values, so that searches and items often meet. */

function fieldsOf<T extends FieldType>(...types: T[]): fc.Arbitrary<FieldsOf<T>> {
  const names = Object.keys(FIELDS).filter((name): name is FieldName => name in FIELDS)
  return fc.constantFrom(...names.filter((name): name is FieldsOf<T> => hasType(name, ...types)))
}

/** Ordinary words, and everything that means something somewhere. */
const PIECES = [
  ['a', 'b', 'ab', '_', ' ', ':', 'width:', 'my:', '-', '!', '(', ')', ',', '"', '\\', '*', '?', '~2', '^2'],
  [' and ', ' AND ', ' OR ', ' && ', ' || ', 'NOT ', 'not(', '\t', 'É', 'ß', '😀', '.gt', '5', '/'],
].flat()

const awkward = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''))

/** A tag's text as tag terms hold it. */
function foldTag(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').toLowerCase()
}

const tagNames = fc
  .oneof(fc.constantFrom('sea', 'seal', 'red rose', 'red_rose', 'artist:a_b'), awkward)
  .map(foldTag)
  .filter((name) => name !== '')

/** Values of a field, folded as its terms hold them. */
function valuesOf(field: KeywordField): fc.Arbitrary<string> {
  return fc
    .oneof(fc.constantFrom('sea', 'Seal', 'red rose'), awkward)
    .map((value) => (fieldFacts(field).caseKept ? value.trim() : value.trim().toLowerCase()))
    .filter((value) => value !== '')
}

const distances = fc.constantFrom<1 | 2>(1, 2)

/** Up to four runs of wildcards around texts, never the lone `*` that means everything. */
function patternsOf(texts: fc.Arbitrary<string>) {
  const runs = fc.constantFrom('?', '*', '??', '?*')
  return fc.tuple(texts, runs, fc.option(texts), fc.boolean()).map(([head, run, tail, ending]) => {
    const parts: PatternPart[] = [{ is: 'text', text: head }]
    for (const mark of run) parts.push(mark === '?' ? { is: 'one' } : { is: 'any' })
    if (tail !== null) parts.push({ is: 'text', text: tail })
    if (tail !== null && ending) parts.push({ is: 'any' })
    return parts
  })
}

const integers = fc.integer({ min: -3, max: 12 })
const decimals = fc.constantFrom(0, 0.5, 1.5, -2.25, 1e-15, 123456789012345, 0.000000000000123)
const moments = fc.constantFrom(
  ...[
    '0000-01-01T00:00:00.001Z',
    '2015-01-01T00:00:00.000Z',
    '2016-02-29T23:59:59.999Z',
    '9999-12-31T23:59:59.998Z',
  ].map((text) => Date.parse(text)),
)

const numberTerms = fieldsOf('integer', 'float').chain((field: NumberField) => {
  const value = hasType(field, 'integer') ? integers : fc.oneof(integers, decimals)
  const is = fc.constantFrom('=' as const, '<' as const, '<=' as const, '>' as const, '>=' as const)
  return fc.oneof(
    fc.record({ is, value }).map((rest) => term({ op: 'compare', field, is: rest.is, value: rest.value })),
    fc
      .record({ value, within: fc.constantFrom(0, 1, 2.5) })
      .map((rest) => term({ op: 'around', field, ...rest })),
  )
})

const dateTerms = fc
  .record({ field: fieldsOf('date'), from: fc.option(moments), to: fc.option(moments) })
  .filter(({ from, to }) => (from === null || to === null ? from !== to : from < to))
  .map((rest) => term({ op: 'during', ...rest }))

const keywordTerms = fieldsOf('keyword').chain((field: KeywordField) =>
  fc.oneof(
    valuesOf(field).map((value) => term({ op: 'keyword', field, value })),
    fc
      .tuple(valuesOf(field), distances)
      .map(([value, distance]) => term({ op: 'keyword_near', field, value, distance })),
    patternsOf(valuesOf(field)).map((pattern) => term({ op: 'keyword_pattern', field, pattern })),
  ),
)

const tagTerms = fc.oneof(
  tagNames.map((name) => term({ op: 'tag', name, cleaned: options.cleanTag(name) })),
  fc.tuple(tagNames, distances).map(([name, distance]) => term({ op: 'tag_near', name, distance })),
  patternsOf(tagNames).map((pattern) => term({ op: 'tag_pattern', pattern })),
)

const otherTerms = fc.oneof(
  fc.constantFrom(EVERYTHING, NOTHING),
  fc.record({ field: fieldsOf('id'), value: fc.nat(5) }).map((rest) => term({ op: 'id', ...rest })),
  fc.record({ field: fieldsOf('boolean'), value: fc.boolean() }).map((rest) => term({ op: 'flag', ...rest })),
  fc
    .record({
      field: fieldsOf('text'),
      words: fc.array(fc.constantFrom('sea', 'boats', 'dont'), { minLength: 1 }),
    })
    .map((rest) => term({ op: 'phrase', ...rest })),
  fc.constantFrom(...MY_SETS).map((set) => term({ op: 'mine', set })),
  fc.nat(5).map((id) => term({ op: 'collection', id })),
  fc.nat(5).map((id) => term({ op: 'filter', id })),
  fc
    .constantFrom({ address: '10.1.0.0', prefix: 16 }, { address: '2001:db8::', prefix: 32 })
    .map((block) => term({ op: 'address', field: 'upload_address', ...block })),
)

const terms = fc.oneof({ weight: 3, arbitrary: tagTerms }, numberTerms, dateTerms, keywordTerms, otherTerms)

export const trees: fc.Arbitrary<Query> = fc.letrec<{ tree: Query }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    terms,
    fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map(allOf),
    fc.array(tie('tree'), { minLength: 2, maxLength: 3 }).map(anyOf),
    tie('tree').map(negate),
    fc.tuple(tie('tree'), fc.constantFrom(2, 0.5, -1, 0)).map(([of, by]) => boosted(of, by)),
  ),
})).tree

function someOf<K extends string, V>(keys: fc.Arbitrary<K>, values: fc.Arbitrary<V>) {
  return fc.array(fc.tuple(keys, values), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs))
}

export const items: fc.Arbitrary<ItemFacts> = fc.record({
  tags: fc.array(tagNames, { maxLength: 4 }).map((names) => new Set(names)),
  numbers: someOf<NumberField, number>(fieldsOf('integer', 'float'), integers),
  ids: someOf<IdField, number[]>(fieldsOf('id'), fc.array(fc.nat(5))),
  dates: someOf<DateField, number>(fieldsOf('date'), moments),
  keywords: someOf<KeywordField, string[]>(
    fieldsOf('keyword'),
    fc.array(fc.constantFrom('sea', 'seal', 'Seal')),
  ),
  flags: someOf<BooleanField, boolean>(fieldsOf('boolean'), fc.boolean()),
  texts: fc.constantFrom({ description: 'Boats at sea: the sea is red' }, {}),
  mine: fc.subarray([...MY_SETS]).map((sets) => new Set(sets)),
  collections: fc.array(fc.nat(5)).map((ids) => new Set(ids)),
})
