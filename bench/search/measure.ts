import { statSync } from 'node:fs'
import type { Catalogue } from '../../src/search/catalogue/catalogue.ts'
import type { CatalogueItem } from '../../src/search/catalogue/facts.ts'
import { readSnapshot } from '../../src/search/catalogue/snapshot.ts'
import type { Order } from '../../src/search/language/sort.ts'
import { type BenchQuery, generateQueries, parse } from './queries.ts'
import { type Figures, figuresOf } from './figures.ts'
import { randomNumbers, whole } from './random.ts'
import { generateMalformed, refusalTime } from './refusals.ts'

/**
 * Starts from a snapshot and searches, in a process of its own so that its memory is that of a catalogue and of nothing
 * else: `measure.ts SIZE COUNTS SNAPSHOT`. Prints one line of JSON.
 */
export interface Measured {
  items: number
  snapshotMegabytes: number
  startSeconds: number
  /** After all searches; the process as a whole. */
  residentMegabytes: number
  /** Milliseconds for total and page, by order. */
  orders: Record<string, Figures>
  /** The same by kind of query, newest first. */
  kinds: Record<string, Figures>
  /** Milliseconds from a new tag or vote to the answer of a search that shows it. */
  changes: Record<'tag' | 'vote', Figures>
  /** Milliseconds of what is not a page of a search. */
  others: Record<string, Figures>
}

const WARM_UP = 600
const SEARCHES = 1500
/** Every search is made so often, all of them in turn, and its best time counts: what else the machine does is left out. */
const PASSES = 4
/** Searches whose neighbours are looked for, and pages of everything at random. */
const FEWER = 300
const MALFORMED = 5000
const [, , snapshot = ''] = process.argv.slice(2)

const seer = { accountId: null, role: 'member' } as const
const NEWEST: Order = { by: 'id', direction: 'desc', ties: 'desc' }
const ORDERS: Record<string, Order> = {
  'newest (id)': NEWEST,
  'newest (created_at)': { by: 'created_at', direction: 'desc', ties: 'desc' },
  score: { by: 'score', direction: 'desc', ties: 'desc' },
  'wilson_score, page 20': { by: 'wilson_score', direction: 'desc', ties: 'desc' },
  'random:SEED': { by: { random: 'harbour' }, direction: 'desc', ties: 'desc' },
}

const started = performance.now()
const { catalogue } = readSnapshot(snapshot)
catalogue.warm(['created_at', 'updated_at', 'first_seen_at', 'score', 'faves', 'wilson_score'])
const startSeconds = (performance.now() - started) / 1000

console.log(JSON.stringify(measure(catalogue)))

function measure(catalogue: Catalogue): Measured {
  const extent = { tags: catalogue.inventory.tags.slots.size, items: catalogue.size() }
  for (const order of Object.values(ORDERS)) {
    for (const query of generateQueries(extent, WARM_UP, 1)) time(catalogue, query, order)
  }
  const queries = generateQueries(extent, SEARCHES, 2)
  const orders: Record<string, Figures> = {}
  let newest: number[] = []
  for (const [name, order] of Object.entries(ORDERS)) {
    const times = bestTimes(queries, (query) => time(catalogue, query, order, name.endsWith('20') ? 19 : 0))
    orders[name] = figuresOf(times)
    if (order === NEWEST) newest = times
  }
  const kinds: Record<string, Figures> = {}
  for (const kind of new Set(queries.map((query) => query.kind))) {
    kinds[kind] = figuresOf(newest.filter((_, index) => queries[index]?.kind === kind))
  }
  const others = measureOthers(catalogue, queries.slice(0, FEWER))
  const changes = measureChanges(catalogue)
  return {
    items: catalogue.size(),
    snapshotMegabytes: statSync(snapshot).size / 1e6,
    startSeconds,
    residentMegabytes: process.memoryUsage.rss() / 1e6,
    orders,
    kinds,
    changes,
    others,
  }
}

function bestTimes<T>(asked: readonly T[], time: (one: T) => number): number[] {
  let best = asked.map(time)
  for (let pass = 1; pass < PASSES; pass += 1) {
    best = asked.map((one, index) => Math.min(best[index] ?? Infinity, time(one)))
  }
  return best
}

/** Milliseconds from the text of a query to its total and page. */
function time(
  catalogue: Catalogue,
  { text, limit }: Pick<BenchQuery, 'text' | 'limit'>,
  order: Order,
  page = 0,
): number {
  const start = performance.now()
  catalogue.search({ query: parse(text), seer, order, page: { offset: page * limit, limit } })
  return performance.now() - start
}

function measureOthers(catalogue: Catalogue, queries: readonly BenchQuery[]): Measured['others'] {
  const others: Measured['others'] = {}
  const texts = generateMalformed(MALFORMED, 3)
  others['a malformed query refused'] = figuresOf(bestTimes(texts, (text) => refusalTime(text) ?? 0))

  const seeded = queries.map(({ text, limit }) => ({ seed: text, limit }))
  const byChance = bestTimes(seeded, ({ seed, limit }) => {
    const order: Order = { by: { random: seed }, direction: 'desc', ties: 'desc' }
    return time(catalogue, { text: '*', limit }, order)
  })
  others['everything, random:SEED'] = figuresOf(byChance)

  const random = randomNumbers(4)
  const { positions } = catalogue.inventory
  const asked = [...queries.map(({ text }) => text), ...queries.map(() => '*')].map((text) => ({
    query: parse(text),
    id: positions.idAt(whole(random, positions.size)),
  }))
  for (const [name, order] of Object.entries(ORDERS)) {
    const times = bestTimes(asked, ({ query, id }) => {
      const start = performance.now()
      catalogue.neighbours({ query, seer, order, id })
      return performance.now() - start
    })
    others[`neighbours, ${name.replace(/,.*/, '')}`] = figuresOf(times)
  }
  return others
}

function measureChanges(catalogue: Catalogue): Measured['changes'] {
  const own = 10 ** 9
  catalogue.putTag({ id: own, name: 'brand new tag', aliases: [] })
  const item: CatalogueItem = { id: catalogue.inventory.positions.size + 100, shown: 'listed', tags: [1, 2] }
  catalogue.put({ ...item, numbers: { score: 0 } })
  const query = parse('brand new tag')
  const ask = (order: Order) => catalogue.search({ query, seer, order, page: { offset: 0, limit: 15 } })

  const tag: number[] = []
  const vote: number[] = []
  for (let round = 1; round <= 200; round += 1) {
    const start = performance.now()
    catalogue.put({ ...item, tags: round % 2 === 1 ? [1, 2, own] : [1, 2], numbers: { score: round } })
    if (ask(NEWEST).total !== round % 2) throw new Error('a new tag is not seen')
    tag.push(performance.now() - start)
  }
  catalogue.put({ ...item, tags: [own], numbers: { score: 0 } })
  const best = parse(`brand new tag, score.gte:1`)
  for (let round = 1; round <= 200; round += 1) {
    const start = performance.now()
    catalogue.put({ ...item, tags: [own], numbers: { score: round % 2 } })
    const found = catalogue.search({ query: best, seer, order: NEWEST, page: { offset: 0, limit: 15 } })
    if (found.total !== round % 2) throw new Error('a vote is not seen')
    vote.push(performance.now() - start)
  }
  return { tag: figuresOf(tag), vote: figuresOf(vote) }
}
