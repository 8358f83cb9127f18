import { stat } from 'node:fs/promises'
import cliProgress from 'cli-progress'
import { InvalidArgumentError, type Command } from 'commander'
import type { OpenContext } from '../context.ts'
import { FolderLocked, lockFolder } from '../database/lock.ts'
import { exportLibrary } from '../interchange/export-library.ts'
import { importFile } from '../interchange/import-file.ts'
import { importFolder } from '../interchange/import-folder.ts'
import { jobHandlers } from '../jobs/index.ts'
import { withLibrary } from './opened.ts'
import { say, Sentence } from './output.ts'

interface ImportOptions {
  account?: string
  tags?: string[]
  renumber?: boolean
  cleanTags?: boolean
  json?: boolean
}
interface ExportOptions {
  gzip?: boolean
  json?: boolean
}

/** Exit status when some of what was given was refused, and the rest came in (interchange format, Rules). */
const SOME_REFUSED = 3

/** Bringing pictures and whole libraries in, and taking a library out. */
export function declareImport(program: Command): void {
  program
    .command('import <source>')
    .description(
      'import a folder of pictures, or a file in the interchange format (.jsonl, .jsonl.gz); run again, it goes on',
    )
    .option('--account <login>', 'owner of the pictures of a folder')
    .option('--tags <names>', 'tags for the pictures of a folder, separated by commas', splitNames)
    .option('--renumber', 'give new ids where a file names one that is taken by something else')
    .option('--clean-tags', 'clean the tag names of a file as uploads do')
    .option('--json', 'print JSON')
    .action((source: string, options: ImportOptions) =>
      withLibrary((ctx) => importSource(ctx, source, options)),
    )

  program
    .command('export <folder>')
    .description('write the whole library in the interchange format, originals beside it')
    .option('--gzip', 'pack the file of lines')
    .option('--json', 'print JSON')
    .action((folder: string, options: ExportOptions) => withLibrary((ctx) => exportTo(ctx, folder, options)))
}

function splitNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('')) throw new InvalidArgumentError('Tags are separated by single commas.')
  return names
}

async function importSource(ctx: OpenContext, source: string, options: ImportOptions): Promise<void> {
  const found = await stat(source).catch(() => null)
  if (found === null) throw new Sentence(`There is nothing at ${source}.`)
  const result = found.isDirectory()
    ? await importPictures(ctx, source, options)
    : await importLines(ctx, source, options)
  const processed = await processHere(ctx)
  say({ ...result, processing: processed ? 'done' : 'left to the running server' }, options)
}

async function importPictures(ctx: OpenContext, folder: string, options: ImportOptions) {
  if (options.account === undefined) throw new Sentence('Say with --account whose pictures these are.')
  const bar = progressBar('Importing', options)
  const { files, added, present, problems } = await importFolder(ctx, folder, {
    accountLogin: options.account,
    tags: options.tags ?? [],
    onProgress: (done, total) => bar.show(done, total),
  })
  bar.stop()
  reportRefused(
    problems.map(({ file, problem }) => `${file}: ${problem}`),
    options,
  )
  return { files, added, present, refused: options.json ? problems : problems.length }
}

async function importLines(ctx: OpenContext, path: string, options: ImportOptions) {
  const { renumber = false, cleanTags = false } = options
  const report = await importFile(ctx, path, { renumber, cleanTags })
  const { lines, added, present, refused, problems } = report
  reportRefused(
    problems.map(({ number, problem }) => `line ${number}: ${problem}`),
    options,
  )
  return { lines, added, present, refused: options.json ? problems : refused }
}

function reportRefused(refused: readonly string[], { json }: ImportOptions): void {
  if (refused.length > 0) process.exitCode = SOME_REFUSED
  if (!json) for (const one of refused) process.stderr.write(`refused  ${one}\n`)
}

/** Makes what was imported ready, unless a server runs on this library: then it has begun already. */
async function processHere(ctx: OpenContext): Promise<boolean> {
  const lock = await lockFolder(ctx.config.data).catch((error: unknown) => {
    if (error instanceof FolderLocked) return null
    throw error
  })
  if (lock === null) return false
  try {
    const handlers = jobHandlers(ctx)
    await Promise.all(
      Array.from({ length: ctx.config.VITRINE_MEDIA_PROCESSES }, () => ctx.queue.runDue(handlers)),
    )
    return true
  } finally {
    await lock.release()
  }
}

/** A bar on a terminal, nothing elsewhere: there the summary has to do. */
function progressBar(title: string, { json }: ImportOptions) {
  if (json || !process.stderr.isTTY) return { show: () => undefined, stop: () => undefined }
  const bar = new cliProgress.SingleBar(
    { format: `${title} [{bar}] {value}/{total}`, stream: process.stderr, hideCursor: true },
    cliProgress.Presets.legacy,
  )
  let started = false
  return {
    show(done: number, total: number) {
      if (!started) bar.start(total, done)
      else bar.update(done)
      started = true
    },
    stop: () => bar.stop(),
  }
}

async function exportTo(ctx: OpenContext, folder: string, options: ExportOptions): Promise<void> {
  const { path, lines, originals } = await exportLibrary(ctx, folder, { gzip: options.gzip ?? false })
  say({ path, lines, originals: originals.total, written: originals.written }, options)
}
