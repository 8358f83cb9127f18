import type { Context } from '../context.ts'
import { storageReason } from '../library/failures.ts'
import { publishDue } from '../library/items-publish.ts'
import { scheduleSweep } from '../library/sweeping.ts'
import type { JobHandler } from '../queue/queue.ts'
import { capturePage } from './capture-page.ts'
import { collect } from './collect-garbage.ts'
import { processAttachment } from './process-attachment.ts'
import { processItem } from './process-item.ts'
import { readDocument } from './read-document.ts'
import { sweep } from './sweep.ts'

export type JobContext = Pick<
  Context,
  'db' | 'clock' | 'log' | 'blobs' | 'queue' | 'media' | 'reader' | 'capture' | 'trouble'
>

/** Every kind of job there is. */
export function jobHandlers(ctx: JobContext): Record<string, JobHandler> {
  const handlers: Record<string, JobHandler> = {
    'process-item': processItem(ctx),
    'process-attachment': processAttachment(ctx),
    'publish-scheduled': async () => {
      await publishDue(ctx, ctx.clock())
    },
    'capture-page': capturePage(ctx),
    'read-document': readDocument(ctx),
    'collect-garbage': collect(ctx),
    sweep: sweep(ctx),
  }
  return Object.fromEntries(Object.entries(handlers).map(([kind, handler]) => [kind, watched(ctx, handler)]))
}

/** A storage that cannot be trusted any more ends the process, whoever finds it out. */
const watched =
  (ctx: Pick<Context, 'trouble'>, handler: JobHandler): JobHandler =>
  async (job) => {
    try {
      await handler(job)
    } catch (error) {
      storageReason(ctx, error)
      throw error
    }
  }

/**
 * What every start of the server does before it takes requests: gives jobs of a process that died back to the queue,
 * removes uploads that were cut short, publishes what fell due meanwhile, and has a sweep done soon.
 */
export async function prepareLibrary(
  ctx: Pick<Context, 'db' | 'clock' | 'log' | 'blobs' | 'queue' | 'capture'>,
): Promise<void> {
  if (ctx.capture.problem !== null) ctx.log.info({ reason: ctx.capture.problem }, 'pages get no pictures')
  await ctx.queue.recover()
  await ctx.blobs.sweepIncoming(0)
  await publishDue(ctx, ctx.clock())
  await scheduleSweep(ctx, 0)
}
