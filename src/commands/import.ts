import { stat } from 'node:fs/promises'
import cliProgress from 'cli-progress'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { OpenContext } from '../context.ts'
import { FolderLocked, lockFolder } from '../database/lock.ts'
import { exportLibrary } from '../interchange/export/library.ts'
import { archiveServices, type ArchiveService } from '../interchange/archives/services.ts'
import { importFile } from '../interchange/import/file.ts'
import { importFolder } from '../interchange/import/folder.ts'
import { jobHandlers } from '../jobs/index.ts'
import { importFrom, refuseArchiveOptions, type ArchiveOptions } from './import-archive.ts'
import { withLibrary } from './opened.ts'
import { say, Sentence } from './output.ts'

interface ImportOptions extends ArchiveOptions {
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
      'import a folder of pictures, a file in the interchange format (.jsonl, .jsonl.gz), or with --from what another service gave out; run again, it goes on',
    )
    .addOption(new Option('--from <service>', 'what the source is from').choices(archiveServices))
    .option('--account <login>', 'owner of what comes from a folder or another service')
    .option('--tags <names>', 'more tags for it, separated by commas', splitNames)
    .option('--private', 'with --from: nothing of it is for others')
    .option('--capture', 'with --from: take pictures of the pages')
    .option('--dry-run', 'with --from: write nothing, say what would come in')
    .option(
      '--outcomes <file>',
      'with --from: write what became of each row into a file, one JSON object a line',
    )
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
  const { from } = options
  if (from !== undefined) return importService(ctx, source, { ...options, from })
  refuseArchiveOptions(options)
  const result = found.isDirectory()
    ? await importPictures(ctx, source, options)
    : await importLines(ctx, source, options)
  say({ ...result, ...(await processingHere(ctx)) }, options)
}

async function importService(
  ctx: OpenContext,
  source: string,
  options: ImportOptions & { from: ArchiveService },
): Promise<void> {
  const { result, anyRefused, failure } = await importFrom(ctx, source, options)
  if (anyRefused) process.exitCode = SOME_REFUSED
  say({ ...result, ...(options.dryRun ? {} : await processingHere(ctx)) }, options)
  if (failure !== null) throw new Sentence(failure)
}

const processingHere = async (ctx: OpenContext) => ({
  processing: (await processHere(ctx)) ? 'done' : 'left to the running server',
})

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
