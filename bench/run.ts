/**
 * `npm run bench [-- --smoke] [-- reads faces uploads …]`: measures the built server against bare programs that run in
 * the same minutes, and prints what it found. Goals that are missed are told, not failed: see bench/README.md.
 */
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureFaces } from './faces.ts'
import { measureImports } from './import.ts'
import { measureReads } from './reads.ts'
import { comparisonRow, print, type Row } from './report.ts'
import { measureStart } from './start.ts'
import { measureUploads } from './uploads.ts'

const { values, positionals } = parseArgs({ options: { smoke: { type: 'boolean' } }, allowPositionals: true })
const smoke = values.smoke ?? false

const searchProgram = join(import.meta.dirname, 'search', 'search.ts')

const benches: Record<string, () => Promise<Row[]>> = {
  reads: benchReads,
  faces: benchFaces,
  uploads: benchUploads,
  import: benchImport,
  start: benchStart,
  search: benchSearch,
}

async function benchReads(): Promise<Row[]> {
  const size = smoke
    ? { shots: 30, rounds: 2, seconds: 0.5, connections: 16 }
    : { shots: 150, rounds: 8, seconds: 4, connections: 24 }
  return (await measureReads(size)).map((found) => comparisonRow(found, 'requests/s'))
}

async function benchFaces(): Promise<Row[]> {
  const size = smoke
    ? { items: 30, rounds: 2, seconds: 0.5, connections: 16 }
    : { items: 150, rounds: 8, seconds: 3, connections: 24 }
  const { reads, digest, refusedMs } = await measureFaces(size)
  return [
    ...[...reads, digest].map((found) => comparisonRow(found, 'requests/s')),
    { name: 'Derpibooru, to the 400 of a malformed search', measured: `${refusedMs.toFixed(2)} ms` },
  ]
}

async function benchUploads(): Promise<Row[]> {
  const size = smoke
    ? { photos: 2, times: 1, megapixels: 3, rounds: 1, clients: 2 }
    : { photos: 6, times: 3, megapixels: 12, rounds: 6, clients: 3 }
  const { rate, parts } = await measureUploads(size)
  const ms = (value: number) => `${value.toFixed(0)} ms`
  return [
    comparisonRow(rate, 'photographs/s'),
    { name: 'processor time of one: server', measured: ms(parts.server) },
    {
      name: 'processor time of one: picture processes',
      measured: ms(parts.pictures),
      baseline: ms(parts.bare),
    },
  ]
}

async function benchImport(): Promise<Row[]> {
  const results = await measureImports(smoke ? [500, 1000] : [20_000, 100_000])
  const peaks = results.flatMap(({ peakMegabytes }) => peakMegabytes ?? [])
  const growth = peaks.length === results.length ? Math.max(...peaks) / Math.min(...peaks) : null
  return [
    ...results.flatMap(({ rows, seconds, processorSeconds: effort, peakMegabytes }): Row[] => [
      {
        name: `${rows} bookmarks`,
        measured: `${(rows / seconds).toFixed(0)} rows/s`,
        baseline: effort === null ? 'the clock' : `${(rows / effort).toFixed(0)} by processor time`,
        goal: 'at least 5000 rows/s',
        met: rows / seconds >= 5000,
      },
      {
        name: 'most memory',
        measured: peakMegabytes === null ? 'unknown' : `${peakMegabytes.toFixed(0)} MB`,
      },
    ]),
    {
      name: 'memory of five times as many rows',
      measured: growth === null ? 'unknown' : `${growth.toFixed(2)} times`,
      goal: 'under 1.5 times',
      met: growth !== null && growth < 1.5,
    },
  ]
}

async function benchStart(): Promise<Row[]> {
  const found = await measureStart(smoke ? { starts: 1, idleSeconds: 1 } : { starts: 7, idleSeconds: 40 })
  const row = (name: string, value: number | null, unit: string, most?: number): Row => ({
    name,
    measured: value === null ? 'unknown' : `${value.toFixed(unit === 's' ? 2 : 0)} ${unit}`,
    ...(most === undefined ? {} : { goal: `under ${most} ${unit}`, met: value !== null && value < most }),
  })
  return [
    row('start to listening, no folder', found.emptyToListening, 's'),
    row('start to listening, one account', found.preparedToListening, 's'),
    row('start to first accepted upload', found.preparedToAccepted, 's', 1.5),
    row('memory after the start', found.freshMegabytes, 'MB'),
    row('memory when idle', found.idleMegabytes, 'MB', 150),
  ]
}

/** A program of its own, which prints a table of its own. */
async function benchSearch(): Promise<Row[]> {
  const size = smoke ? ['--items', '20000'] : []
  const child = spawn(process.execPath, ['--import', 'tsx', searchProgram, ...size], { stdio: 'inherit' })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error('The bench of the search failed.')
  return []
}

const wanted = positionals.length > 0 ? positionals : Object.keys(benches)
const unknown = wanted.filter((name) => !(name in benches))
if (unknown.length > 0) {
  process.stderr.write(
    `There is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.\n`,
  )
  process.exit(1)
}

const machine = `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 1e9)} GB`
process.stdout.write(
  `Node ${process.versions.node} on ${machine}${smoke ? ' (smoke run: figures mean nothing)' : ''}\n`,
)
const rows: Row[] = []
for (const name of wanted) {
  const found = (await benches[name]?.()) ?? []
  print(name, found)
  rows.push(...found)
}
const results = join(tmpdir(), 'vitrine-bench.json')
await writeFile(results, JSON.stringify({ node: process.version, machine, smoke, rows }, null, 2))
process.stdout.write(`\nAll figures: ${results}\n`)
