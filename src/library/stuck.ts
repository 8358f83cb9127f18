import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import type { NewJob } from '../queue/queue.ts'
import { payloadsOf } from './store/jobs.ts'
import { processingAttachments, processingItems } from './store/processing.ts'

/** Something that waits to be processed and has no job that will do it. */
export interface Stuck {
  noun: 'item' | 'attachment'
  id: number
  /** The job it should have. */
  job: NewJob
}

/**
 * What waits without a job: its job was set aside for a reason that was not the picture's, or its process died
 * during the last try.
 */
export async function findStuck(ctx: Pick<Context, 'db'>): Promise<Stuck[]> {
  const items = await processingItems(ctx.db)
  const attachments = await processingAttachments(ctx.db)
  const working = {
    item: await idsIn(ctx.db, 'process-item', 'item'),
    attachment: await idsIn(ctx.db, 'process-attachment', 'attachment'),
  }
  // A job may have ended since the first look: then what it was for is not processing any more.
  const still = {
    item: new Set(await processingItems(ctx.db)),
    attachment: new Set(await processingAttachments(ctx.db)),
  }
  const all = [
    ...items.map((id) => ({ noun: 'item' as const, id })),
    ...attachments.map((id) => ({ noun: 'attachment' as const, id })),
  ]
  return all
    .filter(({ noun, id }) => !working[noun].has(id) && still[noun].has(id))
    .map(({ noun, id }) => ({ noun, id, job: { kind: `process-${noun}`, payload: { [noun]: id } } }))
}

async function idsIn(db: Db, kind: string, name: string): Promise<Set<number>> {
  const payloads = await payloadsOf(db, kind)
  return new Set(payloads.map((payload) => numberIn(payload, name)))
}

function numberIn(payload: string, name: string): number {
  const read: unknown = JSON.parse(payload)
  const found = Object.entries(Object(read)).find(([key]) => key === name)
  return Number(found?.[1])
}
