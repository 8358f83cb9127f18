import type { Command } from 'commander'
import { checkLibrary, type CheckReport } from '../library/check.ts'
import { withLibrary } from './opened.ts'

interface CheckOptions {
  repair?: boolean
  json?: boolean
}

export function declareCheck(program: Command): void {
  program
    .command('check')
    .description(
      'compare the database with the stored files, hashes and counters; exit status 1 when something is wrong',
    )
    .option('--repair', 'mend what can be mended without losing anything')
    .option('--json', 'print JSON')
    .action((options: CheckOptions) =>
      withLibrary(async (ctx) =>
        report(await checkLibrary(ctx, { repair: options.repair ?? false }), options),
      ),
    )
}

function report(found: CheckReport, { json }: CheckOptions): void {
  const open = found.problems.filter(({ repaired }) => !repaired)
  if (open.length > 0) process.exitCode = 1
  if (json) {
    process.stdout.write(`${JSON.stringify(found)}\n`)
    return
  }
  for (const { kind, subject, detail, repaired } of found.problems)
    process.stdout.write(`${repaired ? 'mended' : 'wrong '}  ${kind}: ${subject}: ${detail}\n`)
  process.stdout.write(
    `${found.items} items, ${found.blobs} files: ${open.length === 0 ? 'all is well' : `${open.length} problems`}\n`,
  )
}
