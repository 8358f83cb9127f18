import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { openContext, type OpenContext } from '../../src/context.ts'
import { jobHandlers } from '../../src/jobs/index.ts'
import { checkLibrary } from '../../src/library/check.ts'
import { workingClock, type TestClock } from '../helpers/clock.ts'
import type { TestDatabase } from '../helpers/databases.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { sharedMedia } from '../helpers/media.ts'
import { pageWorker } from '../helpers/page-worker.ts'

export interface Archive extends AsyncDisposable {
  ctx: OpenContext
  clock: TestClock
  /** A folder for archives, beside the library's own. */
  folder: string
  /** Writes a file of lines, `library` first unless they say otherwise, and returns its path. */
  write: (name: string, lines: readonly (object | string)[]) => Promise<string>
  /** Writes a file into the folder of archives and returns its SHA-256. */
  put: (name: string, bytes: Buffer) => Promise<string>
  /** Runs the jobs that are due, and those that two writers who met put off. */
  runJobs: () => Promise<void>
}

/** An empty library with everything it needs, and a place to keep archives in. */
export async function openArchive(
  database: Pick<TestDatabase, 'at'>,
  settings: Record<string, string> = {},
): Promise<Archive> {
  const folder = await temporaryFolder()
  const clock = workingClock('2026-05-06T07:08:09Z')
  const place = 'url' in database.at ? { DATABASE_URL: database.at.url } : {}
  const config = readConfig({ VITRINE_DATA: join(folder.path, 'data'), ...place, ...settings })
  const ctx = await openContext(config, {
    clock: clock.now,
    log: pino({ level: 'silent' }),
    media: sharedMedia(),
    pageWorker,
  })
  const put = async (name: string, bytes: Buffer) => {
    const path = join(folder.path, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes)
    return createHash('sha256').update(bytes).digest('hex')
  }
  return {
    ctx,
    clock,
    folder: folder.path,
    put,
    async write(name, lines) {
      const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
      await put(name, Buffer.from(`${texts.join('\n')}\n`))
      return join(folder.path, name)
    },
    async runJobs() {
      for (const wait of [0, 30, 60]) {
        clock.advance(wait)
        await ctx.queue.runDue(jobHandlers(ctx))
      }
    },
    async [Symbol.asyncDispose]() {
      await ctx.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

export const header = { type: 'library', format: 1 }

/** Counters, references and bytes are as they should be. */
export async function assertSound({ ctx }: Archive) {
  const { problems } = await checkLibrary(ctx, { repair: false })
  assert.deepEqual(problems, [])
}
