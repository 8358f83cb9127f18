import type { Context } from '../context.ts'
import { keepCapture, pageCapture, pageThumbnail, wantsCapture } from '../library/page-captures.ts'
import type { Made } from '../library/processing.ts'
import { inspectPicture } from '../media/inspect.ts'
import type { Job, JobHandler } from '../queue/queue.ts'
import { CaptureError } from '../reading/capture.ts'

type Capturing = Pick<Context, 'db' | 'clock' | 'log' | 'blobs' | 'queue' | 'media' | 'capture'>

/**
 * Takes pictures of a page that was collected. Payload: `{ item, url }`. A page that cannot be shown is nothing
 * unusual: its item then has no pictures. Running twice does no harm.
 */
export function capturePage(ctx: Capturing): JobHandler {
  return async (job) => {
    const itemId = Number(job.payload['item'])
    if (ctx.capture.problem !== null || !(await wantsCapture(ctx.db, itemId))) return
    const folder = await ctx.blobs.workFolder()
    try {
      await keepCapture(ctx, itemId, await takePictures(ctx, String(job.payload['url']), folder.path))
    } catch (error) {
      giveUp(ctx, job, error)
    } finally {
      await folder.remove()
    }
  }
}

/** What a browser made of a stranger's page is judged like any other picture. */
async function takePictures(ctx: Capturing, url: string, folder: string): Promise<Made[]> {
  const { full, top } = await ctx.capture.capturePage(url, folder)
  const facts = await inspectPicture(full)
  const { renditions } = await ctx.media.processPicture({
    path: top,
    outputDir: folder,
    renditions: [{ name: pageThumbnail, width: 300, height: 225, fit: 'cover', animate: false }],
  })
  const made: Made[] = [
    { name: pageCapture, ...facts, animated: false, incoming: await ctx.blobs.adopt(full) },
  ]
  for (const rendition of renditions)
    made.push({ ...rendition, incoming: await ctx.blobs.adopt(rendition.path) })
  return made
}

function giveUp(ctx: Capturing, job: Job, error: unknown): void {
  if (!(error instanceof CaptureError)) throw error
  const { message: reason, cause } = error
  const about = { job: job.id, item: job.payload['item'], reason, cause }
  ctx.log.info(about, 'a page has no picture')
  if (error.isPassing && !job.last) throw error
}
