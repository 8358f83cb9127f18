// Runs every test of one kind in one process (a process per file costs seconds each), kind after kind.
// `npm test` runs all kinds; `npm test -- unit` one kind; `npm test -- unit shots` its files whose path holds "shots".
// The dialects' tests run twice: on SQLite and reached by path, then on PostgreSQL and reached by host.
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const runs = [
  { kind: 'unit', title: 'Units', env: {} },
  { kind: 'server', title: 'Whole servers on SQLite, by path', env: {} },
  {
    kind: 'server',
    title: 'Dialects on PostgreSQL, by host',
    env: { TEST_ENGINE: 'postgres', TEST_REACH: 'host' },
    words: ['dialects/'],
  },
  { kind: 'faults', title: 'Faults', env: {} },
  { kind: 'browser', title: 'Browser', env: {} },
]

const kinds = new Set(runs.map(({ kind }) => kind))
const [first, ...rest] = process.argv.slice(2)
const chosen = kinds.has(first) ? runs.filter(({ kind }) => kind === first) : runs
const words = kinds.has(first) ? rest : process.argv.slice(2)

const total = { tests: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0 }
let failed = false
const waiting = [...chosen]
const scratch = mkdtempSync(join(roomyMemory() ?? tmpdir(), 'vitrine-tests-'))
// PostgreSQL does not run as root, and must be let through to its own folder.
chmodSync(scratch, 0o711)
// Two at a time, because tests also wait: for disks, for picture processes, for clocks.
await Promise.all([inTurn(), inTurn()])
rmSync(scratch, { recursive: true, force: true })

const bad = total.fail + total.cancelled
console.log(`\n${total.pass} passed, ${bad} failed, ${total.skipped} skipped`)
if (process.env.VITRINE_TESTS_COMPLETE === '1' && total.skipped > 0) {
  console.log('Nothing may be skipped in this run.')
  failed = true
}
if (total.tests === 0) {
  console.log('No test was run.')
  failed = true
}
process.exitCode = failed || bad > 0 ? 1 : 0

/** Takes one run after another, until none is left. */
async function inTurn() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { kind, title, env, words: own = [] } = next
    const started = Date.now()
    const { output, status } = await run(kind, [...own, ...words], env)
    console.log(`\n== ${title} (${Math.round((Date.now() - started) / 1000)} s)\n${output}`)
    if (status !== 0) failed = true
    for (const name of Object.keys(total)) {
      const counts = [...output.matchAll(new RegExp(`^\\S ${name} (\\d+)$`, 'gm'))]
      total[name] += Number(counts.at(-1)?.[1] ?? 0)
    }
  }
}

/** Runs one kind and returns what it printed. */
function run(kind, words, env) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--test-reporter=spec', 'test/run.ts', kind, ...words],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: scratch, ...env } },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  return new Promise((resolve) => child.on('close', (status) => resolve({ output, status })))
}

/** A file system in memory with room enough: the tests sync thousands of files, and a disk makes them wait for it. */
function roomyMemory() {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > 2 * 1024 ** 3 ? '/dev/shm' : null
  } catch {
    return null
  }
}
