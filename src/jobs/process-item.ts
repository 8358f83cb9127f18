import type { Context } from '../context.ts'
import { failItem, finishItem, itemToProcess } from '../library/processing.ts'
import type { JobHandler } from '../queue/queue.ts'
import { afterTrouble } from './passing-trouble.ts'
import { makePictures, withBlob } from './pictures.ts'

/**
 * Makes the pictures of an item and then the item ready. Payload: `{ item, again? }`; with `again` the pictures of
 * an item that is ready are made anew. Running twice does no harm.
 */
export function processItem(
  ctx: Pick<Context, 'db' | 'clock' | 'blobs' | 'queue' | 'media' | 'trouble'>,
): JobHandler {
  return async (job) => {
    const again = job.payload['again'] === true
    const item = await itemToProcess(ctx.db, Number(job.payload['item']), again)
    if (!item) return
    try {
      const processed = await withBlob(ctx, item.blob_sha256, (at) => makePictures(ctx, at))
      await finishItem(ctx, item.id, { processed, again })
    } catch (error) {
      await afterTrouble(ctx, job, error, (sentence) => failItem(ctx, item.id, sentence))
    }
  }
}
