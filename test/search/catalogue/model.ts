import * as fc from 'fast-check'
import { type Catalogue, createCatalogue } from '../../../src/search/catalogue/catalogue.ts'
import type { CatalogueItem, CatalogueTag, Seer } from '../../../src/search/catalogue/facts.ts'
import { SHOWN } from '../../../src/search/catalogue/facts.ts'
import { type MySet, SORT_FIELDS } from '../../../src/search/fields.ts'
import { type ItemFacts, matches, relevance } from '../../../src/search/language/match.ts'
import { simplify } from '../../../src/search/language/rewrite.ts'
import { byOrder, type Order, randomRank } from '../../../src/search/language/sort.ts'
import type { Query } from '../../../src/search/language/tree.ts'
import { hasType } from '../../../src/search/fields.ts'
import { items as facts, trees } from '../language/trees.ts'

/** The same library twice: in a catalogue, and as plain facts that the language's own `matches` reads. */
export interface Model {
  catalogue: Catalogue
  items: Map<number, CatalogueItem>
  tags: Map<number, CatalogueTag>
}

/** What the language sees of items, by account; until tags change. */
const known = new WeakMap<Model, Map<number | null, WeakMap<CatalogueItem, ItemFacts>>>()

export function createModel(): Model {
  return { catalogue: createCatalogue(), items: new Map(), tags: new Map() }
}

export function put(model: Model, item: CatalogueItem): void {
  model.items.set(item.id, item)
  model.catalogue.put(item)
}

export function remove(model: Model, id: number): void {
  model.items.delete(id)
  model.catalogue.remove(id)
}

export function putTag(model: Model, tag: CatalogueTag): void {
  model.tags.set(tag.id, tag)
  known.delete(model)
  model.catalogue.putTag(tag)
}

export function removeTag(model: Model, id: number): void {
  model.tags.delete(id)
  known.delete(model)
  model.catalogue.removeTag(id)
}

/** Tags whose names the trees of the language's tests ask for, some with aliases. */
const TAGS: readonly CatalogueTag[] = [
  { id: 1, name: 'sea', aliases: ['ocean', 'ab'] },
  { id: 2, name: 'seal', aliases: [] },
  { id: 3, name: 'red rose', aliases: ['seal'] },
  { id: 4, name: 'red_rose', aliases: [] },
  { id: 5, name: 'artist:a_b', aliases: ['a', '😀'] },
  { id: 6, name: 'b', aliases: ['_'] },
]

export const tags = fc.constantFrom(...TAGS)
export const ids = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 400 }))

export const items: fc.Arbitrary<CatalogueItem> = fc
  .record({
    facts,
    id: ids,
    shown: fc.oneof({ weight: 3, arbitrary: fc.constant('listed' as const) }, fc.constantFrom(...SHOWN)),
    tags: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }),
    address: fc.option(fc.constantFrom('10.1.2.3', '10.2.2.3', '2001:db8::7', 'nonsense'), {
      nil: undefined,
    }),
    collections: fc.array(fc.tuple(fc.nat(5), fc.nat(4)), { maxLength: 3 }).map((pairs) => new Map(pairs)),
    note: fc.constantFrom('', 'sea boats', 'Boats, sea! boats of the sea'),
  })
  .map(({ facts, address, note, ...rest }) => ({
    ...rest,
    ...(facts.numbers && { numbers: facts.numbers }),
    ...(facts.ids && { ids: facts.ids }),
    ...(facts.dates && { dates: facts.dates }),
    ...(facts.keywords && { keywords: facts.keywords }),
    ...(facts.flags && { flags: facts.flags }),
    texts: { ...facts.texts, staff_note: note },
    ...(address !== undefined && { addresses: { upload_address: address } }),
  }))

export const seers: fc.Arbitrary<Seer> = fc.oneof(
  fc.constant('listed' as const),
  fc.record({
    accountId: fc.option(fc.nat(3)),
    role: fc.constantFrom('member' as const, 'moderator' as const, 'admin' as const),
  }),
)

const directions = fc.constantFrom('asc' as const, 'desc' as const)

export const orders: fc.Arbitrary<Order> = fc.record({
  by: fc.oneof(
    fc.constantFrom(...SORT_FIELDS),
    fc.record({ random: fc.constantFrom('', 'harbour', '7') }),
    fc.record({ collection: fc.nat(5) }),
  ),
  direction: directions,
  ties: directions,
})

export const queries: fc.Arbitrary<Query> = trees.map(simplify)

const SETS = {
  faves: 'faved_by_id',
  upvotes: 'upvoted_by_id',
  downvotes: 'downvoted_by_id',
  hidden: 'hidden_by_id',
  uploads: 'true_owner_id',
} as const

/** What the language sees of an item when this account searches. */
function factsOf(model: Model, item: CatalogueItem, accountId: number | null): ItemFacts {
  const { numbers, collections, tags, id, shown: _, ...rest } = item
  const names = tags.flatMap((tag) => {
    const known = model.tags.get(tag)
    return known ? [known.name, ...known.aliases] : []
  })
  const mine = new Set<MySet>()
  for (const set of ['faves', 'upvotes', 'downvotes', 'hidden', 'uploads'] as const) {
    if (accountId !== null && item.ids?.[SETS[set]]?.includes(accountId)) mine.add(set)
  }
  return {
    ...rest,
    numbers: { ...numbers, id },
    tags: new Set(names),
    mine,
    collections: new Set(collections?.keys() ?? []),
  }
}

function isSeen({ shown, ids }: CatalogueItem, seer: Seer): boolean {
  if (seer === 'listed') return shown === 'listed'
  if (seer.role === 'admin' || shown === 'listed' || shown === 'unlisted') return true
  if (shown === 'staff') return seer.role === 'moderator'
  return seer.accountId !== null && (ids?.true_owner_id?.includes(seer.accountId) ?? false)
}

function rankOf(facts: ItemFacts, item: CatalogueItem, { by }: Order): number | null {
  if (typeof by === 'object') {
    return 'random' in by ? randomRank(by.random, item.id) : (item.collections?.get(by.collection) ?? null)
  }
  if (by === 'relevance') return null
  if (hasType(by, 'date')) return facts.dates?.[by] ?? null
  return hasType(by, 'integer', 'float') ? (facts.numbers?.[by] ?? null) : null
}

export interface Asked {
  query: Query
  seer: Seer
  order: Order
}

/** The ids of all matches, in order, worked out one item at a time. */
export function expected(model: Model, asked: Asked, also?: number): number[] {
  const accountId = asked.seer === 'listed' ? null : asked.seer.accountId
  const names = new Set([...model.tags.values()].flatMap(({ name, aliases }) => [name, ...aliases]))
  const isTagName = (name: string) => names.has(name)
  const ofModel = known.get(model) ?? new Map<number | null, WeakMap<CatalogueItem, ItemFacts>>()
  known.set(model, ofModel)
  const ofAccount = ofModel.get(accountId) ?? new WeakMap<CatalogueItem, ItemFacts>()
  ofModel.set(accountId, ofAccount)
  const found: { id: number; rank: number | null }[] = []
  for (const item of model.items.values()) {
    const seen = isSeen(item, asked.seer)
    if (!seen && item.id !== also) continue
    const facts = ofAccount.get(item) ?? factsOf(model, item, accountId)
    ofAccount.set(item, facts)
    if (!(seen && matches(asked.query, facts, isTagName)) && item.id !== also) continue
    const weight = asked.order.by === 'relevance' ? relevance(asked.query, facts, isTagName) : null
    found.push({ id: item.id, rank: weight ?? rankOf(facts, item, asked.order) })
  }
  return found.toSorted(byOrder(asked.order)).map(({ id }) => id)
}
