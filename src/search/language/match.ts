import { BlockList, isIP } from 'node:net'
import {
  type AddressField,
  type BooleanField,
  type DateField,
  fieldFacts,
  type IdField,
  type KeywordField,
  type MySet,
  type NumberField,
  type TextField,
} from '../fields.ts'
import { isWithin, matchesPattern } from './pattern.ts'
import { type Comparison, isTerm, type Query, type Term } from './tree.ts'
import { hasPhrase } from './words.ts'

/** Everything about one item that a search can ask. A key that is missing is a value the item does not have. */
export interface ItemFacts {
  /** Names of its tags and all their aliases. */
  tags: ReadonlySet<string>
  numbers?: Partial<Record<NumberField, number>>
  ids?: Partial<Record<IdField, readonly number[]>>
  /** Milliseconds since 1970 UTC. */
  dates?: Partial<Record<DateField, number>>
  keywords?: Partial<Record<KeywordField, readonly string[]>>
  texts?: Partial<Record<TextField, string>>
  flags?: Partial<Record<BooleanField, boolean>>
  addresses?: Partial<Record<AddressField, string>>
  /** The sets of the person searching that hold it. */
  mine?: ReadonlySet<MySet>
  collections?: ReadonlySet<number>
  /** The filters that show it. */
  filters?: ReadonlySet<number>
}

/**
 * Whether an item matches: the meaning of the language, one item at a time, slow and obvious. What answers searches
 * for real must give the same answers.
 *
 * @param isTagName Whether any tag or alias of the whole library has this name. Left out, a tag with two spellings
 *   matches by either.
 */
export function matches(
  query: Query,
  item: ItemFacts,
  isTagName: (name: string) => boolean = () => false,
): boolean {
  if (isTerm(query)) return matchesTerm(query, item, isTagName)
  switch (query.op) {
    case 'not':
      return !matches(query.of, item, isTagName)
    case 'and':
      return query.of.every((part) => matches(part, item, isTagName))
    case 'or':
      return query.of.some((part) => matches(part, item, isTagName))
    case 'boost':
      return matches(query.of, item, isTagName)
  }
}

function matchesTerm(query: Term, item: ItemFacts, isTagName: (name: string) => boolean): boolean {
  switch (query.op) {
    case 'everything':
      return true
    case 'nothing':
      return false
    case 'tag':
      return item.tags.has(query.name) || (!isTagName(query.name) && item.tags.has(query.cleaned))
    case 'tag_pattern':
      return [...item.tags].some((name) => matchesPattern(query.pattern, name))
    case 'tag_near':
      return [...item.tags].some((name) => isWithin(query.distance, query.name, name))
    case 'keyword':
      return values(item, query.field).includes(query.value)
    case 'keyword_pattern':
      return values(item, query.field).some((value) => matchesPattern(query.pattern, value))
    case 'keyword_near':
      return values(item, query.field).some((value) => isWithin(query.distance, query.value, value))
    case 'compare':
      return compares(item.numbers?.[query.field], query.is, query.value)
    case 'around': {
      const value = item.numbers?.[query.field]
      return (
        compares(value, '>=', query.value - query.within) && compares(value, '<=', query.value + query.within)
      )
    }
    case 'id':
      return item.ids?.[query.field]?.includes(query.value) ?? false
    case 'during': {
      const date = item.dates?.[query.field]
      return compares(date, '>=', query.from ?? -Infinity) && compares(date, '<', query.to ?? Infinity)
    }
    case 'phrase':
      return hasPhrase(item.texts?.[query.field] ?? '', query.words)
    case 'flag':
      return item.flags?.[query.field] === query.value
    case 'address':
      return isInside(item.addresses?.[query.field] ?? '', query.address, query.prefix)
    case 'mine':
      return item.mine?.has(query.set) ?? false
    case 'collection':
      return item.collections?.has(query.id) ?? false
    case 'filter':
      return item.filters?.has(query.id) ?? false
  }
}

/** How much an item has of what was asked: every matching term counts 1, times its boosts; negations count nothing. */
export function relevance(query: Query, item: ItemFacts, isTagName?: (name: string) => boolean): number {
  if (isTerm(query)) return matches(query, item, isTagName) ? 1 : 0
  switch (query.op) {
    case 'not':
      return 0
    case 'and':
    case 'or':
      return query.of.reduce((sum, part) => sum + relevance(part, item, isTagName), 0)
    case 'boost':
      return query.by * relevance(query.of, item, isTagName)
  }
}

function values(item: ItemFacts, field: KeywordField): readonly string[] {
  const found = item.keywords?.[field] ?? []
  return fieldFacts(field).caseKept ? found : found.map((value) => value.toLowerCase())
}

function compares(value: number | undefined, is: Comparison, other: number): boolean {
  if (value === undefined) return false
  switch (is) {
    case '=':
      return value === other
    case '<':
      return value < other
    case '<=':
      return value <= other
    case '>':
      return value > other
    case '>=':
      return value >= other
  }
}

function isInside(address: string, block: string, prefix: number): boolean {
  if (isIP(address) !== isIP(block)) return false
  const blocks = new BlockList()
  blocks.addSubnet(block, prefix, family(block))
  return blocks.check(address, family(address))
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}
