import type { Context } from '../context.ts'
import { documentToRead, keepDocumentText } from '../library/document-texts.ts'
import type { JobHandler } from '../queue/queue.ts'

/**
 * Reads the text of a document, for searches. Payload: `{ item }`. A document without any text that can be read is
 * nothing unusual. Running twice does no harm.
 */
export function readDocument(ctx: Pick<Context, 'db' | 'clock' | 'log' | 'blobs' | 'reader'>): JobHandler {
  return async (job) => {
    const item = await documentToRead(ctx.db, Number(job.payload['item']))
    if (!item) return
    const file = await ctx.blobs.asFile(item.blob_sha256)
    try {
      const facts = await ctx.reader.readDocument(file.path, item.mime_type)
      if (facts) await keepDocumentText(ctx, item.id, facts)
      else ctx.log.info({ job: job.id, item: item.id, format: item.format }, 'a document has no text')
    } finally {
      await file.release()
    }
  }
}
