import { BlockList, isIP } from 'node:net'
import type { DateField, MySet, NumberField } from '../fields.ts'
import { type Comparison, isTerm, type Query, type Term } from '../language/tree.ts'
import { expandNear, expandPattern, expandTest } from './expand.ts'
import type { Seer, Shown } from './facts.ts'
import type { Inventory } from './inventory.ts'
import { phrasePlan } from './phrase.ts'
import { andPlan, NONE, notPlan, orPlan, type Plan, rangePlan, setPlan, valuesPlan } from './plan.ts'
import type { Vocabulary } from './vocabulary.ts'

/** What the meaning of a query depends on, besides the library. */
export interface Asking {
  /** Whose sets `my:` means. */
  accountId: number | null
  /** How many values a wildcard or fuzzy term may stand for. */
  mostValues: number
}

/**
 * Looks up everything a query names.
 *
 * @throws QueryError if a term stands for too many values.
 */
export function planOf(inventory: Inventory, query: Query, asking: Asking): Plan {
  if (isTerm(query)) return termPlan(inventory, query, asking)
  switch (query.op) {
    case 'not':
      return notPlan(planOf(inventory, query.of, asking), inventory.positions.size)
    case 'and':
      return andPlan(query.of.map((part) => planOf(inventory, part, asking)))
    case 'or':
      return orPlan(query.of.map((part) => planOf(inventory, part, asking)))
    case 'boost':
      return planOf(inventory, query.of, asking)
  }
}

/** What somebody may see. Everything that is searched is and-ed with this, so free positions never match. */
export function seenPlan(inventory: Inventory, seer: Seer): Plan {
  const shown = (name: Shown | 'everybody') => slotPlan(inventory, inventory.shown.get(name))
  if (seer === 'listed') return shown('listed')
  if (seer.role === 'admin') return setPlan(inventory.positions.live)

  const own = seer.accountId === null ? NONE : idPlan(inventory, 'true_owner_id', seer.accountId)
  const parts = [shown('everybody'), andPlan([own, shown('owner')])]
  if (seer.role === 'moderator') parts.push(shown('staff'))
  return orPlan(parts)
}

function termPlan(inventory: Inventory, term: Term, asking: Asking): Plan {
  switch (term.op) {
    case 'everything': {
      const { size } = inventory.positions
      return { kind: 'between', from: 0, to: size, most: size }
    }
    case 'tag':
    case 'tag_pattern':
    case 'tag_near':
      return tagPlan(inventory, term, asking)
    case 'keyword':
    case 'keyword_pattern':
    case 'keyword_near':
    case 'address':
      return keywordPlan(inventory, term, asking)
    case 'compare':
      return comparePlan(inventory, term.field, term.is, term.value)
    case 'around':
      return rangeOf(inventory, term.field, {
        low: { value: term.value - term.within, itself: true },
        high: { value: term.value + term.within, itself: true },
      })
    case 'during':
      return rangeOf(inventory, term.field, {
        low: { value: term.from ?? -Infinity, itself: true },
        high: { value: term.to ?? Infinity, itself: false },
      })
    case 'id':
      return idPlan(inventory, term.field, term.value)
    case 'mine':
      return asking.accountId === null ? NONE : minePlan(inventory, term.set, asking.accountId)
    case 'flag':
      return slotPlan(inventory, inventory.flags.get(`${term.field}:${term.value}`))
    case 'collection':
      return slotPlan(inventory, inventory.collections.get(term.id))
    case 'phrase':
      return phrasePlan(inventory, term.field, term.words)
    case 'nothing':
    case 'filter': // for the library to replace by what the filter says
      return NONE
  }
}

function slotPlan({ postings }: Inventory, slot: number | undefined): Plan {
  return slot === undefined ? NONE : setPlan(postings.read(slot))
}

/** In any of the numbered posting sets. */
function slotsPlan({ postings, held }: Inventory, slots: readonly number[]): Plan {
  const wanted = new Set(slots)
  const holds = (position: number) => held.get(position).some((slot) => wanted.has(slot))
  return valuesPlan(
    [...wanted].map((slot) => postings.read(slot)),
    holds,
  )
}

function tagPlan(
  inventory: Inventory,
  term: Extract<Term, { op: 'tag' | 'tag_pattern' | 'tag_near' }>,
  { mostValues }: Asking,
): Plan {
  const { tags } = inventory
  const { dictionary } = tags
  const expansion = { dictionary, isUsed: (name: number) => tags.isUsed(name), most: mostValues }
  switch (term.op) {
    case 'tag': {
      // The literal comes first: if any tag or alias is called that, that one is meant.
      const name = dictionary.find(tags.isKnown(term.name) ? term.name : term.cleaned)
      return slotsPlan(inventory, tags.slotsOf(name === -1 ? [] : [name]))
    }
    case 'tag_pattern':
      return slotsPlan(inventory, tags.slotsOf(expandPattern(term.pattern, expansion)))
    case 'tag_near':
      return slotsPlan(inventory, tags.slotsOf(expandNear(term.name, term.distance, expansion)))
  }
}

function keywordPlan(
  inventory: Inventory,
  term: Extract<Term, { op: 'keyword' | 'keyword_pattern' | 'keyword_near' | 'address' }>,
  { mostValues }: Asking,
): Plan {
  const vocabulary = inventory.keywords.get(term.field)
  if (!vocabulary) return NONE
  const { dictionary } = vocabulary
  const expansion = { dictionary, isUsed: (value: number) => vocabulary.isUsed(value), most: mostValues }
  const plan = (values: readonly number[]) => valuePlan(inventory, vocabulary, values)
  switch (term.op) {
    case 'keyword': {
      const value = dictionary.find(term.value)
      return plan(value === -1 ? [] : [value])
    }
    case 'keyword_pattern':
      return plan(expandPattern(term.pattern, expansion))
    case 'keyword_near':
      return plan(expandNear(term.value, term.distance, expansion))
    case 'address':
      return plan(expandTest(inBlock(term.address, term.prefix), expansion))
  }
}

function valuePlan(inventory: Inventory, vocabulary: Vocabulary, values: readonly number[]): Plan {
  return slotsPlan(
    inventory,
    values.map((value) => vocabulary.slotOf(value)),
  )
}

function inBlock(address: string, prefix: number): (text: string) => boolean {
  const version = isIP(address)
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const block = new BlockList()
  block.addSubnet(address, prefix, family)
  return (text) => isIP(text) === version && block.check(text, family)
}

function idPlan(inventory: Inventory, field: Extract<Term, { op: 'id' }>['field'], value: number): Plan {
  return slotPlan(inventory, inventory.ids.get(field)?.get(value))
}

function minePlan(inventory: Inventory, set: MySet, accountId: number): Plan {
  switch (set) {
    case 'faves':
      return idPlan(inventory, 'faved_by_id', accountId)
    case 'upvotes':
      return idPlan(inventory, 'upvoted_by_id', accountId)
    case 'downvotes':
      return idPlan(inventory, 'downvoted_by_id', accountId)
    case 'hidden':
      return idPlan(inventory, 'hidden_by_id', accountId)
    case 'uploads':
      return idPlan(inventory, 'true_owner_id', accountId)
    case 'watched': // for the library to replace by what is watched
    case 'subs':
      return NONE
  }
}

type Ordered = NumberField | DateField

/** An end of a range, and whether the value there belongs to it. */
interface Bound {
  value: number
  itself: boolean
}

const LOWEST: Bound = { value: -Infinity, itself: true }
const HIGHEST: Bound = { value: Infinity, itself: true }

function comparePlan(inventory: Inventory, field: Ordered, is: Comparison, value: number): Plan {
  const bound = { value, itself: is !== '<' && is !== '>' }
  const low = is === '<' || is === '<=' ? LOWEST : bound
  const high = is === '>' || is === '>=' ? HIGHEST : bound
  return rangeOf(inventory, field, { low, high })
}

function rangeOf(inventory: Inventory, field: Ordered, { low, high }: { low: Bound; high: Bound }): Plan {
  const { columns, positions } = inventory
  if (field === 'id') {
    const from = positions.firstAtLeast(low.itself ? Math.ceil(low.value) : Math.floor(low.value) + 1)
    const to = positions.firstAtLeast(high.itself ? Math.floor(high.value) + 1 : Math.ceil(high.value))
    return from < to ? { kind: 'between', from, to, most: to - from } : NONE
  }
  const column = columns.get(field)
  if (!column) return NONE
  const order = column.order()
  const from = low.itself ? order.placeOf(low.value) : order.endOf(low.value)
  const to = high.itself ? order.endOf(high.value) : order.placeOf(high.value)
  return rangePlan(column, from, to)
}
