import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { type Figures, printTable, shown } from './figures.ts'
import { FULL_SIZE } from './generate.ts'
import type { Measured } from './measure.ts'

/**
 * Measures the catalogue on an invented library: `search.ts [--items 3080000] [--json FILE] [--keep FOLDER]`.
 * `--keep` leaves the snapshot there and uses one that is there already.
 */
const { values } = parseArgs({
  options: {
    items: { type: 'string', default: String(FULL_SIZE) },
    json: { type: 'string' },
    keep: { type: 'string' },
  },
})

const counts = new URL('../data/tag-counts.txt.gz', import.meta.url).pathname
const work = mkdtempSync(join(tmpdir(), 'vitrine-bench-'))
try {
  const measured = await run(Number(values.items), values.keep ?? work)
  print(measured)
  if (values.json) writeFileSync(values.json, `${JSON.stringify(measured, null, 2)}\n`)
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function run(items: number, folder: string): Promise<Measured> {
  mkdirSync(folder, { recursive: true })
  const snapshot = join(folder, `catalogue-${items}`)
  // Bundled as the server is, so that what is measured is what runs.
  await build({
    entryPoints: ['build', 'measure'].map((name) => new URL(`${name}.ts`, import.meta.url).pathname),
    outdir: work,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
  })
  const start = (name: string) =>
    execFileSync(process.execPath, [join(work, name), String(items), counts, snapshot], {
      encoding: 'utf8',
      maxBuffer: 2 ** 24,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  if (!existsSync(snapshot)) start('build.mjs')
  const measured: unknown = JSON.parse(start('measure.mjs'))
  if (!isMeasured(measured)) throw new Error('nothing was measured')
  return measured
}

function isMeasured(value: unknown): value is Measured {
  return typeof value === 'object' && value !== null && 'startSeconds' in value
}

function print({ items, startSeconds, snapshotMegabytes, residentMegabytes, ...rest }: Measured): void {
  const row = ([name, { p50, p99, most }]: [string, Figures]) => [name, shown(p50), shown(p99), shown(most)]
  console.log(
    [
      `${items} items, snapshot ${snapshotMegabytes.toFixed(0)} MB`,
      `start ${startSeconds.toFixed(2)} s, resident ${residentMegabytes.toFixed(0)} MB`,
    ].join('; '),
  )
  console.log('milliseconds from text to total and page\n')
  printTable(['order', 'p50', 'p99', 'most'], Object.entries(rest.orders).map(row))
  printTable(['kind, newest first', 'p50', 'p99', 'most'], Object.entries(rest.kinds).map(row))
  printTable(['others', 'p50', 'p99', 'most'], Object.entries(rest.others).map(row))
  printTable(['change to answer', 'p50', 'p99', 'most'], Object.entries(rest.changes).map(row))
}
