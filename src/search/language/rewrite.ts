import { allOf, anyOf, boosted, isTerm, negate, type Query, type Term } from './tree.ts'

/**
 * The same search in its one canonical form: groups of a kind are one group, in a fixed order and without repeats;
 * what is always or never true is worked out; `a, -a` is nothing. Simplifying twice changes nothing. Relevance is
 * counted on this form.
 */
export function simplify(query: Query): Query {
  if (isTerm(query)) return query
  switch (query.op) {
    case 'not':
      return negate(unboosted(simplify(query.of)))
    case 'boost': {
      const of = simplify(query.of)
      const constant = of.op === 'everything' || of.op === 'nothing'
      return constant || query.by === 1 ? of : boosted(of, query.by)
    }
    case 'and':
      return together('and', query.of.map(simplify))
    case 'or':
      return together('or', query.of.map(simplify))
  }
}

/** Equal for two searches that simplify to the same tree. */
export function cacheKey(query: Query): string {
  return JSON.stringify(simplify(query))
}

/** The search with every term replaced; for sets and filters that stand for another search, and for resolving tags. */
export function replaceTerms(query: Query, replace: (term: Term) => Query): Query {
  if (isTerm(query)) return replace(query)
  switch (query.op) {
    case 'not':
      return negate(replaceTerms(query.of, replace))
    case 'boost':
      return boosted(replaceTerms(query.of, replace), query.by)
    case 'and':
      return allOf(query.of.map((part) => replaceTerms(part, replace)))
    case 'or':
      return anyOf(query.of.map((part) => replaceTerms(part, replace)))
  }
}

/** A boost counts for nothing where only a yes or no is asked. */
function unboosted(query: Query): Query {
  return query.op === 'boost' ? unboosted(query.of) : query
}

function together(op: 'and' | 'or', parts: readonly Query[]): Query {
  const [build, neutral, deciding] =
    op === 'and' ? ([allOf, 'everything', 'nothing'] as const) : ([anyOf, 'nothing', 'everything'] as const)
  const flat = parts.flatMap((part) => (part.op === op ? part.of : [part]))
  const decided = flat.find((part) => part.op === deciding)
  if (decided) return decided

  const keyed = new Map(
    flat.filter((part) => part.op !== neutral).map((part) => [JSON.stringify(part), part]),
  )
  const opposed = [...keyed.values()].some((part) => part.op === 'not' && keyed.has(JSON.stringify(part.of)))
  if (opposed) return op === 'and' ? anyOf([]) : allOf([])

  const sorted = [...keyed].toSorted(([left], [right]) => (left < right ? -1 : 1))
  return build(sorted.map(([, part]) => part))
}
