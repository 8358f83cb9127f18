// Runs every test of one kind in one process (a process per file costs seconds each), kind after kind.
// `npm test` runs all kinds; `npm test -- unit` one kind; `npm test -- unit shots` its files whose path holds "shots".
import { spawnSync } from 'node:child_process'

const kinds = ['unit', 'server', 'faults', 'browser']
const [first, ...rest] = process.argv.slice(2)
const chosen = first === undefined ? kinds : kinds.includes(first) ? [first] : kinds
const words = first !== undefined && !kinds.includes(first) ? [first, ...rest] : rest

let failed = false
const total = { tests: 0, pass: 0, fail: 0, skipped: 0 }
for (const kind of chosen) {
  const run = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--test-reporter=spec', 'test/run.ts', kind, ...words],
    { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  process.stdout.write(run.stdout)
  if (run.status !== 0) failed = true
  for (const key of Object.keys(total)) {
    const line = run.stdout.match(new RegExp(`^\\S* ?${key} (\\d+)$`, 'm'))
    if (line) total[key] += Number(line[1])
  }
}
console.log(`\n${total.pass} passed, ${total.fail} failed, ${total.skipped} skipped`)
process.exitCode = failed || total.fail > 0 ? 1 : 0
