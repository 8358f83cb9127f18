import { createHash } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { itemsHere } from './here.ts'
import { readLine, type Line, type LineProblem } from '../format/lines.ts'
import { takeOriginal, type OriginalLine, type PreparedMedia } from './originals.ts'
import type { LineType } from '../format/schemas.ts'
import type { Import, ImportOptions } from './step.ts'
import { openText, textLines } from '../format/text-lines.ts'
import { writeLines } from './write-lines.ts'

export interface ImportFileOptions extends ImportOptions {
  /** Called for each line that is refused, in the order of the file within a batch. */
  onProblem?: (problem: LineProblem) => void
  /** Called after each batch with how far the import is. */
  onProgress?: (soFar: Omit<ImportReport, 'problems'>) => void
  /** Lines written in one transaction. */
  batchLines?: number
}

export interface ImportReport {
  /** Lines that hold something, the first one included. */
  lines: number
  /** What came in, by type of line. */
  added: Partial<Record<LineType, number>>
  /** Lines of what was in the library already. */
  present: number
  refused: number
  /** The first of the lines refused; `onProblem` is told of all. */
  problems: LineProblem[]
}

/** Originals are made permanent together shortly before the transaction that names them. */
const mostOriginals = 40
const mostProblems = 1000

/**
 * Brings a file of the interchange format into the library, and the originals beside it. A bad line is refused by
 * itself and leaves nothing behind. Run again, also after a crash, an import ends in the same state. Pictures are
 * shown once the jobs it leaves have run.
 *
 * @param path JSON Lines in UTF-8, or the same packed with gzip. Memory does not grow with its size.
 * @throws the file system's error, a damaged gzip file's, `LibraryError` `storage_full`; what was written stays.
 */
export async function importFile(
  ctx: Pick<Context, 'db' | 'clock' | 'blobs' | 'queue' | 'config'>,
  path: string,
  options: ImportFileOptions = {},
): Promise<ImportReport> {
  const report: ImportReport = { lines: 0, added: {}, present: 0, refused: 0, problems: [] }
  const refuse = (problem: LineProblem) => {
    report.refused += 1
    if (report.problems.length < mostProblems) report.problems.push(problem)
    options.onProblem?.(problem)
  }
  const job: Import = { ctx, options, folder: dirname(resolve(path)), source: '', startedAt: ctx.clock() }
  let batch: Line[] = []
  let originals = 0
  const flush = async () => {
    await importBatch(job, batch, report, refuse)
    const { problems: _, ...soFar } = report
    options.onProgress?.(soFar)
    batch = []
    originals = 0
  }

  for await (const text of textLines(await openText(path))) {
    const line = readLine(text)
    report.lines += 1
    if (report.lines === 1) {
      const problem = headerProblem(line)
      job.source = sourceOf(path, 'text' in text ? text.text : '')
      if (problem !== null) {
        refuse({ number: line.number, problem })
        return report
      }
      continue
    }
    if ('problem' in line) refuse(line)
    else if (line.value.type === 'library') refuse({ number: line.number, problem: 'is for the first line' })
    else {
      batch.push(line)
      if (hasOriginal(line)) originals += 1
    }
    if (batch.length >= (options.batchLines ?? 500) || originals >= mostOriginals) await flush()
  }
  if (report.lines === 0) refuse({ number: 1, problem: 'is missing: the file is empty' })
  await flush()
  return report
}

/** Nothing is taken from a file that does not begin as this format does. */
function headerProblem(line: Line | LineProblem): string | null {
  if ('problem' in line) return line.problem
  return line.value.type === 'library' ? null : 'is not the line of type library that a file begins with'
}

/** Two imports are of one archive when its place and its first line are the same. */
function sourceOf(path: string, header: string): string {
  return createHash('sha256')
    .update(`${resolve(path)}\n${header.trim()}`)
    .digest('hex')
}

async function importBatch(
  job: Import,
  lines: readonly Line[],
  report: ImportReport,
  refuse: (problem: LineProblem) => void,
): Promise<void> {
  const media = new Map<number, PreparedMedia>()
  try {
    const problems = await takeOriginals(job, lines, media)
    const good = lines.filter(({ number }) => !problems.has(number))
    const { refused, present } = good.length > 0 ? await writeLines(job, good, media) : noVerdicts
    for (const { number, value } of lines) {
      const problem = problems.get(number) ?? refused.get(number)
      if (problem !== undefined) refuse({ number, problem })
      else if (present.has(number)) report.present += 1
      else report.added[value.type] = (report.added[value.type] ?? 0) + 1
    }
  } finally {
    for (const { incoming } of media.values()) await job.ctx.blobs.discard(incoming)
  }
}

const noVerdicts = { refused: new Map<number, string>(), present: new Set<number>() }

function hasOriginal(line: Line): line is Line<OriginalLine> {
  return 'media' in line.value && line.value.media !== undefined
}

/** Takes in the originals of a batch, except those of items that are here already. Returns the problems by line. */
async function takeOriginals(
  job: Import,
  lines: readonly Line[],
  media: Map<number, PreparedMedia>,
): Promise<Map<number, string>> {
  const problems = new Map<number, string>()
  const wanting = lines.filter(hasOriginal)
  const step = { ...job, db: job.ctx.db, media, refused: problems, present: new Set<number>() }
  const here = await itemsHere(
    step,
    wanting.flatMap(({ value }) => (value.type === 'item' ? value.id : [])),
  )
  for (const { number, value } of wanting) {
    const there = value.type === 'item' ? here.get(value.id)?.blob_sha256 : undefined
    if (value.sha256 !== undefined && there === value.sha256) continue
    const taken = await takeOriginal(job.ctx, job.folder, value)
    if (typeof taken === 'string') problems.set(number, taken)
    else media.set(number, taken)
  }
  return problems
}
