import { EventEmitter } from 'node:events'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { Kysely } from 'kysely'
import { pino, type Logger } from 'pino'
import type { Blobs } from './blobs/blobs.ts'
import { openDiskBlobs } from './blobs/disk.ts'
import type { Config } from './config.ts'
import { openDatabase, type Database } from './database/open.ts'
import type { Schema } from './database/schema.ts'
import { openFetcher, type Fetcher } from './fetching/fetcher.ts'
import { openMedia, type Media } from './media/pool.ts'
import { openQueue } from './queue/database-queue.ts'
import type { Queue } from './queue/queue.ts'
import { openCapture, type Capture } from './reading/capture.ts'
import { openReader, type Reader } from './reading/reader.ts'
import { openSearch, type Search } from './search/search.ts'
import { version } from './version.ts'

/** Every long-lived thing, passed by hand and asked for in slices: `Pick<Context, 'db' | 'clock'>`. */
export interface Context {
  config: Config
  log: Logger
  clock: () => Date
  database: Database
  db: Kysely<Schema>
  blobs: Blobs
  queue: Queue
  media: Media
  /** Other people's URLs, fetched safely. */
  fetcher: Fetcher
  /** What other people's pages say. */
  reader: Reader
  /** What other people's pages look like. */
  capture: Capture
  search: Search
  /** Emits `broken` with the error after which nothing may be acknowledged any more (reliability rule 3.5). */
  trouble: EventEmitter<{ broken: [unknown] }>
  /** 32 bytes for signatures (media addresses, tickets, nonces). Never stored in the database. */
  secret: Buffer
}

export interface OpenContext extends Context, AsyncDisposable {
  close: () => Promise<void>
}

interface PageWorker {
  workerPath: string
  execArgv?: readonly string[]
}

/** What a test may replace: the time, the log, and the picture processes, which many libraries can share. */
export interface Overrides {
  clock?: () => Date
  log?: Logger
  /** Not closed with the context. */
  media?: Media
  /** The child process that reads and shows pages, where it is not `page-worker.js` beside this file. */
  pageWorker?: PageWorker
}

/** The data folder cannot be used; the message is one sentence for the person who starts the program. */
export class DataFolderUnusable extends Error {}

/** Opens everything in order; `close` shuts it in reverse. Nothing stays open when a step fails. */
export async function openContext(config: Config, overrides: Overrides = {}): Promise<OpenContext> {
  await prepareFolder(config.data)
  const secret = await readSecret(config)
  const log = overrides.log ?? pino({ level: config.VITRINE_LOG_LEVEL })
  const clock = overrides.clock ?? (() => new Date())
  const blobs = await openDiskBlobs(config.data)
  const database = await openDatabase(
    config.DATABASE_URL === null
      ? { file: join(config.data, 'vitrine.sqlite') }
      : { url: config.DATABASE_URL },
  )
  const { db } = database
  // One more than pictures can be made at once: while the bytes of one are written down, the next is decoded.
  const queue = openQueue({ db, clock, log, workers: config.VITRINE_MEDIA_PROCESSES + 1 })
  const media =
    overrides.media ??
    openMedia({
      workerPath: join(import.meta.dirname, 'media-worker.js'),
      processes: config.VITRINE_MEDIA_PROCESSES,
      timeoutMs: config.VITRINE_MEDIA_TIMEOUT_SECONDS * 1000,
      memoryBytes: config.VITRINE_MEDIA_MEMORY_MB * 1024 * 1024,
    })
  const pages = openPages(config, overrides.pageWorker)
  const search = openSearch({ database, clock, log, folder: config.data, mode: config.VITRINE_SEARCH })

  const close = async () => {
    await search.close()
    // First, so that a job which waits for somebody else's page does not hold up the end; it is tried again.
    await pages.close()
    await queue.stop()
    if (overrides.media === undefined) await media.close()
    await database.close()
  }
  const trouble = new EventEmitter<{ broken: [unknown] }>()
  const context = {
    config,
    log,
    clock,
    database,
    db,
    blobs,
    queue,
    media,
    search,
    trouble,
    secret,
    ...pages.parts,
  }
  return { ...context, close, [Symbol.asyncDispose]: close }
}

/** What deals with other people's pages. Nothing is loaded or started before the first of them. */
function openPages(config: Config, given: PageWorker | undefined) {
  const worker = given ?? { workerPath: join(import.meta.dirname, 'page-worker.js') }
  const fetcher = openFetcher({
    userAgent: `Vitrine/${version}`,
    ports: config.VITRINE_FETCH_PORTS,
    allow: config.VITRINE_FETCH_ALLOW,
  })
  const reader = openReader(worker)
  const capture = openCapture({
    ...worker,
    fetcher,
    browser: config.VITRINE_CHROMIUM,
    sandbox: config.VITRINE_CHROMIUM_SANDBOX,
  })
  const close = async () => {
    await capture.close()
    await reader.close()
    await fetcher.close()
  }
  return { parts: { fetcher, reader, capture }, close }
}

/** Makes the data folder. @throws DataFolderUnusable when it cannot be written to. */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder)
    const probe = join(folder, `.writable-${process.pid}`)
    await writeFile(probe, '')
    await unlink(probe)
  } catch (error) {
    throw new DataFolderUnusable(`The data folder ${folder} cannot be written to.`, { cause: error })
  }
}

/** With those above it. Node's own recursive `mkdir` never returns where nothing can be made (such as below /proc). */
async function makeFolder(folder: string, isLastTry = false): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || isLastTry) throw error
    await makeFolder(dirname(folder))
    await makeFolder(folder, true)
  }
}

/** The installation's key: from the settings, or made at the first start and kept readable by its owner alone. */
async function readSecret(config: Config): Promise<Buffer> {
  if (config.VITRINE_SECRET !== '') return Buffer.from(config.VITRINE_SECRET, 'hex')
  const path = join(config.data, 'secret.key')
  const draft = `${path}-${process.pid}`
  await writeFile(draft, randomBytes(32).toString('hex') + '\n', { mode: 0o600, flush: true })
  // A link never replaces: whoever comes second reads the key of whoever came first, and never half of it.
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await unlink(draft)
  const secret = Buffer.from((await readFile(path, 'utf8')).trim(), 'hex')
  if (secret.length === 32) return secret
  throw new DataFolderUnusable('The file secret.key in the data folder is damaged; restore it from a backup.')
}
