import { Command, CommanderError } from 'commander'
import { declareAccountCommands } from './commands/accounts.ts'
import { declareCheck } from './commands/check.ts'
import { declareImport } from './commands/import.ts'
import { declareMark } from './commands/mark.ts'
import { explain } from './commands/output.ts'
import { declareServe } from './commands/serve.ts'
import { version } from './version.ts'

/** The command line: `vitrine serve`, and what its operator does beside it. Every command works while the server runs. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('vitrine')
    .description('A self-hosted library for pictures and the things people collect around them.')
    .version(version)
    .configureHelp({ sortSubcommands: true })
    .exitOverride()
  declareServe(program)
  declareAccountCommands(program)
  declareImport(program)
  declareCheck(program)
  declareMark(program)
  try {
    await program.parseAsync([...argv])
    return Number(process.exitCode ?? 0)
  } catch (error) {
    // Commander has said what was wrong already.
    if (error instanceof CommanderError) return error.exitCode
    process.stderr.write(`${explain(error)}\n`)
    return 1
  }
}

process.exitCode = await main(process.argv)
