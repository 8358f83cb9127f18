import type { OpenContext } from '../context.ts'
import { importArchive, type RowOutcome } from '../interchange/archives/import-archive.ts'
import type { ArchiveService } from '../interchange/archives/services.ts'
import { openOutcomes } from './outcome-file.ts'
import { Sentence } from './output.ts'

/** What only imports from other services know. */
export interface ArchiveOptions {
  from?: ArchiveService
  private?: boolean
  capture?: boolean
  dryRun?: boolean
  outcomes?: string
}

interface GivenOptions extends ArchiveOptions {
  from: ArchiveService
  account?: string
  tags?: string[]
  renumber?: boolean
  cleanTags?: boolean
  json?: boolean
}

/** @throws Sentence when something is asked for that this import does not do. */
export function refuseArchiveOptions({ private: hidden, capture, dryRun, outcomes }: ArchiveOptions): void {
  const given = { '--private': hidden, '--capture': capture, '--dry-run': dryRun, '--outcomes': outcomes }
  const [name] = Object.entries(given).find(([, value]) => value !== undefined) ?? []
  if (name !== undefined) throw new Sentence(`${name} is for imports from another service (--from).`)
}

/** Refused rows that the summary names; the file of outcomes holds all. */
const mostNamed = 1000

/** Brings in what another service gave out, and says what became of it. */
export async function importFrom(ctx: OpenContext, source: string, options: GivenOptions) {
  if (options.account === undefined) throw new Sentence('Say with --account whose these are.')
  if (options.renumber ?? options.cleanTags)
    throw new Sentence('--renumber and --clean-tags are for files in the interchange format.')
  const { from: service, account: accountLogin, tags = [], dryRun = false, json = false } = options
  const problems: { place: string; problem: string }[] = []
  const file = options.outcomes === undefined ? null : await openOutcomes(options.outcomes)
  const onOutcome = async (outcome: RowOutcome) => {
    await file?.write(outcome)
    if (outcome.outcome !== 'refused') return
    const problem = { place: outcome.place, problem: outcome.reason }
    if (problems.length < mostNamed) problems.push(problem)
    if (!json) process.stderr.write(`refused  ${problem.place}: ${problem.problem}\n`)
  }
  try {
    const about = { private: options.private ?? false, capture: options.capture ?? false, dryRun }
    const report = await importArchive(ctx, source, { service, accountLogin, tags, ...about, onOutcome })
    const { rows, added, present, refused, failure } = report
    return {
      failure,
      anyRefused: refused > 0,
      result: {
        ...(dryRun ? { dry_run: true } : {}),
        rows,
        added,
        present,
        refused: json ? problems : refused,
      },
    }
  } finally {
    await file?.close()
  }
}
