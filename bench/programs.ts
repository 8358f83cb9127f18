import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { pinned } from './processes.ts'

const root = join(import.meta.dirname, '..')
/** The built command line. */
export const main = join(root, 'dist', 'main.js')
/** Bundles land below `node_modules`, where their packages are found. */
const bundles = join(root, 'node_modules', '.cache', 'vitrine-bench')
const START_MS = 30_000

/** A program that listens. */
export interface Program extends AsyncDisposable {
  url: string
  pid: number
}

/** The settings of a Vitrine under measurement: nothing of the surroundings but what Node itself needs. */
export function environment(settings: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...settings }
}

/** Starts the built server on a free port. @param core The only core it may use, or null for all. */
export function startVitrine(
  folder: string,
  settings: Readonly<Record<string, string>>,
  core: number | null,
): Promise<Program> {
  const [command, args] = pinned(core, process.execPath, [main, 'serve'])
  const env = environment({ VITRINE_DATA: folder, VITRINE_PORT: '0', ...settings })
  return listening(spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] }))
}

/** Runs one of our own TypeScript programs with plain Node, bundled, so that no loader slows it down. */
export async function startOwn(
  entry: string,
  args: readonly string[],
  core: number | null,
): Promise<Program> {
  const [command, all] = pinned(core, process.execPath, [await bundle(entry), ...args])
  return listening(spawn(command, all, { env: environment({}), stdio: ['ignore', 'pipe', 'inherit'] }))
}

/** The file of a program of this folder, ready for plain Node. */
export async function bundle(entry: string): Promise<string> {
  const outfile = join(bundles, `${entry}.mjs`)
  await build({
    entryPoints: [join(import.meta.dirname, `${entry}.ts`)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  })
  return outfile
}

/** Waits for the log line `{ "msg": "listening", "url": … }`. */
function listening(child: ChildProcess): Promise<Program> {
  return new Promise((resolve, reject) => {
    const { pid, stdout } = child
    if (pid === undefined || stdout === null) return reject(new Error('The program could not be started.'))
    const gone = once(child, 'exit')
    const stop = async () => {
      child.kill('SIGTERM')
      await gone
    }
    const late = setTimeout(() => child.kill('SIGKILL'), START_MS)
    child.once('exit', () => {
      clearTimeout(late)
      reject(new Error('The program ended before it listened.'))
    })
    // What it says later is read too, so that it never waits for a reader.
    createInterface({ input: stdout }).on('line', (line) => {
      const url = listeningUrl(line)
      if (url === null) return
      clearTimeout(late)
      resolve({ url, pid, [Symbol.asyncDispose]: stop })
    })
  })
}

function listeningUrl(line: string): string | null {
  if (!line.startsWith('{')) return null
  const said: unknown = JSON.parse(line)
  const isListening = typeof said === 'object' && said !== null && 'msg' in said && said.msg === 'listening'
  return isListening && 'url' in said && typeof said.url === 'string' ? said.url : null
}

/** Runs a command of the command line on a data folder and returns the object it prints. */
async function command(folder: string, args: readonly string[]): Promise<Record<string, unknown>> {
  const env = environment({ VITRINE_DATA: folder })
  const child = spawn(process.execPath, [main, ...args, '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  await once(child, 'close')
  if (child.exitCode !== 0) throw new Error(`The command failed: ${args.join(' ')}`)
  const result: unknown = JSON.parse(printed)
  return typeof result === 'object' && result !== null ? { ...result } : {}
}

/** Makes a person, an application and a token that may upload. Returns the token. */
export async function prepareFolder(folder: string): Promise<string> {
  await command(folder, ['account', 'add', 'bench'])
  const app = await command(folder, [
    'app',
    'add',
    'Bench',
    '--owner',
    'bench',
    '--redirect-uri',
    'http://localhost/',
  ])
  const clientId = String(app['client_id'])
  const scopes = 'public upload'
  const token = await command(folder, [
    'token',
    'add',
    '--account',
    'bench',
    '--app',
    clientId,
    '--scopes',
    scopes,
  ])
  return String(token['access_token'])
}

/** A folder in the system's place for such things, removed in the end. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'vitrine-bench-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
