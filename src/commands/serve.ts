import type { Command } from 'commander'
import type { FastifyInstance } from 'fastify'
import { readConfig, type Config } from '../config.ts'
import { openContext, prepareFolder, type OpenContext } from '../context.ts'
import { lockFolder } from '../database/lock.ts'
import { openSetup } from '../identity/setup.ts'
import { jobHandlers, prepareLibrary } from '../jobs/index.ts'
import { openServer } from '../server.ts'
import { version } from '../version.ts'
import { Sentence } from './output.ts'

/** A stop that is asked for waits so long for requests that are being answered. */
const DRAIN_MS = 10_000

export function declareServe(program: Command): void {
  program
    .command('serve', { isDefault: true })
    .description('serve the library')
    .option('--no-jobs', 'leave background work to other processes')
    .action(({ jobs }: { jobs: boolean }) => serve(jobs))
}

async function serve(withJobs: boolean): Promise<void> {
  const config = readConfig(process.env)
  await prepareFolder(config.data)
  const lock = await lockFolder(config.data)
  const ctx = await openContext(config)
  try {
    if (withJobs) await prepareLibrary(ctx)
    const server = await openServer(ctx)
    const url = await listen(server, config)
    // Not waited for: until it is ready, the database answers searches.
    void ctx.search.start()
    if (withJobs) ctx.queue.start(jobHandlers(ctx))
    process.stdout.write(banner(config, url, await openSetup(ctx)))
    ctx.log.info({ url }, 'listening')
    await untilAskedToStop(ctx, server)
  } finally {
    await ctx.close()
    await lock.release()
  }
}

async function listen(server: FastifyInstance, config: Config): Promise<string> {
  const { VITRINE_HOST: host, VITRINE_PORT: port } = config
  try {
    const address = await server.listen({ host, port })
    return config.VITRINE_URL?.href.replace(/\/+$/, '') ?? address
  } catch (error) {
    await server.close()
    throw new Sentence(cannotListen(error, `${host}:${port}`), { cause: error })
  }
}

function cannotListen(error: unknown, at: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EADDRINUSE') return `Another program listens on ${at} already; choose another VITRINE_PORT.`
  if (code === 'EACCES') return `Listening on ${at} is not allowed to this user; choose another VITRINE_PORT.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${at} is not an address of this machine; check VITRINE_HOST.`
  return `The server cannot listen on ${at}.`
}

function banner(config: Config, url: string, setupToken: string | null): string {
  const storage =
    config.DATABASE_URL === null
      ? 'SQLite and files in the data folder'
      : 'PostgreSQL, files in the data folder'
  const lines = [
    ['URL', url],
    ['Data', config.data],
    ['Storage', storage],
    ...(setupToken === null ? [] : [['Set up', `${url}/setup?token=${setupToken}`]]),
  ]
  return `Vitrine ${version}\n${lines.map(([name = '', value]) => `  ${name.padEnd(8)} ${value}\n`).join('')}`
}

/** Ends with a signal, or with a failure after which nothing may be acknowledged any more. */
async function untilAskedToStop(ctx: OpenContext, server: FastifyInstance): Promise<void> {
  const reason = await new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
    ctx.trouble.once('broken', (error: unknown) => {
      ctx.log.fatal({ err: error }, 'storage failed: nothing more can be acknowledged')
      process.exitCode = 1
      resolve('storage')
    })
  })
  ctx.log.info({ reason }, 'stopping')
  const drained = server.close()
  const late = setTimeout(() => server.server.closeAllConnections(), DRAIN_MS)
  await drained
  clearTimeout(late)
}
