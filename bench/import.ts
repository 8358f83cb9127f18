import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { processorSeconds } from './processes.ts'
import { environment, main, prepareFolder, temporaryFolder } from './programs.ts'
import { popular, randomNumbers, whole } from './search/random.ts'

export interface ImportResult {
  rows: number
  /** From the start of the process to its end. */
  seconds: number
  /** Processor time of the process; null where it cannot be read. */
  processorSeconds: number | null
  /** The most memory it ever had, in MB; null where it cannot be read. */
  peakMegabytes: number | null
}

const SEED = 20_110
const TAGS = 5_000
const TAGS_EACH = 5
/** How often the process is looked at: what it did after the last look is missing from its processor time. */
const LOOK_MS = 50

/** Imports invented Pinboard bookmarks with five tags each into empty libraries on SQLite. */
export async function measureImports(sizes: readonly number[]): Promise<ImportResult[]> {
  const results: ImportResult[] = []
  for (const rows of sizes) {
    await using folder = await temporaryFolder()
    const data = join(folder.path, 'data')
    await prepareFolder(data)
    const file = join(folder.path, 'bookmarks.json')
    await pipeline(Readable.from(bookmarks(rows)), createWriteStream(file))
    results.push({ rows, ...(await runImport(data, file, rows)) })
  }
  return results
}

/** As Pinboard writes them, one a line. */
function* bookmarks(rows: number): Generator<string> {
  const random = randomNumbers(SEED)
  for (let row = 0; row < rows; row += 1) {
    const bookmark = {
      href: `https://site${whole(random, 3000)}.example/articles/${row}/a-page?from=${whole(random, 1e6)}`,
      description: `A page about matter ${row}, and what became of it`,
      extended: random() < 0.3 ? 'Some words that were written down when the page was kept.' : '',
      time: `${new Date(1_200_000_000_000 + row * 60_000).toISOString().slice(0, 19)}Z`,
      shared: random() < 0.1 ? 'no' : 'yes',
      toread: random() < 0.05 ? 'yes' : 'no',
      tags: Array.from({ length: TAGS_EACH }, () => `tag${popular(random, TAGS)}`).join(' '),
    }
    yield `${row === 0 ? '[' : ',\n'}${JSON.stringify(bookmark).replaceAll('/', '\\/')}`
  }
  yield ']\n'
}

async function runImport(data: string, file: string, rows: number): Promise<Omit<ImportResult, 'rows'>> {
  const startedMs = performance.now()
  const args = [main, 'import', '--from', 'pinboard', file, '--account', 'bench', '--json']
  const child = spawn(process.execPath, args, {
    env: environment({ VITRINE_DATA: data }),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { pid = 0 } = child
  let found: Pick<ImportResult, 'processorSeconds' | 'peakMegabytes'> = {
    processorSeconds: null,
    peakMegabytes: null,
  }
  const look = () => {
    const peakMegabytes = peakOf(pid)
    if (peakMegabytes !== null) found = { processorSeconds: processorSeconds(pid), peakMegabytes }
  }
  const looking = setInterval(look, LOOK_MS)
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  await once(child, 'close')
  clearInterval(looking)
  const seconds = (performance.now() - startedMs) / 1000
  if (child.exitCode !== 0 || !printed.includes(`"added":${rows},`)) throw new Error('The import failed.')
  return { seconds, ...found }
}

/** The high-water mark of resident memory (proc(5), `VmHWM`). */
function peakOf(pid: number): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : (Number(kilobytes) * 1024) / 1e6
  } catch {
    return null
  }
}
