import type { Context } from '../context.ts'
import { attachmentToProcess, failAttachment, finishAttachment } from '../library/processing.ts'
import type { JobHandler } from '../queue/queue.ts'
import { afterTrouble } from './passing-trouble.ts'
import { makeThumbnail, withBlob } from './pictures.ts'

/** Makes an attached picture ready. Payload: `{ attachment }`. Running twice does no harm. */
export function processAttachment(
  ctx: Pick<Context, 'db' | 'clock' | 'blobs' | 'queue' | 'media' | 'trouble'>,
): JobHandler {
  return async (job) => {
    const attachment = await attachmentToProcess(ctx.db, Number(job.payload['attachment']))
    if (!attachment) return
    try {
      const made = await withBlob(ctx, attachment.blob_sha256, (at) => makeThumbnail(ctx, at))
      await finishAttachment(ctx, attachment, made)
    } catch (error) {
      await afterTrouble(ctx, job, error, () => failAttachment(ctx, attachment))
    }
  }
}
