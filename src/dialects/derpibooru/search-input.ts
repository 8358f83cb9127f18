import { readOrder, type Order } from '../../search/language/sort.ts'
import { allOf, negate, term, type Query } from '../../search/language/tree.ts'
import { textOf, type Call } from './call.ts'
import { newSeed, type Wanted } from './finding.ts'
import { sortFields } from './search-fields.ts'

/** Sets of the caller's own that a search may be narrowed to, or kept free of: `faves=only`, `upvotes=not`. */
const OWN_SETS = ['faves', 'upvotes', 'uploads', 'watched'] as const

/**
 * The search a request describes: `q` (or `sbq`, its old name), `min_score`, `max_score`, `sf`, `sd` and the sets of the
 * caller's own.
 *
 * @returns null when there is no `q`: a search for nothing.
 */
export function searchIn(call: Call): Wanted | null {
  const text = textOf(call, 'q') || textOf(call, 'sbq')
  if (text.trim() === '') return null
  return { text, query: allOf(narrowed(call)), order: orderIn(call) }
}

/** `sf` and `sd`; what is unknown is the newest first. */
export function orderIn(call: Call): Order {
  return readOrder(textOf(call, 'sf'), textOf(call, 'sd'), {
    names: sortFields,
    fallback: 'created_at',
    ties: 'newest',
    // A seed of its own each time, so that nothing is kept that is meant to be different.
    seed: /^\s*random\s*:?\s*$/i.test(textOf(call, 'sf')) ? newSeed(call) : '',
  })
}

function narrowed(call: Call): Query[] {
  const least = scoreIn(call, 'min_score')
  const most = scoreIn(call, 'max_score')
  const sets = call.viewer.accountId === null ? [] : OWN_SETS
  return [
    ...(least === null ? [] : [term({ op: 'compare', field: 'score', is: '>=', value: least })]),
    ...(most === null ? [] : [term({ op: 'compare', field: 'score', is: '<=', value: most })]),
    ...sets.flatMap((set) => {
      const mine = term({ op: 'mine', set })
      const how = textOf(call, set)
      return how === 'only' ? [mine] : how === 'not' ? [negate(mine)] : []
    }),
  ]
}

function scoreIn(call: Call, name: string): number | null {
  const text = textOf(call, name).trim()
  return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : null
}
