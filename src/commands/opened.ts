import { pino } from 'pino'
import { readConfig } from '../config.ts'
import { openContext, type OpenContext } from '../context.ts'

/**
 * Runs a command on the library of the settings, and closes it whatever happens. The log goes to standard error and
 * holds warnings only: standard output is the command's result.
 */
export async function withLibrary<T>(run: (ctx: OpenContext) => Promise<T>): Promise<T> {
  const config = readConfig(process.env)
  const log = pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }))
  const ctx = await openContext(config, { log })
  try {
    return await run(ctx)
  } finally {
    await ctx.close()
  }
}
