import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import { createCatalogue } from '../../src/search/catalogue/catalogue.ts'
import type { CatalogueItem } from '../../src/search/catalogue/facts.ts'
import { startPostgresServer } from '../../test/helpers/postgres-server.ts'
import { type Figures, figuresOf, printTable, shown } from './figures.ts'
import { generateLibrary, type Library } from './generate.ts'
import { type BenchQuery, generateQueries } from './queries.ts'
import { conditionOf, NUMBERS } from './sql-condition.ts'

/**
 * The same searches, with totals, answered by the catalogue and by PostgreSQL with a GIN index over tag arrays:
 * `postgres.ts [--items 1000000] [--searches 300] [--json FILE]`. Both must find the same.
 */
const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '1000000' },
    searches: { type: 'string', default: '300' },
    json: { type: 'string' },
  },
})

const counts = new URL('../data/tag-counts.txt.gz', import.meta.url).pathname
const BATCH = 5000
const COLUMNS = ['id', 'public', 'tags', 'created_at', 'updated_at', ...NUMBERS] as const

const server = await startPostgresServer()
const client = new Client({ connectionString: server.urlOf('postgres') })
try {
  await client.connect()
  const library = generateLibrary(Number(values.items), counts)
  await fill(library)
  const figures = await compare(
    library,
    generateQueries({ tags: library.tags.length, items: library.size }, Number(values.searches), 2),
  )
  print(figures)
  if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
} finally {
  await client.end()
  await server.stop()
}

async function fill(library: Library): Promise<void> {
  const numbers = NUMBERS.map((name) => `${name} double precision not null`)
  await client.query(
    `create table item (id int primary key, public boolean not null, tags int[] not null,
     created_at bigint not null, updated_at bigint not null, ${numbers.join(', ')})`,
  )
  let batch: CatalogueItem[] = []
  for (const item of library.items()) {
    batch.push(item)
    if (batch.length < BATCH) continue
    await insert(batch)
    batch = []
  }
  await insert(batch)
  await client.query('create index on item using gin (tags)')
  for (const name of ['created_at', 'updated_at', ...NUMBERS])
    await client.query(`create index on item (${name})`)
  await client.query('vacuum analyze item')
  await client.query("set work_mem = '256MB'")
}

async function insert(items: readonly CatalogueItem[]): Promise<void> {
  const columns = [
    items.map(({ id }) => id),
    items.map(({ shown }) => shown === 'listed' || shown === 'unlisted'),
    items.map(({ tags }) => `{${tags.join(',')}}`),
    items.map(({ dates }) => dates?.created_at),
    items.map(({ dates }) => dates?.updated_at),
    ...NUMBERS.map((name) => items.map(({ numbers }) => numbers?.[name])),
  ]
  const types = ['int', 'boolean', 'text', 'bigint', 'bigint', ...NUMBERS.map(() => 'float8')]
  const given = types.map((type, index) => `$${index + 1}::${type}[]`).join(', ')
  const names = COLUMNS.map((name) => (name === 'tags' ? 'tags::int[]' : name)).join(', ')
  await client.query(
    `insert into item (${COLUMNS.join(', ')}) select ${names} from unnest(${given}) as given (${COLUMNS.join(', ')})`,
    columns,
  )
}

interface Compared {
  items: number
  searches: number
  catalogue: Figures
  postgres: Figures
  /** Median of PostgreSQL by median of the catalogue. */
  timesSlower: number
}

async function compare(library: Library, queries: readonly BenchQuery[]): Promise<Compared> {
  const catalogue = createCatalogue()
  catalogue.bulkLoad(library.tags, library.items())
  const ask = ({ query, limit }: BenchQuery) =>
    catalogue.search({
      query,
      seer: { accountId: null, role: 'member' },
      order: { by: 'id', direction: 'desc', ties: 'desc' },
      page: { offset: 0, limit },
    })
  for (const query of generateQueries({ tags: library.tags.length, items: library.size }, 300, 1)) ask(query)

  const [own, theirs]: [number[], number[]] = [[], []]
  for (const query of queries) {
    const start = performance.now()
    const found = ask(query)
    own.push(performance.now() - start)

    const condition = conditionOf(query.query, library)
    const asked = performance.now()
    const total = await client.query<{ total: string }>(
      `select count(*) as total from item where public and ${condition}`,
    )
    const page = await client.query<{ id: number }>(
      `select id from item where public and ${condition} order by id desc limit ${query.limit}`,
    )
    theirs.push(performance.now() - asked)
    const same =
      Number(total.rows[0]?.total) === found.total && page.rows.every(({ id }, at) => id === found.ids[at])
    if (!same) throw new Error(`the two disagree about ${query.text}`)
  }
  const [ours, postgres] = [figuresOf(own), figuresOf(theirs)]
  return {
    items: library.size,
    searches: queries.length,
    catalogue: ours,
    postgres,
    timesSlower: postgres.p50 / ours.p50,
  }
}

function print({ items, searches, catalogue, postgres, timesSlower }: Compared): void {
  console.log(`${items} items, ${searches} searches: milliseconds for total and newest page\n`)
  const row = (name: string, { p50, p99, most }: Figures) => [name, shown(p50), shown(p99), shown(most)]
  printTable(
    ['answered by', 'p50', 'p99', 'most'],
    [row('catalogue', catalogue), row('PostgreSQL', postgres)],
  )
  console.log(`at the median PostgreSQL takes ${timesSlower.toFixed(0)} times as long`)
}
